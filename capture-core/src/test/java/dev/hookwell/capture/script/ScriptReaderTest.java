package dev.hookwell.capture.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Shows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(3);

  @Test
  void aScriptReadsBackFromTheStoreAsItWasGiven() {
    ResponseScript script =
        read(
            """
            {"steps":[
              {"status":503,"headers":[["Retry-After","5"],["X-Reason","test"]],"times":3},
              {"status":500,"for":"PT2M","body":"später"},
              {"status":429,"until":"2026-11-25T00:00:00Z"},
              {"status":404,"percent":30,"bodyBase64":"AP8="},
              {"status":200,"headers":[["Content-Type","application/json"]],"body":"{}","delay":"PT2S"}],
             "handshakes":"strava"}
            """);

    assertEquals(script, ScriptReader.readStored(ScriptJson.stored(script)));
    assertEquals(HandshakeMode.STRAVA, script.handshakes());
    assertEquals(new StepEnd.Times(3), script.steps().get(0).end());
    assertEquals(new StepEnd.For(Duration.ofMinutes(2)), script.steps().get(1).end());
    assertEquals(new StepEnd.Percent(30), script.steps().get(3).end());
    assertEquals(Duration.ofSeconds(2), script.open().delay());
  }

  @Test
  void aStoredScriptKeepsAnEndThatIsPastAndADelayThatIsNoLongerAllowed() {
    byte[] stored =
        utf8(
            """
            {"v":1,"steps":[{"status":500,"until":"2020-01-01T00:00:00Z"},{"status":200,"delay":"PT9S"}]}
            """);

    assertEquals(2, ScriptReader.readStored(stored).steps().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"v\":2,\"steps\":[{\"status\":200}]}",
        "{\"steps\":[{\"status\":200}]}",
        "{\"v\":1,\"steps\":[{\"status\":200}]"
      })
  void whatIsNoStoredScriptIsDamaged(String stored) {
    assertThrows(ScriptException.class, () -> ScriptReader.readStored(utf8(stored)));
  }

  /** Each limit at it, and one past it. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          "status":%s | 200 | 199
          "status":%s | 599 | 600
          "status":500,"times":%s | 1 | 0
          "status":500,"times":%s | 1000 | 1001
          "status":500,"percent":%s | 1 | 0
          "status":500,"percent":%s | 99 | 100
          "status":500,"for":%s | "P1D" | "PT86401S"
          "status":500,"for":%s | "PT0.001S" | "PT0S"
          "status":500,"until":%s | "2026-11-24T08:00:01Z" | "2026-11-24T08:00:00Z"
          "status":500,"until":%s | "9999-12-31T23:59:59Z" | "+10000-01-01T00:00:00Z"
          "status":200,"delay":%s | "PT3S" | "PT3.001S"
          "status":200,"delay":%s | "PT0S" | "PT-1S"
          """)
  void aLimitHoldsAndOnePastItIsRefusedByTheStepsNumber(String field, String at, String past) {
    boolean ends =
        field.contains("times")
            || field.contains("percent")
            || field.contains("for")
            || field.contains("until");
    String steps = ends ? "{\"steps\":[{%s},{\"status\":200}]}" : "{\"steps\":[{%s}]}";

    read(steps.formatted(field.formatted(at)));

    assertTrue(
        refusal(steps.formatted(field.formatted(past))).startsWith("Step 1: "), field + past);
  }

  @Test
  void aBodyHasTenKibibytesInEitherForm() {
    String at = "x".repeat(10 * 1024);
    read(open("\"body\":\"" + at + "\""));
    read(open("\"bodyBase64\":\"" + Base64.getEncoder().encodeToString(utf8(at)) + "\""));

    assertEquals(
        "Step 1: the body has at most 10240 bytes.", refusal(open("\"body\":\"" + at + "x\"")));
    assertEquals(
        "Step 1: the body has at most 10240 bytes.",
        refusal(
            open("\"bodyBase64\":\"" + Base64.getEncoder().encodeToString(utf8(at + "x")) + "\"")));
  }

  @Test
  void thereAreTwentyStepsAndTenHeadersAtMost() {
    String step = "{\"status\":500,\"times\":1}";
    read(steps(String.join(",", Collections.nCopies(19, step)) + ",{\"status\":200}"));
    assertEquals(
        "At most 20 steps.",
        refusal(steps(String.join(",", Collections.nCopies(20, step)) + ",{\"status\":200}")));

    read(open("\"headers\":[" + headers(10) + "]"));
    assertEquals("Step 1: at most 10 headers.", refusal(open("\"headers\":[" + headers(11) + "]")));
  }

  @Test
  void aValueHas1024Characters() {
    read(open(header("X-Long", "v".repeat(1024))));
    assertTrue(refusal(open(header("X-Long", "v".repeat(1025)))).contains("X-Long"));
  }

  @Test
  void aNameHas64Characters() {
    read(open(header("X-" + "n".repeat(62), "1")));
    assertTrue(refusal(open(header("X-" + "n".repeat(63), "1"))).contains("1 to 64"));
  }

  @Test
  void eachHalfOfATypeThatEndsWithJsonHas64Characters() {
    String half = "t".repeat(64);
    read(open(header("Content-Type", half + "/" + half + "+json")));
    for (String type : new String[] {"t" + half + "/" + half, half + "/t" + half}) {
      assertTrue(refusal(open(header("Content-Type", type + "+json"))).contains("not allowed"));
    }
  }

  @Test
  void sharesAddUpToNinetyNine() {
    read(steps("{\"status\":500,\"percent\":50},{\"status\":400,\"percent\":49},{\"status\":200}"));
    assertEquals(
        "Step 2: the shares of all steps together are at most 99 percent.",
        refusal(
            steps(
                "{\"status\":500,\"percent\":50},{\"status\":400,\"percent\":50},{\"status\":200}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "content-type: TEXT/XML; charset=UTF-8",
        "Content-Type: application/json",
        "Content-Type: application/xml;charset=\"utf-8\"",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: application/octet-stream",
        "Content-Type: application/problem+json",
        "Retry-After: 5",
        "Allow: GET, POST",
        "RateLimit-Limit: 100",
        "RateLimit: \"default\";r=0",
        "X-RateLimit-Remaining: 0",
        "X-Own: a value"
      })
  void theseHeadersAreAllowed(String line) {
    String[] parts = line.split(": ", 2);
    String name = parts[0];
    String value = parts[1].replace("\"", "\\\"");
    assertEquals(1, read(open(header(name, value))).open().headers().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Location",
        "Refresh",
        "Set-Cookie",
        "WWW-Authenticate",
        "Content-Disposition",
        "Content-Security-Policy",
        "Content-Encoding",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Access-Control-Allow-Origin",
        "Cache-Control",
        "Clear-Site-Data",
        "Service-Worker-Allowed",
        "Strict-Transport-Security",
        "Link",
        "Server",
        "Alt-Svc",
        "X-Accel-Redirect",
        "x-ACCEL-expires",
        "X-Sendfile",
        "X-Sendfile-Type",
        "X-LIGHTTPD-send-file",
        "X-LiteSpeed-Location",
        "X-Reproxy-URL",
        "X-Envoy-Immediate-Health-Check-Fail",
        "X-Amz-Meta",
        "x-amzn-RequestId",
        "X-Frame-Options",
        "X-Content-Type-Options",
        "X-XSS-Protection",
        "X-Hookwell-Capture"
      })
  @Shows({"H61", "S18"})
  void anyOtherHeaderIsRefusedByItsName(String name) {
    String refusal = refusal(open(header(name, "1")));

    assertTrue(refusal.startsWith("Step 1: the header " + name + " is not allowed."), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "TEXT/HTML",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/javascript",
        "application/javascript",
        "text/css",
        "application/pdf",
        "multipart/x-mixed-replace",
        "text/event-stream",
        "application/wasm",
        "*/*"
      })
  @Shows({"H61", "S18"})
  void anyOtherTypeIsRefusedByItsName(String type) {
    String refusal = refusal(open(header("Content-Type", type)));

    assertTrue(
        refusal
            .toLowerCase(Locale.ROOT)
            .contains("the content type " + type.toLowerCase(Locale.ROOT) + " is not allowed."),
        refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain; charset=utf-7",
        "text/plain; charset=utf-8; x=y",
        "text/plain; boundary=x",
        "text/plain;",
        "text/plain, text/html"
      })
  void aTypeHasNoParameterButUtf8(String type) {
    assertTrue(refusal(open(header("Content-Type", type))).startsWith("Step 1: the "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nSet-Cookie: x=y", "a\\nb", " a", "a ", "", "ä", "a\\u0000"})
  @Shows("S18")
  void aValueIsPrintableAscii(String value) {
    assertTrue(refusal(open(header("X-Own", value))).startsWith("Step 1: the value of X-Own"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X Own", "X-Own:", "X-Öwn", "X-Own\\r\\n"})
  void aNameIsAToken(String name) {
    assertTrue(refusal(open(header(name, "1"))).startsWith("Step 1: a header's name"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"steps":[]} | It needs steps: at least one.
          {"steps":{}} | steps must be a list.
          {"steps":[{"status":200}],"more":1} | It may hold steps and handshakes, and nothing else.
          {"v":1,"steps":[{"status":200}]} | It may hold steps and handshakes, and nothing else.
          {"steps":[{"status":200}],"handshakes":"slack"} | handshakes must be true, false or "strava".
          {"steps":[{"status":200}]}{} | Something follows the object.
          {"steps":[{"status":200,"status":201}]} | It is not JSON, or repeats a member.
          {"steps":[{}]} | Step 1: it needs a status.
          {"steps":["x"]} | Step 1: it must be an object.
          {"steps":[{"status":"200"}]} | Step 1: status must be a whole number of a fitting size.
          {"steps":[{"status":200.5}]} | Step 1: status must be a whole number of a fitting size.
          {"steps":[{"status":99999999999}]} | Step 1: status must be a whole number of a fitting size.
          {"steps":[{"status":500},{"status":200}]} | Step 1: it has to end: by times, for, until or percent. Only the last one goes on.
          {"steps":[{"status":500,"times":1}]} | Step 1: the last one goes on for ever: without times, for, until and percent.
          {"steps":[{"status":500,"times":1,"for":"PT1M"},{"status":200}]} | Step 1: it ends by one of times, for, until and percent.
          {"steps":[{"status":200,"body":"a","bodyBase64":"YQ=="}]} | Step 1: it has either body or bodyBase64.
          {"steps":[{"status":200,"bodyBase64":"?"}]} | Step 1: bodyBase64 is not base64.
          {"steps":[{"status":200,"body":"\\ud800"}]} | Step 1: body holds half a surrogate pair; give the bytes in bodyBase64.
          {"steps":[{"status":500,"times":1},{"status":204,"body":"a"}]} | Step 2: a response of status 204 has no body.
          {"steps":[{"status":205,"body":"a"}]} | Step 1: a response of status 205 has no body.
          {"steps":[{"status":304,"bodyBase64":"YQ=="}]} | Step 1: a response of status 304 has no body.
          {"steps":[{"status":500,"for":"2m"},{"status":200}]} | Step 1: for must be an ISO 8601 duration, as PT2M.
          {"steps":[{"status":500,"until":"tomorrow"},{"status":200}]} | Step 1: until must be a time, as 2027-01-31T12:00:00Z.
          {"steps":[{"status":200,"headers":[["X-A","1"],["x-a","2"]]}]} | Step 1: the header x-a is there twice.
          {"steps":[{"status":200,"headers":[["X-A"]]}]} | Step 1: headers must be a list of ["name", "value"].
          {"steps":[{"status":200,"headers":{"X-A":"1"}}]} | Step 1: headers must be a list of ["name", "value"].
          """)
  void whatIsWrongIsSaid(String script, String said) {
    assertEquals(said, refusal(script));
  }

  @Test
  void aResponseIsTextUnlessItSaysOtherwiseAndAlwaysInert() {
    GatewayResponse response = read(open("\"body\":\"hello\"")).open().response();

    assertEquals(
        Map.of(
            "content-type", "text/plain; charset=utf-8",
            "content-security-policy", "sandbox; default-src 'none'",
            "x-content-type-options", "nosniff",
            "cache-control", "no-store",
            "access-control-allow-origin", "*",
            "access-control-expose-headers", "etag, retry-after, content-disposition"),
        response.headers());
    assertTrue(
        !read("{\"steps\":[{\"status\":204}]}")
            .open()
            .response()
            .headers()
            .containsKey("content-type"));
  }

  private static String open(String fields) {
    return steps("{\"status\":200," + fields + "}");
  }

  private static String steps(String steps) {
    return "{\"steps\":[" + steps + "]}";
  }

  private static String header(String name, String value) {
    return "\"headers\":[[\"" + name + "\",\"" + value + "\"]]";
  }

  private static String headers(int number) {
    StringBuilder headers = new StringBuilder();
    for (int i = 1; i <= number; i++) {
      headers.append(i == 1 ? "" : ",").append("[\"X-").append(i).append("\",\"1\"]");
    }
    return headers.toString();
  }

  private static String refusal(String script) {
    return assertThrows(ScriptException.class, () -> read(script), script).detail();
  }

  private static ResponseScript read(String script) {
    return ScriptReader.read(utf8(script), LONGEST_DELAY, NOW);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
