package dev.hookwell.client.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Header;
import dev.hookwell.client.HookLink;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An HTTP Archive, version 1.2. The format has text bodies only. Another body is in {@code
 * _content} as base64, so that no tool takes the base64 for the body.
 */
final class HarSink implements ExportCommand.CaptureSink {
  private static final int OK = 200;
  private static final int TOO_LARGE = 413;

  private final JsonGenerator json;
  private final HookLink hook;

  HarSink(OutputStream out, HookLink hook) throws IOException {
    this.hook = hook;
    this.json = new JsonFactory().createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.writeStartObject();
    json.writeObjectFieldStart("log");
    json.writeStringField("version", "1.2");
    json.writeObjectFieldStart("creator");
    json.writeStringField("name", "hookwell");
    json.writeStringField("version", Version.TEXT);
    json.writeEndObject();
    json.writeArrayFieldStart("pages");
    json.writeEndArray();
    json.writeArrayFieldStart("entries");
  }

  @Override
  public void write(Capture capture, Optional<Bytes> body) throws IOException {
    json.writeStartObject();
    json.writeStringField("startedDateTime", capture.receivedAt().toString());
    json.writeNumberField("time", 0);
    request(capture, body);
    response(capture);
    json.writeObjectFieldStart("cache");
    json.writeEndObject();
    json.writeObjectFieldStart("timings");
    for (String phase : new String[] {"send", "wait", "receive"}) {
      json.writeNumberField(phase, 0);
    }
    json.writeEndObject();
    json.writeNumberField("_seq", capture.seq());
    json.writeStringField("_captureId", capture.id());
    json.writeEndObject();
  }

  private void request(Capture capture, Optional<Bytes> body) throws IOException {
    String query = capture.query().isEmpty() ? "" : "?" + capture.query();
    json.writeObjectFieldStart("request");
    json.writeStringField("method", capture.method());
    json.writeStringField("url", hook.server() + uri(capture.path() + query));
    json.writeStringField("httpVersion", capture.protocol());
    json.writeArrayFieldStart("cookies");
    for (String cookie : capture.cookies()) {
      int equals = cookie.indexOf('=');
      pair(
          equals < 0 ? cookie : cookie.substring(0, equals),
          equals < 0 ? "" : cookie.substring(equals + 1));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("headers");
    for (Header header : capture.headers()) {
      pair(header.name(), header.value());
    }
    if (!capture.cookies().isEmpty() && capture.header("cookie").isEmpty()) {
      pair("cookie", String.join("; ", capture.cookies()));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("queryString");
    for (String part : capture.query().split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        pair(
            decoded(equals < 0 ? part : part.substring(0, equals)),
            equals < 0 ? "" : decoded(part.substring(equals + 1)));
      }
    }
    json.writeEndArray();
    json.writeNumberField("headersSize", -1);
    json.writeNumberField("bodySize", capture.bodySize());
    if (capture.bodySize() > 0) {
      body(capture, body);
    }
    json.writeEndObject();
  }

  private void body(Capture capture, Optional<Bytes> body) throws IOException {
    Optional<String> text = body.flatMap(Bytes::utf8);
    json.writeObjectFieldStart("postData");
    json.writeStringField("mimeType", capture.contentType().orElse(""));
    json.writeStringField("text", text.orElse(""));
    if (body.isEmpty()) {
      json.writeStringField("comment", "The body was over the limit, and not kept.");
    } else if (text.isEmpty()) {
      json.writeStringField("comment", "The body is no UTF-8: _content has it, in base64.");
    }
    json.writeEndObject();
    if (body.isPresent() && text.isEmpty()) {
      json.writeObjectFieldStart("_content");
      json.writeNumberField("size", body.get().size());
      json.writeStringField("encoding", "base64");
      json.writeBinaryField("text", body.get().toArray());
      json.writeEndObject();
    }
  }

  /** The status that the sender got; the rest of the response is not kept. */
  private void response(Capture capture) throws IOException {
    int status = capture.responseStatus().orElse(capture.isBodyTooLarge() ? TOO_LARGE : OK);
    json.writeObjectFieldStart("response");
    json.writeNumberField("status", status);
    json.writeStringField("statusText", "");
    json.writeStringField("httpVersion", capture.protocol());
    for (String list : new String[] {"cookies", "headers"}) {
      json.writeArrayFieldStart(list);
      json.writeEndArray();
    }
    json.writeObjectFieldStart("content");
    json.writeNumberField("size", 0);
    json.writeStringField("mimeType", "application/json");
    json.writeEndObject();
    json.writeStringField("redirectURL", "");
    json.writeNumberField("headersSize", -1);
    json.writeNumberField("bodySize", -1);
    json.writeEndObject();
  }

  private void pair(String name, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("value", value);
    json.writeEndObject();
  }

  /** Percent-encodes characters that no URI may hold; all others stay as they came. */
  private static String uri(String text) {
    StringBuilder uri = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean stays = c > ' ' && c < 0x7f && "\"<>\\^`{|}#".indexOf(c) < 0;
      uri.append(stays ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return uri.toString().replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }

  @Override
  public void close() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }
}
