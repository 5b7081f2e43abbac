package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The changes that the cloud's gateway makes to requests, a test for each, on the wire. */
final class LocalGatewayIT {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T08:12:54.321Z"), ZoneOffset.UTC);

  private final RecordingFunction ingest = new RecordingFunction();
  private final RecordingFunction api = new RecordingFunction();
  private final LocalGateway gateway = start(GatewaySettings.ofAws(0));

  private LocalGateway start(GatewaySettings settings) {
    return LocalGateway.start(
        new LocalFunction("ingest", Duration.ofSeconds(6), ingest),
        new LocalFunction("api", Duration.ofSeconds(25), api),
        CLOCK,
        new SecureRandom(),
        settings);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void namesAreLowerCasedAndRepeatedHeadersAreJoinedWithAComma() throws Exception {
    JsonObject headers =
        ingested(
                """
                GET /h/x HTTP/1.1
                Host: a
                X-One: 1
                x-ONE:  2, 3
                X-Two: b,c

                """)
            .getJsonObject("headers");
    assertEquals("1,2, 3", headers.getString("x-one"));
    assertEquals("b,c", headers.getString("x-two"));
    assertFalse(headers.containsKey("X-One"));
  }

  @Test
  void cookiesAreAListWithOneEntryAPair() throws Exception {
    JsonObject event =
        ingested(
            """
            GET /h/x HTTP/1.1
            Host: a
            Cookie: a=1; b="2;"
            cookie: c=3

            """);
    assertEquals(JsonArray.of("a=1", "b=\"2", "\"", "c=3"), event.getJsonArray("cookies"));
    assertFalse(event.getJsonObject("headers").containsKey("cookie"));
  }

  @Test
  void withoutCookiesThereIsNoList() throws Exception {
    assertFalse(ingested("GET /h/x HTTP/1.1\nHost: a\n\n").containsKey("cookies"));
  }

  @Test
  void hopByHopHeadersStayBehind() throws Exception {
    JsonObject headers =
        ingested(
                """
                POST /h/x HTTP/1.1
                Host: a
                Connection: keep-alive
                Keep-Alive: timeout=5
                TE: trailers
                Upgrade: h2c
                Transfer-Encoding: chunked

                0

                """)
            .getJsonObject("headers");
    for (String name : List.of("connection", "keep-alive", "te", "upgrade", "transfer-encoding")) {
      assertFalse(headers.containsKey(name), name);
    }
  }

  @Test
  void chunkedBodyArrivesWhole() throws Exception {
    JsonObject event =
        ingested(
            """
            POST /h/x HTTP/1.1
            Host: a
            Content-Type: text/plain
            Transfer-Encoding: chunked

            3;ext=1
            abc
            2
            de
            0
            X-Trailer: t

            """);
    assertEquals("abcde", event.getString("body"));
  }

  @Test
  void pathIsDecodedAndCutAtADecodedQuestionMark() throws Exception {
    JsonObject event = ingested("GET /h/x/a%2Fb%20c%3Fd?q HTTP/1.1\nHost: a\n\n");
    assertEquals("/h/x/a/b c", event.getString("rawPath"));
    assertEquals("/h/x/a/b c", http(event).getString("path"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/h/x/%zz", "/h/x/%", "/h/x/a|b\"<>^`{}\\", "/h/x/#f", "/h/x//y/", "/h/x/;p=1"})
  void oddPathIsKeptAsSent(String path) throws Exception {
    assertEquals(path, ingested("GET " + path + " HTTP/1.1\nHost: a\n\n").getString("rawPath"));
  }

  @Test
  void bytesAboveAsciiAreKeptAsLatin1() throws Exception {
    JsonObject event =
        ingested(
            """
            GET /h/x/\u00e9?q=\u00ff HTTP/1.1
            Host: a
            X-Name: \u00e4\u00f6

            """);
    assertEquals("/h/x/é", event.getString("rawPath"));
    assertEquals("q=ÿ", event.getString("rawQueryString"));
    assertEquals("äö", event.getJsonObject("headers").getString("x-name"));
  }

  @Test
  void queryIsHandedOnAsSentAndDecoded() throws Exception {
    JsonObject event = ingested("GET /h/x?a=%20&b=c?d&a=+ HTTP/1.1\nHost: a\n\n");
    assertEquals("a=%20&b=c?d&a=+", event.getString("rawQueryString"));
    assertEquals(
        JsonObject.of("a", " , ", "b", "c?d"), event.getJsonObject("queryStringParameters"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/h/x", "/h/x?"})
  void withoutAQueryThereAreNoParameters(String target) throws Exception {
    JsonObject event = ingested("GET " + target + " HTTP/1.1\nHost: a\n\n");
    assertEquals("", event.getString("rawQueryString"));
    assertFalse(event.containsKey("queryStringParameters"));
  }

  @Test
  void bodyOfATextTypeIsText() throws Exception {
    JsonObject event = posted("application/json; charset=utf-8", "{\"ä\":1}".getBytes(UTF_8));
    assertEquals("{\"ä\":1}", event.getString("body"));
    assertEquals(false, event.getBoolean("isBase64Encoded"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/html; charset=UTF-8",
        "application/json",
        "application/xml",
        "application/javascript"
      })
  void bodyOfAKnownTypeInUtf8IsText(String type) throws Exception {
    JsonObject event = posted(type, "<é>\r\n".getBytes(UTF_8));
    assertEquals("<é>\r\n", event.getString("body"));
    assertEquals(false, event.getBoolean("isBase64Encoded"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "text/plain; charset=iso-8859-1"
      })
  void bodyOfAnyOtherTypeIsBase64WithoutLineBreaks(String type) throws Exception {
    byte[] body = new byte[300];
    Arrays.fill(body, (byte) 0xA7);
    JsonObject event = posted(type, body);
    assertEquals(Base64.getEncoder().encodeToString(body), event.getString("body"));
    assertEquals(true, event.getBoolean("isBase64Encoded"));
  }

  @Test
  void bodyWithoutATypeIsBase64() throws Exception {
    JsonObject event = ingested("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi");
    assertEquals("aGk=", event.getString("body"));
    assertEquals(true, event.getBoolean("isBase64Encoded"));
  }

  @Test
  void compressedBodyIsBase64WhateverItsTypeAndNotDecompressed() throws Exception {
    JsonObject event =
        ingested(
            """
            POST /h/x HTTP/1.1
            Host: a
            Content-Type: application/json
            Content-Encoding: gzip
            Content-Length: 2

            hi\
            """);
    assertEquals("aGk=", event.getString("body"));
  }

  @Test
  void emptyBodyIsAbsentAndSaysSo() throws Exception {
    JsonObject event = ingested("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
    assertFalse(event.containsKey("body"));
    assertEquals(false, event.getBoolean("isBase64Encoded"));
    assertEquals("0", event.getJsonObject("headers").getString("content-length"));
  }

  @Test
  void requestWithoutABodyGetsALengthOfZero() throws Exception {
    JsonObject event = ingested("GET /h/x HTTP/1.1\nHost: a\n\n");
    assertEquals("0", event.getJsonObject("headers").getString("content-length"));
  }

  @Test
  void invalidUtf8UnderATextTypeIsReplaced() throws Exception {
    JsonObject event = posted("text/plain", new byte[] {'a', (byte) 0xFF, 'b'});
    assertEquals("a\uFFFDb", event.getString("body"));
  }

  @Test
  void gatewayAddsItsOwnHeaders() throws Exception {
    JsonObject headers =
        ingested(
                """
                GET /h/x HTTP/1.1
                Host: example.test
                X-Forwarded-For: 192.0.2.1
                X-Forwarded-Port: 1
                X-Forwarded-Proto: gopher

                """)
            .getJsonObject("headers");
    assertEquals("example.test", headers.getString("host"));
    assertEquals("192.0.2.1, 127.0.0.1", headers.getString("x-forwarded-for"));
    assertEquals(
        Integer.toString(gateway.address().getPort()), headers.getString("x-forwarded-port"));
    assertEquals("http", headers.getString("x-forwarded-proto"));
    String time = Long.toHexString(CLOCK.instant().getEpochSecond());
    String traceId = headers.getString("x-amzn-trace-id");
    assertTrue(traceId.matches("Root=1-" + time + "-[0-9a-f]{24}"), traceId);
  }

  @Test
  void contextTellsOfTheRequest() throws Exception {
    JsonObject event = ingested("PATCH /h/x HTTP/1.1\nHost: a\nUser-Agent: probe/2\n\n");
    assertEquals("2.0", event.getString("version"));
    assertEquals("ANY /h/{proxy+}", event.getString("routeKey"));
    assertEquals(
        JsonObject.of(
            "method", "PATCH",
            "path", "/h/x",
            "protocol", "HTTP/1.1",
            "sourceIp", "127.0.0.1",
            "userAgent", "probe/2"),
        http(event));
    JsonObject context = event.getJsonObject("requestContext");
    assertEquals("$default", context.getString("stage"));
    assertEquals("ANY /h/{proxy+}", context.getString("routeKey"));
    assertEquals("localhost", context.getString("domainName"));
    assertEquals("24/Nov/2026:08:12:54 +0000", context.getString("time"));
    assertEquals(CLOCK.millis(), context.getLong("timeEpoch"));
    JsonObject next = ingested("GET /h/x HTTP/1.1\nHost: a\n\n");
    assertNotEquals(
        context.getString("requestId"),
        next.getJsonObject("requestContext").getString("requestId"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void everyMethodOfTheCloudPasses(String method) throws Exception {
    assertEquals(
        method, http(ingested(method + " /h/x HTTP/1.1\nHost: a\n\n")).getString("method"));
  }

  @Test
  void http10NeedsNoHost() throws Exception {
    JsonObject event = ingested("GET /h/x HTTP/1.0\n\n");
    assertEquals("HTTP/1.0", http(event).getString("protocol"));
    assertEquals("localhost", event.getJsonObject("headers").getString("host"));
  }

  @Test
  void everythingOutsideTheHooksGoesToTheApi() throws Exception {
    for (String path : List.of("/", "/h", "/h/", "/api/hooks?x", "/h/a%41b/c", "/x/../h/y")) {
      assertTrue(exchange("GET " + path + " HTTP/1.1\nHost: a\n\n").startsWith("HTTP/1.1 200"));
      assertEquals("$default", api.event().getString("routeKey"), path);
    }
    assertEquals(0, ingest.waiting());
  }

  @Test
  void dotSegmentsReachNoOtherRoute() throws Exception {
    JsonObject event = ingested("GET /h/x/../../api/hooks HTTP/1.1\nHost: a\n\n");
    assertEquals("/h/x/../../api/hooks", event.getString("rawPath"));
    assertEquals(0, api.waiting());
  }

  @Test
  void askedItAddsTheExactPathTheOriginSecretAndTheAddress() throws Exception {
    try (LocalGateway edge = start(GatewaySettings.ofAws(0).withOriginSecret("s3cret"));
        RawConnection connection = new RawConnection(edge.address())) {
      connection
          .send(
              """
              GET /h/x/a%2Fb/%zz?q=%20 HTTP/1.1
              Host: a
              X-Hookwell-Raw-Path: /forged
              x-hookwell-origin: forged
              CF-Connecting-IP: 203.0.113.1

              """)
          .receive();
      JsonObject headers = ingest.event().getJsonObject("headers");
      assertEquals("/h/x/a%2Fb/%zz", headers.getString("x-hookwell-raw-path"));
      assertEquals("s3cret", headers.getString("x-hookwell-origin"));
      assertEquals("127.0.0.1", headers.getString("cf-connecting-ip"));
    }
  }

  @Test
  void unaskedItAddsNoneOfThem() throws Exception {
    JsonObject headers = ingested("GET /h/x HTTP/1.1\nHost: a\n\n").getJsonObject("headers");
    assertNull(headers.getString("x-hookwell-raw-path"));
    assertNull(headers.getString("x-hookwell-origin"));
    assertNull(headers.getString("cf-connecting-ip"));
  }

  @Test
  void closingLeavesNobodyListening() {
    gateway.close();
    assertThrows(ConnectException.class, () -> new RawConnection(gateway.address()).close());
  }

  private JsonObject posted(String contentType, byte[] body) throws Exception {
    try (RawConnection connection = new RawConnection(gateway.address())) {
      connection
          .send(
              """
              POST /h/x HTTP/1.1
              Host: a
              Content-Type: %s
              Content-Length: %d

              """
                  .formatted(contentType, body.length))
          .sendBytes(body)
          .receive();
    }
    return ingest.event();
  }

  private JsonObject ingested(String wire) throws Exception {
    String answer = exchange(wire);
    assertTrue(answer.contains(" 200 "), answer);
    return ingest.event();
  }

  private String exchange(String wire) throws IOException {
    try (RawConnection connection = new RawConnection(gateway.address())) {
      return connection.sendBytes(wire.replace("\n", "\r\n").getBytes(ISO_8859_1)).receive();
    }
  }

  private static JsonObject http(JsonObject event) {
    return event.getJsonObject("requestContext").getJsonObject("http");
  }
}
