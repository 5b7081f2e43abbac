package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a capture's head that no SQL statement uses, which the store keeps in one column of
 * bytes. ASCII JSON with the envelope's field names; pinned by golden files in {@code wire/}.
 */
public record StoredHead(
    String edge,
    String protocol,
    String sourceIp,
    List<Header> headers,
    List<String> cookies,
    Optional<DecidedResponse> response,
    List<Note> notes) {
  private static final int VERSION = 1;

  public StoredHead {
    headers = List.copyOf(headers);
    cookies = List.copyOf(cookies);
    notes = List.copyOf(notes);
  }

  public static StoredHead of(Capture capture) {
    RequestHead request = capture.request();
    return new StoredHead(
        request.edge(),
        request.protocol(),
        request.sourceIp(),
        request.headers(),
        request.cookies(),
        capture.response(),
        capture.notes());
  }

  public byte[] toBytes() {
    return JsonBytes.object(
        WireJson.ASCII,
        1024,
        json -> {
          json.writeNumberField("v", VERSION);
          json.writeStringField("edge", edge);
          json.writeStringField("protocol", protocol);
          json.writeStringField("ip", sourceIp);
          WireJson.writeHeaders(json, headers);
          WireJson.writeCookies(json, cookies);
          WireJson.writeResponse(json, response);
          WireJson.writeNotes(json, notes);
        });
  }

  /**
   * Reads the output of {@link #toBytes} of this or an older version; unknown fields are ignored.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static StoredHead fromBytes(byte[] bytes) {
    long version = 0;
    String edge = "";
    String protocol = "";
    String ip = "";
    List<Header> headers = List.of();
    List<String> cookies = List.of();
    Optional<DecidedResponse> response = Optional.empty();
    List<Note> notes = List.of();
    try (JsonParser json = WireJson.ASCII.createParser(bytes)) {
      WireJson.expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "v" -> version = json.getLongValue();
          case "edge" -> edge = WireJson.readText(json);
          case "protocol" -> protocol = WireJson.readText(json);
          case "ip" -> ip = WireJson.readText(json);
          case "headers" -> headers = WireJson.readHeaders(json);
          case "cookies" -> cookies = WireJson.readTexts(json);
          case "response" -> response = WireJson.readResponse(json);
          case "notes" -> notes = WireJson.readNotes(json);
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not a stored head", e);
    }
    if (version != VERSION) {
      throw new IllegalArgumentException("a stored head of version " + version);
    }
    return new StoredHead(edge, protocol, ip, headers, cookies, response, notes);
  }
}
