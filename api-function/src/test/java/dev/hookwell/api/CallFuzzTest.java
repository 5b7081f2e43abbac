package dev.hookwell.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.Shows;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The parsing of a call before its key is checked. An input is the method, path, query and Accept
 * of a call on a line each, and then its body.
 */
final class CallFuzzTest {
  private static final Instant NOW = Captures.RECEIVED_AT;
  private static final ApiSettings SETTINGS =
      ApiSettings.from(
          new Environment(
              Map.of(
                  "HOOK_KEYS", Captures.HOOK_KEYS,
                  "READER_KEYS", Captures.READER_KEYS,
                  "SEED_KEY", Captures.SEED_KEY,
                  "DATABASE_URL", "postgresql://u@h/d")),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @FuzzTest(maxDuration = "3m")
  @Shows("H58")
  void aCallIsUnderstoodOrAProblem(byte[] input) {
    List<String> lines = Arrays.asList(new String(input, UTF_8).split("\n", 5));
    if (lines.size() < 5 || lines.get(0).isEmpty() || lines.get(1).isEmpty()) {
      return;
    }
    GatewayRequest request = request(lines);

    assertRouted(RouteMatch.of(request.method(), request.path()), request);
    try {
      assertInRange(ListQuery.of(request));
    } catch (ProblemException e) {
      assertTold(e);
    }
    try {
      Instant end = CreateHook.read(request).end(NOW, SETTINGS);
      assertTrue(end.isAfter(NOW) && !end.isAfter(NOW.plus(SETTINGS.longestHookLife())));
    } catch (ProblemException e) {
      assertTold(e);
    }
  }

  private static void assertRouted(RouteMatch match, GatewayRequest request) {
    String path = request.path();
    switch (match) {
      case RouteMatch.OfSite(SiteRoute route) ->
          assertEquals(
              route.path(),
              route == SiteRoute.ASSET ? path.substring(0, "/assets/".length()) : path);
      case RouteMatch.OfHook(HookRoute route, HookRoute.Target(String hook, String ref)) ->
          assertEquals(route.path().replace("{hook}", hook).replace("{ref}", ref), path);
      case RouteMatch.Preflight _ -> assertEquals("OPTIONS", request.method());
      case RouteMatch.WrongMethod(String allow) ->
          assertFalse(List.of(allow.split(", ", -1)).contains(request.method()));
      case RouteMatch.Nothing _ -> {}
    }
  }

  private static void assertInRange(ListQuery query) {
    assertTrue(query.limit() >= 1 && query.limit() <= 500);
    assertTrue(query.cursor() >= 0);
    assertTrue(query.waitFor().toSeconds() >= 0 && query.waitFor().toSeconds() <= 20);
    assertFalse(query.after().isPresent() && query.before().isPresent());
  }

  /** A problem that the caller can mend, which holds no text of the caller's but a plain name. */
  private static void assertTold(ProblemException problem) {
    int status = problem.problem().type().status();
    assertTrue(status == 400 || status == 413 || status == 415, () -> "" + status);
    Object parameter = problem.problem().members().getOrDefault("parameter", "?");
    assertTrue(parameter.toString().matches("[A-Za-z0-9_.-]{1,40}|\\?"), parameter::toString);
  }

  private static GatewayRequest request(List<String> lines) {
    return new GatewayRequest(
        lines.get(0),
        lines.get(1),
        lines.get(2),
        "HTTP/1.1",
        "192.0.2.7",
        List.of(new Header("accept", lines.get(3)), new Header("content-type", "application/json")),
        List.of(),
        lines.get(4),
        false,
        NOW,
        "request-1",
        "hooks.example.com");
  }
}
