package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that the envelope, the stored head, the log and the API share: ASCII, and the lists and
 * the decided response of a capture, which all of them write alike.
 */
public final class WireJson {
  /** Writes bytes 0x20–0x7E only, so that SQS accepts any capture and counts its size as we do. */
  static final JsonFactory ASCII =
      new JsonFactoryBuilder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .characterEscapes(new EscapeDelete())
          .build();

  private WireJson() {}

  /** The member {@code headers}, of [name, value] pairs. */
  public static void writeHeaders(JsonGenerator json, List<Header> headers) throws IOException {
    json.writeArrayFieldStart("headers");
    for (Header header : headers) {
      json.writeStartArray();
      json.writeString(header.name());
      json.writeString(header.value());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** The member {@code cookies}. */
  public static void writeCookies(JsonGenerator json, List<String> cookies) throws IOException {
    writeTexts(json, "cookies", cookies);
  }

  /** The member {@code notes}, of their names. */
  public static void writeNotes(JsonGenerator json, List<Note> notes) throws IOException {
    writeTexts(json, "notes", notes.stream().map(Note::name).toList());
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** The member {@code response}, if one was decided. */
  public static void writeResponse(JsonGenerator json, Optional<DecidedResponse> response)
      throws IOException {
    if (response.isPresent()) {
      json.writeObjectFieldStart("response");
      json.writeNumberField("status", response.get().status());
      switch (response.get()) {
        case DecidedResponse.OfHandshake(int _, String handshake) ->
            json.writeStringField("handshake", handshake);
        case DecidedResponse.OfScript(int _, int step) -> json.writeNumberField("step", step);
      }
      json.writeEndObject();
    }
  }

  /** A response that a later version decided in a way unknown here is read as none. */
  static Optional<DecidedResponse> readResponse(JsonParser json) throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT);
    int status = 0;
    int step = 0;
    String handshake = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "status" -> status = json.getIntValue();
        case "step" -> step = json.getIntValue();
        case "handshake" -> handshake = readText(json);
        default -> json.skipChildren();
      }
    }
    if (!handshake.isEmpty()) {
      return Optional.of(new DecidedResponse.OfHandshake(status, handshake));
    }
    return step > 0 ? Optional.of(new DecidedResponse.OfScript(status, step)) : Optional.empty();
  }

  static List<Header> readHeaders(JsonParser json) throws IOException {
    List<Header> headers = new ArrayList<>();
    expect(json.currentToken(), JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_ARRAY);
      json.nextToken();
      String name = readText(json);
      json.nextToken();
      headers.add(new Header(name, readText(json)));
      expect(json.nextToken(), JsonToken.END_ARRAY);
    }
    return headers;
  }

  static List<String> readTexts(JsonParser json) throws IOException {
    List<String> texts = new ArrayList<>();
    expect(json.currentToken(), JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(readText(json));
    }
    return texts;
  }

  static List<Note> readNotes(JsonParser json) throws IOException {
    return readTexts(json).stream().map(Note::new).toList();
  }

  static String readText(JsonParser json) throws IOException {
    expect(json.currentToken(), JsonToken.VALUE_STRING);
    return json.getText();
  }

  static void expect(@Nullable JsonToken token, JsonToken expected) throws IOException {
    if (token != expected) {
      throw new IOException("expected " + expected + ", found " + token);
    }
  }

  /**
   * Jackson does not escape U+007F as non-ASCII. SQS accepts it, but the envelope's form does not.
   */
  private static final class EscapeDelete extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] escapes = standardAsciiEscapesForJSON();

    EscapeDelete() {
      escapes[0x7F] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
