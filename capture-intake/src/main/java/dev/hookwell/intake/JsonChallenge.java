package dev.hookwell.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hookwell.capture.Body;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A challenge in a JSON body.
 *
 * @param value the text that the sender wants back
 * @param type the text {@code type} beside it, or empty
 * @param bare whether nothing but {@code token} and {@code type}, both texts, stands beside it
 */
record JsonChallenge(String value, String type, boolean bare) {
  /** A challenge has three short fields, or a subscription beside it. */
  private static final int LONGEST_BODY = 4096;

  private static final String NAME = "\"challenge\"";

  private static final JsonFactory JSON = new JsonFactory();

  /** The top-level text {@code challenge} of an object, if it stands there once. */
  static Optional<JsonChallenge> of(Body body) {
    if (body.size() > LONGEST_BODY || !names(body)) {
      return Optional.empty();
    }
    try (JsonParser json = JSON.createParser(body.open())) {
      Optional<JsonChallenge> challenge = read(json);
      return json.nextToken() == null ? challenge : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** A cheap check, after which nearly all requests need not be parsed as JSON. */
  private static boolean names(Body body) {
    return new String(body.toByteArray(), StandardCharsets.ISO_8859_1).contains(NAME);
  }

  private static Optional<JsonChallenge> read(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return Optional.empty();
    }
    @Nullable String value = null;
    String type = "";
    boolean bare = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      boolean text = json.nextToken() == JsonToken.VALUE_STRING;
      if (field.equals("challenge")) {
        if (!text || value != null) {
          return Optional.empty();
        }
        value = json.getText();
      } else if (text && field.equals("type")) {
        type = json.getText();
      } else {
        bare = bare && text && field.equals("token");
        json.skipChildren();
      }
    }
    return value == null ? Optional.empty() : Optional.of(new JsonChallenge(value, type, bare));
  }

  /** {@code data.validationCode} of the one event in an array, as Event Grid sends it. */
  static Optional<String> validationCode(Body body) {
    if (body.size() > LONGEST_BODY) {
      return Optional.empty();
    }
    try (JsonParser json = JSON.createParser(body.open())) {
      if (json.nextToken() != JsonToken.START_ARRAY || json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      @Nullable String code = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        if (json.nextToken() == JsonToken.START_OBJECT && field.equals("data")) {
          code = text(json, "validationCode");
        } else {
          json.skipChildren();
        }
      }
      return json.nextToken() == JsonToken.END_ARRAY && json.nextToken() == null
          ? Optional.ofNullable(code)
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** A text member of the object at which the parser stands. The object is read to its end. */
  private static @Nullable String text(JsonParser json, String name) throws IOException {
    @Nullable String found = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_STRING && field.equals(name)) {
        found = json.getText();
      }
      json.skipChildren();
    }
    return found;
  }
}
