package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the event of an API Gateway HTTP API, payload format 2.0, as a stream: no tree and no event
 * class. Fields that are not needed are skipped.
 */
public final class GatewayEvent {
  private static final JsonFactory JSON = new JsonFactory();

  private String version = "";
  private String method = "";
  private String path = "";
  private String query = "";
  private String protocol = "";
  private String sourceIp = "";
  private String body = "";
  private boolean base64;
  private long timeEpoch = -1;
  private String requestId = "";
  private String domainName = "";
  private final List<Header> headers = new ArrayList<>();
  private final List<String> cookies = new ArrayList<>();

  private GatewayEvent() {}

  /**
   * Reads one event.
   *
   * @throws BadEventException when it is no JSON, of another payload format, or lacks the method,
   *     the path or a time between 1970 and 2106
   */
  public static GatewayRequest read(InputStream in) {
    GatewayEvent event = new GatewayEvent();
    // Lambda has the event in memory anyway, and a long body is read faster from one array.
    try (JsonParser json = JSON.createParser(in.readAllBytes())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new BadEventException("an event is a JSON object");
      }
      event.readFields(json);
      if (json.nextToken() != null) {
        throw new BadEventException("something follows the event");
      }
    } catch (IOException e) {
      throw new BadEventException("not an event that can be read", e);
    }
    return event.request();
  }

  private GatewayRequest request() {
    if (!version.equals("2.0")) {
      throw new BadEventException("not an event of payload format 2.0");
    }
    if (method.isEmpty()
        || path.isEmpty()
        || timeEpoch < 0
        || timeEpoch > HookId.LATEST_EXPIRY.toEpochMilli()) {
      throw new BadEventException("an event without method, path or possible time");
    }
    return new GatewayRequest(
        method,
        path,
        query,
        protocol,
        sourceIp,
        headers,
        cookies,
        body,
        base64,
        Instant.ofEpochMilli(timeEpoch),
        requestId,
        domainName);
  }

  private void readFields(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "version" -> version = text(json, value);
        case "rawPath" -> path = text(json, value);
        case "rawQueryString" -> query = text(json, value);
        case "headers" -> readHeaders(json, value);
        case "cookies" -> readCookies(json, value);
        case "requestContext" -> readContext(json, value);
        case "body" -> body = text(json, value);
        case "isBase64Encoded" -> base64 = value == JsonToken.VALUE_TRUE;
        default -> json.skipChildren();
      }
    }
  }

  private void readContext(JsonParser json, JsonToken start) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "requestId" -> requestId = text(json, value);
        case "domainName" -> domainName = text(json, value);
        case "timeEpoch" ->
            timeEpoch = value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
        case "http" -> readHttp(json, value);
        default -> json.skipChildren();
      }
    }
  }

  private void readHttp(JsonParser json, JsonToken start) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "method" -> method = text(json, value);
        case "protocol" -> protocol = text(json, value);
        case "sourceIp" -> sourceIp = text(json, value);
        default -> json.skipChildren();
      }
    }
  }

  private void readHeaders(JsonParser json, JsonToken start) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = wellFormed(json.currentName());
      headers.add(new Header(name, text(json, json.nextToken())));
    }
  }

  private void readCookies(JsonParser json, JsonToken start) throws IOException {
    if (start != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    for (JsonToken value = json.nextToken();
        value != JsonToken.END_ARRAY && value != null;
        value = json.nextToken()) {
      cookies.add(text(json, value));
    }
  }

  /** A string value; empty for null and for a value of another type. */
  private static String text(JsonParser json, @Nullable JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return wellFormed(json.getText());
    }
    json.skipChildren();
    return "";
  }

  /** Replaces each lone surrogate, which no charset can encode, with U+FFFD. */
  static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }
}
