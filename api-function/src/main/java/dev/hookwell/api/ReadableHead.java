package dev.hookwell.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.ReadableText;
import dev.hookwell.capture.WireJson;
import dev.hookwell.store.StoredCapture;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The texts of a capture's head that differ when they are decoded, by the names of the capture's
 * own members. At most as long as the head.
 *
 * @param texts the members that are single texts
 * @param headers only the headers whose value differs
 * @param cookies all cookies, if one of them differs
 */
record ReadableHead(Map<String, String> texts, List<Header> headers, List<String> cookies) {

  /**
   * @param path as kept, with the hook's id
   */
  static ReadableHead of(StoredCapture capture, String path) {
    Map<String, String> texts = new LinkedHashMap<>();
    // The edge has decoded the path already: text that looks like an escape is the sender's own.
    boolean decoded = capture.head().notes().contains(Note.PATH_DECODED);
    add(texts, "path", decoded ? ReadableText.ofBytes(path) : ReadableText.ofEscaped(path));
    add(texts, "query", ReadableText.ofEscaped(capture.query()));
    List<Header> headers =
        capture.head().headers().stream()
            .flatMap(header ->
                ReadableText.ofBytes(header.value())
                    .map(text -> new Header(header.name(), text))
                    .stream())
            .toList();
    if (!headers.isEmpty()) {
      addFromHeaders(texts, capture.head().headers(), headers);
    }
    List<String> kept = capture.head().cookies();
    List<String> cookies =
        kept.stream().map(cookie -> ReadableText.ofBytes(cookie).orElse(cookie)).toList();
    return new ReadableHead(texts, headers, cookies.equals(kept) ? List.of() : cookies);
  }

  private static void addFromHeaders(
      Map<String, String> texts, List<Header> kept, List<Header> readable) {
    add(texts, "contentType", CaptureJson.header(readable, "content-type"));
    add(texts, "userAgent", CaptureJson.header(readable, "user-agent"));
    Optional<Sender> asKept = Sender.of(name -> CaptureJson.header(kept, name));
    Optional<Sender> asRead =
        Sender.of(
            name -> CaptureJson.header(readable, name).or(() -> CaptureJson.header(kept, name)));
    Optional<String> event = asRead.flatMap(Sender::event);
    if (!event.equals(asKept.flatMap(Sender::event))) {
      add(texts, "event", event);
    }
    Optional<String> deliveryId = asRead.flatMap(Sender::deliveryId);
    if (!deliveryId.equals(asKept.flatMap(Sender::deliveryId))) {
      add(texts, "deliveryId", deliveryId);
    }
  }

  private static void add(Map<String, String> texts, String name, Optional<String> text) {
    text.ifPresent(value -> texts.put(name, value));
  }

  /** Writes the member {@code readable}, or nothing where decoding changes nothing. */
  void write(JsonGenerator json) throws IOException {
    if (texts.isEmpty() && headers.isEmpty() && cookies.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("readable");
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    if (!headers.isEmpty()) {
      WireJson.writeHeaders(json, headers);
    }
    if (!cookies.isEmpty()) {
      WireJson.writeCookies(json, cookies);
    }
    json.writeEndObject();
  }
}
