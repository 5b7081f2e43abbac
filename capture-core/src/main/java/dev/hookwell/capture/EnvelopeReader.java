package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads envelopes of every version there has been. Unknown fields are ignored, unknown notes kept.
 * Never decompresses.
 */
public final class EnvelopeReader {
  private static final String NO_JSON = "not JSON of the expected shape";

  private @Nullable UUID id;
  private @Nullable HookId hook;
  private @Nullable Instant at;
  private @Nullable String edge;
  private @Nullable String method;
  private @Nullable String path;
  private @Nullable String query;
  private @Nullable String protocol;
  private @Nullable String ip;
  private @Nullable List<Header> headers;
  private @Nullable List<String> cookies;
  private @Nullable CapturedBody body;
  private Optional<DecidedResponse> response = Optional.empty();
  private @Nullable List<Note> notes;

  private EnvelopeReader() {}

  public static EnvelopeReading read(String text) {
    EnvelopeReader reader = new EnvelopeReader();
    try (JsonParser json = WireJson.ASCII.createParser(text)) {
      WireJson.expect(json.nextToken(), JsonToken.START_OBJECT);
      // The version stands first, so that nothing of an unknown one is interpreted.
      if (json.nextToken() != JsonToken.FIELD_NAME
          || !json.currentName().equals("v")
          || json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
        return new EnvelopeReading.Malformed("no version");
      }
      long version = json.getLongValue();
      if (version != EnvelopeWriter.VERSION) {
        return new EnvelopeReading.UnknownVersion(version);
      }
      reader.readFields(json);
      if (json.nextToken() != null) {
        return new EnvelopeReading.Malformed("something follows the envelope");
      }
      return reader.result();
    } catch (IOException | IllegalArgumentException e) {
      // The parser's own message quotes the text.
      return new EnvelopeReading.Malformed(NO_JSON);
    }
  }

  private void readFields(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "id" -> id = uuid(WireJson.readText(json));
        case "hook" ->
            hook = HookId.parse(WireJson.readText(json)).orElseThrow(IllegalArgumentException::new);
        case "at" -> at = time(json);
        case "edge" -> edge = WireJson.readText(json);
        case "method" -> method = WireJson.readText(json);
        case "path" -> path = WireJson.readText(json);
        case "query" -> query = WireJson.readText(json);
        case "protocol" -> protocol = WireJson.readText(json);
        case "ip" -> ip = WireJson.readText(json);
        case "headers" -> headers = WireJson.readHeaders(json);
        case "cookies" -> cookies = WireJson.readTexts(json);
        case "body" -> body = readBody(json);
        case "response" -> response = WireJson.readResponse(json);
        case "notes" -> notes = WireJson.readNotes(json);
        default -> json.skipChildren();
      }
    }
    WireJson.expect(json.currentToken(), JsonToken.END_OBJECT);
  }

  private EnvelopeReading result() {
    if (id == null
        || hook == null
        || at == null
        || edge == null
        || method == null
        || path == null
        || query == null
        || protocol == null
        || ip == null
        || headers == null
        || cookies == null
        || body == null
        || notes == null) {
      return new EnvelopeReading.Malformed("a field is missing");
    }
    RequestHead request =
        new RequestHead(edge, method, path, query, protocol, ip, headers, cookies);
    return new EnvelopeReading.Read(new Capture(id, hook, at, request, body, response, notes));
  }

  private static CapturedBody readBody(JsonParser json) throws IOException {
    WireJson.expect(json.currentToken(), JsonToken.START_OBJECT);
    Optional<BodyEncoding> encoding = Optional.empty();
    Body data = Body.EMPTY;
    long size = -1;
    String sha256 = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "enc" -> encoding = BodyEncoding.ofWireName(WireJson.readText(json));
        case "data" -> data = Body.owning(Base64.getDecoder().decode(WireJson.readText(json)));
        case "size" -> size = number(json);
        case "sha256" -> sha256 = WireJson.readText(json);
        default -> json.skipChildren();
      }
    }
    if (encoding.isEmpty() || size < 0) {
      throw new IOException("a body without encoding or size");
    }
    if (encoding.get() == BodyEncoding.PLAIN && data.size() != size) {
      throw new IOException("a body of another size than its data");
    }
    if (encoding.get() == BodyEncoding.OBJECT
        && (!data.isEmpty() || size == 0 || size > CapturedBody.MAX_BYTES)) {
      throw new IOException("an object of a size that none has");
    }
    return new CapturedBody(encoding.get(), data, size, Sha256.fromHex(sha256));
  }

  private static UUID uuid(String text) throws IOException {
    UUID uuid = UUID.fromString(text);
    if (!uuid.toString().equals(text)) {
      throw new IOException("an id that is not written as a UUID");
    }
    return uuid;
  }

  private static Instant time(JsonParser json) throws IOException {
    Instant time = Instant.ofEpochMilli(number(json));
    if (time.isBefore(Instant.EPOCH) || time.isAfter(HookId.LATEST_EXPIRY)) {
      throw new IOException("a time at which no hook lives");
    }
    return time;
  }

  private static long number(JsonParser json) throws IOException {
    WireJson.expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
    return json.getLongValue();
  }
}
