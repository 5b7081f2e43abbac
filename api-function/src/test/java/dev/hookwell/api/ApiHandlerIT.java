package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.PostgresServer;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses of every route to every kind of caller; failures, the page and the log. */
final class ApiHandlerIT extends ApiFixture {
  @ParameterizedTest
  @ValueSource(strings = {"", "/captures", "/captures/1", "/captures/1/body"})
  void everyReadNeedsTheKeyOfItsHook(String tail) {
    save(1);
    String path = HOOK_PATH + tail;

    assertEquals(401, send(event("GET", path)).status());
    assertEquals("Bearer", send(event("GET", path)).headers().get("www-authenticate"));
    assertEquals(401, withKey("GET", path, "Basic abc").status());
    assertEquals(401, withKey("GET", path, "Bearer short").status());
    assertEquals(401, withKey("GET", path, "Bearer " + VIEW_KEY + "x").status());
    assertEquals(401, send(event("GET", path).query("key=" + VIEW_KEY)).status());
    assertEquals(
        404, withKey("GET", path, "Bearer " + READER_KEYS.viewKey(Captures.hook(2))).status());
    assertEquals(200, withKey("GET", path, "bearer " + VIEW_KEY).status());
    assertEquals(200, withKey("GET", path, "Bearer " + READER_KEYS.ownerKey(HOOK)).status());
  }

  @Test
  @Shows("S03")
  void theKeyOfACaptureReadsThatOneAndNothingElse() {
    save(3);
    String bearer = "Bearer " + READER_KEYS.captureKey(HOOK, 2);
    String id = json(view(HOOK_PATH + "/captures/2")).get("id").textValue();

    assertEquals(2, json(withKey("GET", HOOK_PATH + "/captures/2", bearer)).get("seq").intValue());
    assertEquals("{\"n\": 2}", text(withKey("GET", HOOK_PATH + "/captures/2/body", bearer)));
    for (String tail :
        List.of(
            "",
            "/captures",
            "/captures/1",
            "/captures/3",
            "/captures/1/body",
            "/captures/4",
            "/captures/latest",
            "/captures/" + id,
            "/response")) {
      assertEquals(404, withKey("GET", HOOK_PATH + tail, bearer).status(), tail);
    }
    for (String tail : List.of("", "/captures", "/captures/2", "/response")) {
      assertEquals(404, withKey("DELETE", HOOK_PATH + tail, bearer).status(), tail);
    }
    assertEquals(404, withKey("POST", HOOK_PATH + "/response/restart", bearer).status());
    assertEquals(200, view(HOOK_PATH + "/captures/2").status(), "nothing was deleted");
  }

  @Test
  void theKeyOfACaptureEndsWithItAndWithItsHook() {
    save(2);
    String path = HOOK_PATH + "/captures/2";
    String theirs = "/api/hooks/" + Captures.hook(2).text() + "/captures/2";
    String bearer = "Bearer " + READER_KEYS.captureKey(HOOK, 2);
    String owner = "Bearer " + READER_KEYS.ownerKey(HOOK);

    assertEquals(404, withKey("GET", theirs, bearer).status());
    environment.put("READER_KEYS", "2:" + "C".repeat(43) + "," + environment.get("READER_KEYS"));
    assertEquals(200, withKey("GET", path, bearer).status(), "the ring was rotated");
    assertEquals(204, withKey("DELETE", path, owner).status());
    assertEquals(404, withKey("GET", path, bearer).status());
    clock.set(Captures.EXPIRES_AT);
    assertEquals(410, withKey("GET", path, bearer).status());
  }

  @Test
  @Shows({"H37", "S28"})
  void anIdThatIsNoneAndAKeyOfAnotherHookAskNoDatabase() {
    PostgresServer.execute(url, "ALTER TABLE hooks RENAME TO elsewhere");

    assertEquals(503, view(HOOK_PATH).status(), "the database does fail");
    for (String path : List.of("/api/hooks/x", HOOK_PATH + "A", HOOK_PATH + "A/captures/1/body")) {
      assertEquals(404, withKey("GET", path, "Bearer " + VIEW_KEY).status(), path);
    }
    String theirs = READER_KEYS.viewKey(Captures.hook(2));
    assertEquals(404, withKey("GET", HOOK_PATH, "Bearer " + theirs).status());
    assertEquals(401, send(event("GET", HOOK_PATH)).status());
  }

  @Test
  void anIdThatIsNoneIsNotFound() {
    for (String id : List.of("x", HOOK.text().toLowerCase(Locale.ROOT), HOOK.text() + ".")) {
      assertEquals(404, withKey("GET", "/api/hooks/" + id, "Bearer " + VIEW_KEY).status(), id);
    }
  }

  @Test
  void anExpiredHookIsGoneForWhoHasItsKey() {
    clock.set(Captures.EXPIRES_AT);

    assertEquals(410, view(HOOK_PATH).status());
    assertEquals(
        404, withKey("GET", HOOK_PATH, "Bearer " + READER_KEYS.viewKey(Captures.hook(2))).status());
  }

  @Test
  void aDatabaseThatFailsMeansTryLater() {
    PostgresServer.execute(url, "ALTER TABLE hooks RENAME TO elsewhere");

    GatewayResponse answer = view(HOOK_PATH + "/captures");

    assertEquals(503, answer.status());
    assertEquals("5", answer.headers().get("retry-after"));
    assertEquals("application/problem+json", answer.headers().get("content-type"));
    assertEquals(200, send(event("GET", "/api/health")).status());
    assertEquals(201, send(event("POST", "/api/hooks")).status());
    assertEquals(200, send(event("GET", "/")).status());
  }

  @Test
  void unknownRoutesAndMethodsAreProblemsWhateverIsAccepted() {
    GatewayResponse route = send(event("GET", "/api/none").header("accept", "text/html"));
    GatewayResponse method = send(event("PATCH", "/api/hooks").header("accept", "text/html"));

    assertEquals(404, route.status());
    assertEquals("application/problem+json", route.headers().get("content-type"));
    assertEquals(405, method.status());
    assertEquals("POST, OPTIONS", method.headers().get("allow"));
  }

  @Test
  void headHasTheHeadersOfGetAndNoBody() {
    GatewayResponse answer = withKey("HEAD", HOOK_PATH, "Bearer " + VIEW_KEY);

    assertEquals(200, answer.status());
    assertEquals(0, answer.body().size());
    assertEquals("application/json", answer.headers().get("content-type"));
  }

  @Test
  @Shows("S20")
  void aBrowserMayAskFromAnywhereButNeverWithCredentials() {
    GatewayResponse preflight = send(event("OPTIONS", HOOK_PATH + "/captures"));

    assertEquals(200, preflight.status());
    assertEquals("*", preflight.headers().get("access-control-allow-origin"));
    assertTrue(
        String.valueOf(preflight.headers().get("access-control-allow-headers"))
            .contains("authorization"));
    assertNull(preflight.headers().get("access-control-allow-credentials"));
  }

  @Test
  @Shows({"S06", "S15"})
  void thePageIsServedWithItsPolicyAndItsAssetsForEver() {
    GatewayResponse index = send(event("GET", "/"));
    String asset = text(index).replaceAll("(?s).*(/assets/[0-9a-z]+/app\\.js).*", "$1");
    GatewayResponse script = send(event("GET", asset));

    assertEquals("text/html; charset=utf-8", index.headers().get("content-type"));
    assertEquals("no-cache", index.headers().get("cache-control"));
    for (GatewayResponse answer : List.of(index, script, send(event("GET", "/terms")))) {
      assertEquals(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
              + " connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
              + " require-trusted-types-for 'script'; trusted-types lit-html hookwell-worker",
          answer.headers().get("content-security-policy"));
      assertEquals("no-referrer", answer.headers().get("referrer-policy"));
      assertEquals("nosniff", answer.headers().get("x-content-type-options"));
      assertEquals("same-origin", answer.headers().get("cross-origin-opener-policy"));
      assertEquals("same-origin", answer.headers().get("cross-origin-resource-policy"));
      assertEquals("max-age=31536000", answer.headers().get("strict-transport-security"));
      assertFalse(
          String.valueOf(answer.headers().get("permissions-policy")).matches(".*=\\((?!\\)).*"));
    }
    assertEquals(200, script.status());
    assertEquals("gzip", script.headers().get("content-encoding"));
    assertEquals("public, max-age=31536000, immutable", script.headers().get("cache-control"));
    assertEquals(404, send(event("GET", "/assets/0000/app.js")).status());
  }

  @Test
  void theDocumentIsServed() {
    JsonNode document = json(send(event("GET", "/api/openapi.json")));

    assertEquals("3.1.0", document.get("openapi").textValue());
  }

  @Test
  void noKeyReachesTheLog() {
    PostgresServer.execute(url, "ALTER TABLE hooks RENAME TO elsewhere");
    view(HOOK_PATH + "/captures");

    String lines = String.join("\n", log);
    assertTrue(lines.contains("api.store-unavailable"), lines);
    assertFalse(lines.contains(VIEW_KEY) || lines.contains(HOOK.text()), lines);
  }
}
