package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.Header;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WireResponseTest {
  @Test
  void fieldsOfTheResponseBecomeHttp() {
    WireResponse answer =
        parse(
            """
            {"headers":{"X-A":"1, 2","x-n":7,"x-t":true},"other":{"statusCode":500},"statusCode":201,
             "cookies":["a=1; Path=/","b=2"],"body":"h\u00e9","isBase64Encoded":false}
            """);
    assertEquals(201, answer.status());
    assertEquals(
        List.of(
            new Header("X-A", "1, 2"),
            new Header("x-n", "7"),
            new Header("x-t", "true"),
            new Header("set-cookie", "a=1; Path=/"),
            new Header("set-cookie", "b=2")),
        answer.headers());
    assertEquals(Body.copyOf("hé".getBytes(UTF_8)), answer.body());
  }

  @Test
  void base64BodyIsDecoded() {
    assertEquals(
        Body.copyOf(new byte[] {0, (byte) 0xFF}),
        parse("{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":\"AP8=\"}").body());
  }

  @Test
  void statusAlsoComesAsAString() {
    assertEquals(404, parse("{\"statusCode\":\"404\"}").status());
  }

  @Test
  void headersThatHttpSetsAreDropped() {
    assertEquals(
        List.of(),
        parse("{\"statusCode\":200,\"headers\":{\"Content-Length\":\"9\",\"connection\":\"x\"}}")
            .headers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"hello\":\"world\"}", "[1, {\"a\":[]}]", "\"text\"", "null", "{}"})
  void responseWithoutStatusIsTheBody(String json) {
    WireResponse answer = parse(json);
    assertEquals(200, answer.status());
    assertEquals(List.of(new Header("content-type", "application/json")), answer.headers());
    assertEquals(Body.copyOf(json.getBytes(UTF_8)), answer.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{} {}",
        "plain",
        "{\"statusCode\":99}",
        "{\"statusCode\":{}}",
        "{\"statusCode\":\"x\"}",
        "{\"statusCode\":200,\"body\":{}}",
        "{\"statusCode\":200,\"body\":\"?\",\"isBase64Encoded\":true}",
        "{\"statusCode\":200,\"headers\":{\"a\":\"b\\r\\nc: d\"}}",
        "{\"statusCode\":200,\"headers\":{\"a b\":\"c\"}}",
        "{\"statusCode\":200,\"headers\":{\"a\":[\"c\"]}}",
        "{\"statusCode\":200,\"cookies\":[\"a\\nb\"]}",
      })
  void whatHttpCannotSayIsMalformed(String json) {
    assertThrows(MalformedResponseException.class, () -> parse(json));
  }

  private static WireResponse parse(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return WireResponse.parse(bytes, bytes.length);
  }
}
