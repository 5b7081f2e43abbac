package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Header;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatewayEventWriterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T08:12:54.321Z"), ZoneOffset.UTC);

  private final GatewayEventWriter writer =
      new GatewayEventWriter(GatewaySettings.ofAws(0), CLOCK, new Random(1));

  /** The whole event, as its golden text: a field more or less shows here. */
  @Test
  void eventIsThatOfTheCloud() {
    IncomingRequest request =
        new IncomingRequest(
            "POST",
            RequestTarget.parse("/h/abc/a%20b?x=1&x=2").orElseThrow(),
            "HTTP/1.1",
            List.of(
                new Header("Host", "127.0.0.1:8080"),
                new Header("User-Agent", "probe/1"),
                new Header("X-Amzn-Trace-Id", "Root=1-2-3"),
                new Header("Cookie", "c=d")),
            new RequestBody(),
            "127.0.0.7",
            8080);
    assertEquals(
        """
        {"version":"2.0","routeKey":"ANY /h/{proxy+}","rawPath":"/h/abc/a b","rawQueryString":"x=1&x=2",\
        "cookies":["c=d"],\
        "headers":{"host":"127.0.0.1:8080","user-agent":"probe/1","x-amzn-trace-id":"Root=1-2-3",\
        "content-length":"0","x-forwarded-for":"127.0.0.7","x-forwarded-port":"8080",\
        "x-forwarded-proto":"http"},\
        "queryStringParameters":{"x":"1,2"},\
        "requestContext":{"accountId":"000000000000","apiId":"local","domainName":"localhost",\
        "domainPrefix":"localhost","http":{"method":"POST","path":"/h/abc/a b","protocol":"HTTP/1.1",\
        "sourceIp":"127.0.0.7","userAgent":"probe/1"},"requestId":"id-1","routeKey":"ANY /h/{proxy+}",\
        "stage":"$default","time":"24/Nov/2026:08:12:54 +0000","timeEpoch":1795507974321},\
        "pathParameters":{"proxy":"abc/a b"},"isBase64Encoded":false}\
        """,
        text(writer.write(request, "id-1").orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, true",
    "TEXT/html; level=1, true",
    "text/csv;charset=UTF-8, true",
    "application/json; Charset=\"utf-8\", true",
    "application/xml, true",
    "application/javascript, true",
    "application/json; charset=iso-8859-1, false",
    "text/plain; charset=utf-16, false",
    "application/vnd.api+json, false",
    "application/x-www-form-urlencoded, false",
    "multipart/form-data; boundary=x, false",
    "application/octet-stream, false",
    "texts/plain, false",
    "'', false",
  })
  void onlyKnownTypesInUtf8AreText(String contentType, boolean text) {
    assertEquals(text, GatewayEventWriter.isText(contentType));
  }

  @Test
  void eventOverTheLimitIsNone() {
    // A third more as base64: 4.72 million bytes make an event just over 6,291,556.
    assertTrue(writer.write(octets(4_600_000), "id-2").isPresent());
    assertFalse(writer.write(octets(4_720_000), "id-3").isPresent());
  }

  @Test
  void latin1CharactersReachTheEventAsUtf8() {
    IncomingRequest request =
        new IncomingRequest(
            "GET",
            RequestTarget.parse("/\u00e9").orElseThrow(),
            "HTTP/1.0",
            List.of(new Header("X-Name", new String(new byte[] {(byte) 0xE9}, ISO_8859_1))),
            new RequestBody(),
            "127.0.0.1",
            80);
    String event = text(writer.write(request, "id-4").orElseThrow());
    assertTrue(event.contains("\"rawPath\":\"/é\""), event);
    assertTrue(event.contains("\"x-name\":\"é\""), event);
  }

  private static String text(BoundedOutput event) {
    return new String(event.array(), 0, event.size(), UTF_8);
  }

  private static IncomingRequest octets(int size) {
    return new IncomingRequest(
        "POST",
        RequestTarget.parse("/h/x").orElseThrow(),
        "HTTP/1.1",
        List.of(),
        RequestBody.of(new byte[size]),
        "127.0.0.1",
        80);
  }
}
