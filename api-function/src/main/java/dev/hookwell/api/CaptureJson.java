package dev.hookwell.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.CorruptBodyException;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ReadableText;
import dev.hookwell.capture.WireJson;
import dev.hookwell.store.HookState;
import dev.hookwell.store.StoredCapture;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Captures as the API writes them. */
final class CaptureJson {
  /** A longer body's data is left out of a document; it is fetched by itself. */
  static final int MAX_DATA_BYTES = 256 * 1024;

  private CaptureJson() {}

  static void counts(JsonGenerator json, HookState hook) throws IOException {
    json.writeObjectFieldStart("counts");
    json.writeNumberField("stored", hook.lastSeq());
    json.writeNumberField("available", hook.available());
    json.writeNumberField("evicted", hook.evicted());
    json.writeNumberField("deleted", hook.deleted());
    json.writeNumberField("bytes", hook.bytes());
    json.writeEndObject();
  }

  /** The members of a capture that a list shows. */
  static void summary(
      JsonGenerator json, HookId hook, StoredCapture capture, Optional<Sender> sender)
      throws IOException {
    json.writeStringField("id", capture.id().toString());
    json.writeNumberField("seq", capture.seq());
    json.writeStringField("receivedAt", Times.text(capture.receivedAt()));
    json.writeStringField("storedAt", Times.text(capture.storedAt()));
    json.writeStringField("method", capture.method());
    String path = capture.path(hook);
    json.writeStringField("path", path);
    json.writeStringField("query", capture.query());
    json.writeStringField("protocol", capture.head().protocol());
    json.writeStringField("sourceIp", capture.head().sourceIp());
    List<Header> headers = capture.head().headers();
    nullable(json, "contentType", header(headers, "content-type"));
    nullable(json, "userAgent", header(headers, "user-agent"));
    json.writeNumberField("bodySize", capture.bodySize());
    json.writeStringField("bodySha256", capture.bodySha256().hex());
    WireJson.writeNotes(json, capture.head().notes());
    nullable(json, "sender", sender.map(Sender::name));
    nullable(json, "event", sender.flatMap(Sender::event));
    nullable(json, "deliveryId", sender.flatMap(Sender::deliveryId));
    ReadableHead.of(capture, path).write(json);
    WireJson.writeResponse(json, capture.head().response());
  }

  static void headers(JsonGenerator json, StoredCapture capture) throws IOException {
    json.writeStringField("edge", capture.head().edge());
    WireJson.writeHeaders(json, capture.head().headers());
    WireJson.writeCookies(json, capture.head().cookies());
  }

  /** Whether a document holds the data of this capture's body. */
  static boolean showsData(StoredCapture capture) {
    return switch (capture.bodyEncoding()) {
      case PLAIN, GZIP -> capture.bodySize() <= MAX_DATA_BYTES;
      case NONE, OBJECT -> false;
    };
  }

  /**
   * Whether the data can be decoded. A document leaves out the data of a damaged body; the call for
   * the body alone reports the damage.
   */
  static boolean isReadable(CapturedBody kept) {
    try {
      kept.delivered();
      return true;
    } catch (CorruptBodyException _) {
      return false;
    }
  }

  /**
   * The body, with its data unless that is left out.
   *
   * @param kept the body; empty where {@link #showsData} is false, or the body is deleted or
   *     damaged
   */
  static void body(JsonGenerator json, StoredCapture capture, Optional<CapturedBody> kept)
      throws IOException {
    json.writeObjectFieldStart("body");
    json.writeNumberField("size", capture.bodySize());
    json.writeStringField("sha256", capture.bodySha256().hex());
    Optional<Body> delivered = kept.flatMap(CapturedBody::delivered);
    if (delivered.isPresent()) {
      byte[] bytes = delivered.get().toByteArray();
      Optional<String> text = ReadableText.utf8(bytes);
      json.writeStringField("encoding", text.isPresent() ? "utf-8" : "base64");
      if (text.isPresent()) {
        json.writeStringField("data", text.get());
      } else {
        json.writeBinaryField("data", bytes);
      }
    }
    json.writeEndObject();
  }

  static Optional<String> header(List<Header> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().equals(name))
        .map(Header::value)
        .findFirst();
  }

  private static void nullable(JsonGenerator json, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(field, value.get());
    } else {
      json.writeNullField(field);
    }
  }
}
