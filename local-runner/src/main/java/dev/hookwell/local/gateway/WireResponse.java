package dev.hookwell.local.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Header;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A response of the gateway: a function's in the terms of HTTP, or a refusal of its own.
 *
 * @param headers without those that HTTP itself sets
 * @param last whether the connection ends with it, as it does with the gateway's own refusals
 */
record WireResponse(int status, List<Header> headers, Body body, boolean last) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> SET_BY_HTTP =
      Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");
  private static final Header JSON_TYPE = new Header("content-type", "application/json");

  WireResponse {
    headers = List.copyOf(headers);
  }

  /** A refusal in API Gateway's own format, which our problem documents cannot replace. */
  static WireResponse refusal(int status, String message) {
    return new WireResponse(
        status,
        List.of(JSON_TYPE),
        Body.copyOf("{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8)),
        true);
  }

  /** A refusal for want of room: the same request can be taken a little later. */
  static WireResponse busy() {
    WireResponse refusal = refusal(503, "Service Unavailable");
    return new WireResponse(
        refusal.status, List.of(JSON_TYPE, new Header("retry-after", "1")), refusal.body, true);
  }

  /** A refusal of a sender that is too slow. */
  static WireResponse timeout() {
    return refusal(408, "Request Timeout");
  }

  /** Its bytes on the wire, for a connection that has no request to answer. */
  byte[] toHttp() {
    StringBuilder head = new StringBuilder("HTTP/1.1 ");
    head.append(HttpResponseStatus.valueOf(status)).append("\r\n");
    for (Header header : headers) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    head.append("connection: close\r\ncontent-length: ").append(body.size()).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] wire = Arrays.copyOf(start, start.length + body.size());
    System.arraycopy(body.toByteArray(), 0, wire, start.length, body.size());
    return wire;
  }

  /** Whether HTTP lets this response have a body at all. */
  boolean mayHaveBody() {
    return status != 204 && status != 304;
  }

  /**
   * Reads a function's response, payload format 2.0. One without {@code statusCode} is itself the
   * body of a 200.
   *
   * @throws MalformedResponseException when it is not JSON, or has a status or a header that HTTP
   *     does not allow
   */
  static WireResponse parse(byte[] response, int length) {
    try (JsonParser parser = JSON.createParser(response, 0, length)) {
      Fields fields = new Fields();
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          fields.read(parser);
        }
      } else if (first == null) {
        throw new MalformedResponseException("the response is empty");
      } else {
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw new MalformedResponseException("something follows the response's JSON");
      }
      return fields.status == 0
          ? new WireResponse(
              200, List.of(JSON_TYPE), Body.copyOf(Arrays.copyOf(response, length)), false)
          : fields.response();
    } catch (IOException e) {
      throw new MalformedResponseException("the response is not JSON", e);
    }
  }

  /** The fields of a response, as far as they are read. */
  private static final class Fields {
    private final List<Header> headers = new ArrayList<>();
    private int status;
    private String body = "";
    private boolean base64;

    void read(JsonParser parser) throws IOException {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "statusCode" -> status = status(parser, value);
        case "headers" -> readHeaders(parser, value);
        case "cookies" -> readCookies(parser, value);
        case "body" -> body = value == JsonToken.VALUE_NULL ? "" : text(parser, value, "body");
        case "isBase64Encoded" -> base64 = value == JsonToken.VALUE_TRUE;
        default -> parser.skipChildren();
      }
    }

    private static int status(JsonParser parser, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_NULL) {
        return 0;
      }
      int status = parser.getValueAsInt(-1);
      if (!value.isScalarValue() || status < 200 || status > 599) {
        throw new MalformedResponseException("statusCode is not an HTTP status");
      }
      return status;
    }

    private void readHeaders(JsonParser parser, JsonToken value) throws IOException {
      if (value != JsonToken.START_OBJECT) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        add(name, text(parser, parser.nextToken(), name));
      }
    }

    private void readCookies(JsonParser parser, JsonToken value) throws IOException {
      if (value != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return;
      }
      for (JsonToken cookie = parser.nextToken();
          cookie != JsonToken.END_ARRAY;
          cookie = parser.nextToken()) {
        add("set-cookie", text(parser, cookie, "cookies"));
      }
    }

    private void add(String name, String value) {
      if (!isName(name) || !value.chars().allMatch(Fields::isOfValue)) {
        throw new MalformedResponseException("HTTP has no such header as the response's " + name);
      }
      if (!SET_BY_HTTP.contains(name.toLowerCase(Locale.ROOT))) {
        headers.add(new Header(name, value));
      }
    }

    private static boolean isName(String name) {
      return !name.isEmpty() && name.chars().allMatch(StrictRequestDecoder::isOfToken);
    }

    /**
     * Whether a header's value may have it: a tab, a space, visible ASCII, or a byte above ASCII
     * (RFC 9110, 5.5).
     */
    private static boolean isOfValue(int letter) {
      return letter == '\t' || (letter >= 0x20 && letter <= 0xFF && letter != 0x7F);
    }

    private static String text(JsonParser parser, JsonToken value, String name) throws IOException {
      if (!value.isScalarValue()) {
        throw new MalformedResponseException("the response's " + name + " is not a string");
      }
      return parser.getText();
    }

    WireResponse response() {
      try {
        byte[] bytes =
            base64 ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
        return new WireResponse(status, headers, Body.copyOf(bytes), false);
      } catch (IllegalArgumentException e) {
        throw new MalformedResponseException("the response's body is not base64", e);
      }
    }
  }
}
