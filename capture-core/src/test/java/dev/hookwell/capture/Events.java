package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Test data: gateway events, as API Gateway writes them. */
public final class Events {
  private static final JsonFactory JSON = new JsonFactory();

  private final String method;
  private final String path;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> cookies = new ArrayList<>();
  private String query = "";
  private String body = "";
  private boolean base64;
  private Instant at = Captures.RECEIVED_AT;

  private Events(String method, String path) {
    this.method = method;
    this.path = path;
  }

  public static Events event(String method, String path) {
    return new Events(method, path);
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  public Events query(String rawQuery) {
    query = rawQuery;
    return this;
  }

  /** The time at which the gateway received it, by default {@link Captures#RECEIVED_AT}. */
  public Events at(Instant receivedAt) {
    at = receivedAt;
    return this;
  }

  public Events header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public Events cookie(String pair) {
    cookies.add(pair);
    return this;
  }

  public Events text(String text) {
    body = text;
    base64 = false;
    return this;
  }

  public Events bytes(byte[] bytes) {
    body = Base64.getEncoder().encodeToString(bytes);
    base64 = true;
    return this;
  }

  /** Declares the body as base64, which it may not be. */
  public Events notReallyBase64(String text) {
    body = text;
    base64 = true;
    return this;
  }

  public InputStream open() {
    return new ByteArrayInputStream(json().getBytes(StandardCharsets.UTF_8));
  }

  public String json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("version", "2.0");
      json.writeStringField("routeKey", path.startsWith("/h/") ? "ANY /h/{proxy+}" : "$default");
      json.writeStringField("rawPath", path);
      json.writeStringField("rawQueryString", query);
      if (!cookies.isEmpty()) {
        json.writeArrayFieldStart("cookies");
        for (String cookie : cookies) {
          json.writeString(cookie);
        }
        json.writeEndArray();
      }
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : headers.entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("requestContext");
      json.writeStringField("domainName", "hooks.example.com");
      json.writeStringField("requestId", "request-1");
      json.writeNumberField("timeEpoch", at.toEpochMilli());
      json.writeObjectFieldStart("http");
      json.writeStringField("method", method);
      json.writeStringField("path", path);
      json.writeStringField("protocol", "HTTP/1.1");
      json.writeStringField("sourceIp", "192.0.2.7");
      json.writeEndObject();
      json.writeEndObject();
      if (!body.isEmpty()) {
        json.writeStringField("body", body);
      }
      json.writeBooleanField("isBase64Encoded", base64);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
