package dev.hookwell.acceptance.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Body;
import dev.hookwell.local.Client;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as the API gives it back.
 *
 * @param capture everything but the bytes
 * @param body the bytes, fetched by themselves; empty where they were not kept
 */
public record Recorded(Client.Hook hook, JsonNode capture, Body body) {
  /** A field of the capture; empty when it is null. */
  public String text(String field) {
    JsonNode value = capture.get(field);
    return value.isNull() ? "" : value.asText();
  }

  /** The path after the hook's own. */
  public String tail() {
    return tail(text("path"));
  }

  private String tail(String path) {
    return path.substring(("/h/" + hook.id()).length());
  }

  /** The same as it reads. */
  String readableTail() {
    return tail(readable("path"));
  }

  /** A field of the capture as it reads. */
  String readable(String field) {
    return capture.path("readable").path(field).asText(text(field));
  }

  /** A header's value as it reads. */
  String readableHeader(String name) {
    for (JsonNode header : capture.path("readable").path("headers")) {
      if (header.get(0).textValue().equals(name)) {
        return header.get(1).textValue();
      }
    }
    return header(name);
  }

  public List<String> notes() {
    return strings(capture.get("notes"));
  }

  public List<String> cookies() {
    return strings(capture.get("cookies"));
  }

  /** All values of a header, by the name that the edge gives it. */
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (JsonNode header : capture.get("headers")) {
      if (header.get(0).textValue().equals(name)) {
        values.add(header.get(1).textValue());
      }
    }
    return values;
  }

  /** The value of a header that is there once. */
  public String header(String name) {
    List<String> values = headers(name);
    if (values.size() != 1) {
      throw new AssertionError(name + " is there " + values.size() + " times: " + capture);
    }
    return values.getFirst();
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(entry -> strings.add(entry.textValue()));
    return strings;
  }
}
