package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response to API Gateway (payload format 2.0). Every response forbids caching, content sniffing
 * and framing, unless its own headers say otherwise.
 *
 * @param binary whether the body travels in base64; a text body is UTF-8
 */
public record GatewayResponse(int status, Map<String, String> headers, Body body, boolean binary) {
  public static final String APPLICATION_JSON = "application/json";

  private static final JsonFactory JSON = new JsonFactory();

  private static final Map<String, String> EVERY_RESPONSE =
      Map.of(
          "cache-control", "no-store",
          "x-content-type-options", "nosniff",
          "content-security-policy", "default-src 'none'; frame-ancestors 'none'",
          "access-control-allow-origin", "*",
          "access-control-expose-headers", "etag, retry-after, content-disposition");

  public GatewayResponse {
    Map<String, String> all = new LinkedHashMap<>(EVERY_RESPONSE);
    all.putAll(headers);
    headers = Map.copyOf(all);
  }

  public static GatewayResponse text(int status, String contentType, String body) {
    return text(status, contentType, Body.owning(body.getBytes(StandardCharsets.UTF_8)));
  }

  public static GatewayResponse text(int status, String contentType, Body body) {
    return new GatewayResponse(status, Map.of("content-type", contentType), body, false);
  }

  /** A JSON object of these members. */
  public static GatewayResponse json(int status, JsonBytes.Members members) {
    return text(status, APPLICATION_JSON, Body.owning(JsonBytes.object(members)));
  }

  public static GatewayResponse binary(int status, String contentType, Body body) {
    return new GatewayResponse(status, Map.of("content-type", contentType), body, true);
  }

  public static GatewayResponse empty(int status) {
    return new GatewayResponse(status, Map.of(), Body.EMPTY, false);
  }

  /** The same response with these headers added or replaced; names in lower case. */
  public GatewayResponse with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new GatewayResponse(status, all, body, binary);
  }

  /** The same response without its body, for HEAD. */
  public GatewayResponse withoutBody() {
    return new GatewayResponse(status, headers, Body.EMPTY, false);
  }

  public void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", status);
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : headers.entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeFieldName("body");
      if (binary) {
        json.writeBinary(body.array());
      } else {
        json.writeUTF8String(body.array(), 0, body.size());
      }
      json.writeBooleanField("isBase64Encoded", binary);
      json.writeEndObject();
    }
  }
}
