package dev.hookwell.capture;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CrossOriginTest {
  private static Map<String, String> headers(Events event) {
    return CrossOrigin.headers(GatewayEvent.read(event.open()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example",
        "http://localhost:3000",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "https://xn--bcher-kva.example",
        "https://my_app.example",
        "chrome-extension://abcdefghijklmnop",
        "capacitor://localhost",
        "file://",
        "null"
      })
  @Shows("S20")
  void anOriginIsGivenBackWithCredentials(String origin) {
    assertEquals(
        Map.of(
            "access-control-allow-origin", origin,
            "access-control-allow-credentials", "true",
            "access-control-expose-headers", "x-hookwell-capture",
            "vary", "origin"),
        headers(event("POST", "/h/x").header("origin", origin)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "shop.example",
        "https://a.example,https://b.example",
        "https://a.example https://b.example",
        "null, null",
        "https://a.example/",
        "https://a.example/path",
        "https://user@a.example",
        "https://a.example:123456",
        "https://a.example\r\nset-cookie: a=b",
        "https://a.example\u0000",
        "https://caf\u00e9.example",
        "https://<svg>",
        "javascript:alert(1)",
        "HTTPS://a.example"
      })
  @Shows({"H36", "S20"})
  void whatIsNoOriginIsNotGivenBack(String origin) {
    Map<String, String> headers = headers(event("POST", "/h/x").header("origin", origin));

    assertEquals("*", headers.get("access-control-allow-origin"));
    assertFalse(headers.containsKey("access-control-allow-credentials"));
  }

  @Test
  void anOriginHasAtMost256Characters() {
    String longest = "https://" + "a".repeat(248);

    assertEquals(
        longest,
        headers(event("GET", "/h/x").header("origin", longest)).get("access-control-allow-origin"));
    assertEquals(
        "*",
        headers(event("GET", "/h/x").header("origin", longest + "a"))
            .get("access-control-allow-origin"));
  }

  @Test
  void withoutAnOriginAnyMayRead() {
    assertEquals(
        Map.of(
            "access-control-allow-origin", "*",
            "access-control-expose-headers", "x-hookwell-capture",
            "vary", "origin"),
        headers(event("POST", "/h/x")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'",
    "PATCH, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'",
    "patch, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, patch'",
    "PURGE, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, PURGE'",
    "'A, B', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'",
    "<svg>, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'"
  })
  void aPreflightNamesTheMethods(String asked, String named) {
    assertEquals(
        named,
        headers(event("OPTIONS", "/h/x").header("access-control-request-method", asked))
            .get("access-control-allow-methods"));
  }

  @ParameterizedTest
  @CsvSource({
    "'authorization,content-type,x-own', 'authorization, content-type, x-own'",
    "' X-A , x-b,,x-b ', 'X-A, x-b'",
    "'x-a,b c,<svg>,\"x\",x\u00e9,x:y,x-z', 'x-a, x-z'"
  })
  @Shows("H36")
  void aPreflightNamesTheHeadersThatAreHeaderNames(String asked, String named) {
    Map<String, String> headers =
        headers(event("OPTIONS", "/h/x").header("access-control-request-headers", asked));

    assertEquals(named, headers.get("access-control-allow-headers"));
    assertEquals("0", headers.get("access-control-max-age"));
  }

  @Test
  void aPreflightNamesNoHeaderWhenNoneIsAskedFor() {
    for (String asked : new String[] {"", " , ", "<svg>"}) {
      Map<String, String> headers =
          headers(event("OPTIONS", "/h/x").header("access-control-request-headers", asked));
      assertFalse(headers.containsKey("access-control-allow-headers"), asked);
    }
  }

  @Test
  void aPreflightNamesHeadersUpTo4096Characters() {
    String name = "x".repeat(4094);

    assertEquals(
        name,
        headers(event("OPTIONS", "/h/x").header("access-control-request-headers", name + ",y"))
            .get("access-control-allow-headers"));
    assertFalse(
        headers(event("OPTIONS", "/h/x").header("access-control-request-headers", name + "x"))
            .containsKey("access-control-allow-headers"));
  }

  @Test
  void onlyAPreflightTellsOfMethodsAndHeaders() {
    Map<String, String> headers =
        headers(
            event("POST", "/h/x")
                .header("access-control-request-method", "PUT")
                .header("access-control-request-headers", "x-a"));

    assertTrue(
        headers.keySet().stream()
            .noneMatch(name -> name.contains("methods") || name.contains("allow-headers")),
        headers.toString());
  }
}
