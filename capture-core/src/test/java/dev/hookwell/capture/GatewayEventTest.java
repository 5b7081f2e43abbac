package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayEventTest {
  private static final String SMALLEST =
      """
      {"version":"2.0","rawPath":"/h/x","requestContext":{"timeEpoch":0,"http":{"method":"GET"}}}\
      """;

  @Test
  void aFullEventIsReadInTheOrderOfItsHeaders() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/events/post.json"))) {
      assertEquals(
          new GatewayRequest(
              "POST",
              "/h/abc/a b",
              "a=1&a=2&b=%20",
              "HTTP/1.1",
              "192.0.2.7",
              List.of(
                  new Header("host", "api.example.com"),
                  new Header("accept", "*/*,text/html"),
                  new Header("content-type", "application/json")),
              List.of("a=1", "b=2"),
              "{\"text\":\"é\"}",
              false,
              Instant.ofEpochMilli(1_764_065_730_123L),
              "JKJaXmPLvHcESHA=",
              "api.example.com"),
          GatewayEvent.read(in));
    }
  }

  @Test
  void whatIsAbsentOrNullIsEmpty() {
    GatewayRequest bare =
        new GatewayRequest(
            "GET", "/h/x", "", "", "", List.of(), List.of(), "", false, Instant.EPOCH, "", "");

    assertEquals(bare, read(SMALLEST));
    assertEquals(
        bare,
        read(
            """
            {"version":"2.0","rawPath":"/h/x","rawQueryString":null,"headers":null,"cookies":null,"body":null,
             "isBase64Encoded":null,"pathParameters":{"proxy":"x"},
             "requestContext":{"requestId":null,"timeEpoch":0,"authorizer":{"a":[1]},"http":{"method":"GET","protocol":null}}}\
            """));
  }

  @Test
  void halfASurrogatePairBecomesTheReplacementCharacter() {
    GatewayRequest request =
        read(SMALLEST.replace("/h/x", "/h/\\ud800x\\udc00\\ud83d\\ude00y\\ud83d\\ude00\\ud83d"));

    assertEquals("/h/\uFFFDx\uFFFD😀y😀\uFFFD", request.path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"version\":\"2.0\"}",
        "{\"version\":\"2.0\",\"rawPath\":\"/\",\"requestContext\":null}",
        "{\"version\":\"2.0\",\"rawPath\":\"/\",\"requestContext\":{\"http\":null,\"timeEpoch\":1}}",
        "{\"version\":\"2.0\",\"rawPath\":\"/\",\"requestContext\":{\"http\":{\"method\":\"GET\"},\"timeEpoch\":\"1\"}}",
        "{\"version\":\"1.0\",\"rawPath\":\"/\",\"requestContext\":{\"http\":{\"method\":\"GET\"},\"timeEpoch\":1}}",
        "{\"resource\":\"/{proxy+}\",\"path\":\"/h/x\",\"httpMethod\":\"GET\",\"headers\":null,\"body\":null}"
      })
  void anythingElseIsABadEvent(String text) {
    assertThrows(BadEventException.class, () -> read(text));
  }

  @Test
  void aTimeIsReadUpToTheLastEndOfAHookAndNotBeyond() {
    String last = SMALLEST.replace("\"timeEpoch\":0", "\"timeEpoch\":4294967295000");
    assertEquals(HookId.LATEST_EXPIRY, read(last).receivedAt());
    assertThrows(BadEventException.class, () -> read(last.replace("5000", "5001")));
    assertThrows(BadEventException.class, () -> read(last.replace("4294967295000", "-1")));
  }

  @Test
  @Shows("H43")
  void everyTruncatedEventIsABadEvent() {
    for (int end = 0; end < SMALLEST.length(); end++) {
      String cut = SMALLEST.substring(0, end);
      assertThrows(BadEventException.class, () -> read(cut), cut);
    }
    assertThrows(BadEventException.class, () -> read(SMALLEST + "{}"));
  }

  private static GatewayRequest read(String event) {
    return GatewayEvent.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
  }
}
