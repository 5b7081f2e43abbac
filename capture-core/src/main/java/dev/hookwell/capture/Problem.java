package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error of ours as RFC 9457 writes it. Never holds anything of the request.
 *
 * @param detail a sentence that the caller can act on; empty where nothing shall be said
 * @param members further members of the document: strings and whole numbers
 */
public record Problem(ProblemType type, String detail, Map<String, Object> members) {
  private static final JsonFactory JSON = new JsonFactory();

  public Problem {
    members = Map.copyOf(members);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Map.of());
  }

  /** The same problem with one more member. */
  public Problem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(type, detail, more);
  }

  public GatewayResponse response() {
    return GatewayResponse.text(type.status(), "application/problem+json", json());
  }

  private String json() {
    StringWriter out = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", type.uri());
      json.writeStringField("title", type.title());
      json.writeNumberField("status", type.status());
      if (!detail.isEmpty()) {
        json.writeStringField("detail", detail);
      }
      for (Map.Entry<String, Object> member : members.entrySet()) {
        json.writeFieldName(member.getKey());
        if (member.getValue() instanceof Number number) {
          json.writeNumber(number.longValue());
        } else {
          json.writeString(member.getValue().toString());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return out.toString();
  }
}
