package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Making a hook. */
final class CreateHookIT extends ApiFixture {
  @Test
  void aNewHookComesWithItsAddressesKeysAndEnd() {
    GatewayResponse answer = send(event("POST", "/api/hooks"));

    assertEquals(201, answer.status());
    JsonNode hook = json(answer);
    String id = hook.get("id").textValue();
    HookId parsed =
        ((HookCheck.Valid) HookKeys.parse(Captures.HOOK_KEYS).check(id, clock.instant())).id();
    assertEquals("https://hooks.example.com/h/" + id, hook.get("url").textValue());
    assertEquals("https://hooks.example.com/api/hooks/" + id, hook.get("apiUrl").textValue());
    assertEquals(READER_KEYS.viewKey(parsed), hook.get("viewKey").textValue());
    assertEquals(READER_KEYS.ownerKey(parsed), hook.get("ownerKey").textValue());
    assertEquals(
        "https://hooks.example.com/#/" + id + "/" + hook.get("viewKey").textValue(),
        hook.get("pageUrl").textValue());
    assertEquals("2026-11-24T10:16:30.123Z", hook.get("createdAt").textValue());
    assertEquals("2027-11-24T10:16:30.000Z", hook.get("expiresAt").textValue());
    assertEquals(8, hook.size());
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM hooks"));
  }

  @Test
  void addressesComeFromTheSettingAndNeverFromHost() {
    environment.put("PUBLIC_BASE_URL", "http://127.0.0.1:8080/");

    JsonNode hook = json(send(event("POST", "/api/hooks").header("host", "evil.example")));

    assertTrue(hook.get("url").textValue().startsWith("http://127.0.0.1:8080/h/"));
    assertFalse(hook.toString().contains("evil"));
  }

  @Test
  void aShellGetsThreeLines() {
    GatewayResponse answer =
        send(event("POST", "/api/hooks").header("accept", "application/xml, Text/Plain;q=0.9"));

    assertEquals("text/plain; charset=utf-8", answer.headers().get("content-type"));
    assertTrue(
        text(answer)
            .matches(
                """
                HOOKWELL_URL=https://hooks\\.example\\.com/h/[A-Za-z0-9_-]{44}
                HOOKWELL_API=https://hooks\\.example\\.com/api/hooks/[A-Za-z0-9_-]{44}
                HOOKWELL_KEY=[A-Za-z0-9_-]{43}
                """),
        text(answer));
  }

  @Test
  void aSeedGivesTheSameHookEveryTime() {
    String body =
        "{\"seed\":\"0123456789abcdef0123456789abcdef\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}";

    GatewayResponse first = create(body);
    clock.pass(Duration.ofSeconds(1000));
    GatewayResponse second = create(body);

    assertEquals(201, first.status());
    assertEquals(json(first).get("id"), json(second).get("id"));
    assertEquals("2027-01-01T00:00:00.000Z", json(first).get("expiresAt").textValue());
    environment.put("READER_KEYS", "2:" + "C".repeat(43) + "," + Captures.READER_KEYS);
    environment.put("HOOK_KEYS", "2:" + "B".repeat(43) + "," + Captures.HOOK_KEYS);
    assertEquals(uid(first), uid(create(body)), "both rings were rotated");
    environment.put("SEED_KEY", "D".repeat(43));
    assertNotEquals(uid(first), uid(create(body)), "another seed key");
  }

  private static HookUid uid(GatewayResponse created) {
    return HookId.parse(json(created).get("id").textValue()).orElseThrow().uid();
  }

  @Test
  void theSeedKeyIsChecked() {
    environment.remove("SEED_KEY");
    assertEquals("SEED_KEY is not set", refusal());
    environment.put("SEED_KEY", "short");
    assertEquals("SEED_KEY: the key is not base64url", refusal());
    environment.put("SEED_KEY", "A".repeat(42));
    assertEquals("SEED_KEY: the key is shorter than 32 bytes", refusal());
  }

  private @Nullable String refusal() {
    return assertThrows(ConfigurationException.class, () -> handler(pause -> {})).getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|201",
        "{\"expiresIn\":\"P30D\"}|201",
        "{\"expiresIn\":\"PT1M\"}|201",
        "{\"expiresIn\":\"PT59S\"}|400",
        "{\"expiresIn\":\"P1095D\"}|201",
        "{\"expiresIn\":\"P1095DT1S\"}|400",
        "{\"expiresIn\":\"-P1D\"}|400",
        "{\"expiresIn\":\"P1Y\"}|400",
        "{\"expiresIn\":30}|400",
        "{\"expiresIn\":null}|400",
        "{\"expiresIn\":\"P1D\",\"expiresIn\":\"P1D\"}|400",
        "{\"unknown\":1}|400",
        "{\"slug\":\"api\"}|400",
        "{\"forward_url\":\"http://169.254.169.254/\"}|400",
        "{\"seed\":\"0123456789abcdef0123456789abcdef\"}|400",
        "{\"expiresAt\":\"2027-01-01T00:00:00Z\"}|400",
        "{\"seed\":\"0123456789abcdef0123456789abcde\\ud800\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}|400",
        "{\"seed\":\"short\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}|400",
        "{\"seed\":\"0123456789abcdef0123456789abcdef\",\"expiresAt\":\"2026-11-24T10:16:30Z\"}|400",
        "{\"seed\":\"0123456789abcdef0123456789abcdef\",\"expiresAt\":\"2027-01-01T00:00:00.5Z\"}|400",
        "{\"seed\":\"0123456789abcdef0123456789abcdef\",\"expiresAt\":\"2040-01-01T00:00:00Z\"}|400",
        "{\"seed\":\"0123456789abcdef0123456789abcdef\",\"expiresAt\":\"tomorrow\"}|400",
        "[]|400",
        "null|400",
        "{|400",
        "{}{}|400",
        "x|400"
      })
  @Shows("S21")
  void theBodyOfCreateIsReadStrictly(String body, int status) {
    assertEquals(status, create(body).status(), body);
  }

  @Test
  @Shows("S10c")
  void theBodyOfCreateHasAtMost4096BytesOfJson() {
    String atLimit = "{" + " ".repeat(4094) + "}";
    assertEquals(201, create(atLimit).status());
    assertEquals(413, create(atLimit + " ").status());
    assertEquals(
        415,
        send(event("POST", "/api/hooks").header("content-type", "text/plain").text("{}")).status());
    assertEquals(415, send(event("POST", "/api/hooks").text("{}")).status());
    assertEquals(
        201,
        send(event("POST", "/api/hooks")
                .header("content-type", "Application/JSON; charset=utf-8")
                .bytes("{}".getBytes(StandardCharsets.UTF_8)))
            .status());
    assertEquals(400, create("[".repeat(4000)).status());
  }

  @Test
  @Shows("S21")
  void whereTheOperatorWantsItCreatingNeedsAKey() {
    environment.put("HOOK_CREATION", "key");
    environment.put("HOOK_CREATION_KEY", "operators-key");

    assertEquals(401, send(event("POST", "/api/hooks")).status());
    assertEquals(
        401, send(event("POST", "/api/hooks").header("authorization", "Bearer wrong")).status());
    assertEquals(
        201,
        send(event("POST", "/api/hooks").header("authorization", "Bearer operators-key")).status());
  }

  @Test
  @Shows("S20")
  void pagesOfForeignOriginsMakeNoHooksWhereTheOperatorNamesTheOthers() {
    assertEquals(201, from("https://anybody.example").status(), "in the cloud any may");
    environment.put("ALLOWED_ORIGINS", "http://localhost:3000");
    environment.put("PUBLIC_BASE_URL", "http://127.0.0.1:8080");

    assertEquals(201, send(event("POST", "/api/hooks")).status(), "no page at all");
    assertEquals(201, from("http://localhost:3000").status());
    assertEquals(201, from("http://127.0.0.1:8080").status(), "the page itself");
    for (String foreign : List.of("https://evil.example", "null", "http://127.0.0.1:8081", "")) {
      GatewayResponse refused = from(foreign);
      assertEquals(403, refused.status(), foreign);
      assertEquals("urn:hookwell:problem:foreign-origin", json(refused).get("type").textValue());
      assertEquals("*", refused.headers().get("access-control-allow-origin"), "it may read why");
    }
    assertEquals(
        200,
        send(event("OPTIONS", "/api/hooks").header("origin", "https://evil.example")).status(),
        "a preflight makes nothing");
    // Reading takes a key, which a page of another origin has to be given.
    assertEquals(
        200,
        send(event("GET", HOOK_PATH)
                .header("origin", "https://evil.example")
                .header("authorization", "Bearer " + VIEW_KEY))
            .status());
    environment.put("ALLOWED_ORIGINS", "nowhere");
    assertTrue(String.valueOf(refusal()).startsWith("ALLOWED_ORIGINS: "), refusal());
  }

  /** Named origins must not lock out the page of a site that has no domain of its own. */
  @Test
  void thePageAtTheGatewaysOwnAddressMakesHooksBesideTheNamedOnes() {
    environment.put("ALLOWED_ORIGINS", "https://app.example.com");

    assertEquals(201, from("https://app.example.com").status());
    assertEquals(201, from("https://hooks.example.com").status(), "the page itself");
    assertEquals(403, from("http://hooks.example.com").status());
    assertEquals(403, from("https://evil.example").status());
    environment.put("PUBLIC_BASE_URL", "https://mine.example");
    assertEquals(201, from("https://mine.example").status());
    assertEquals(403, from("https://hooks.example.com").status(), "the page is elsewhere");
  }

  private GatewayResponse from(String origin) {
    return send(event("POST", "/api/hooks").header("origin", origin));
  }

  @ParameterizedTest
  @CsvSource({"5,1000,201", "6,1000,503", "5,1001,503", "0,0,201"})
  @Shows("S10b")
  void overTheOperatorsBoundsNoHookIsMade(long hooks, long bytes, int status) {
    environment.put("HOOKS_LIMIT", "5");
    environment.put("STORED_BYTES_LIMIT", "1000");
    counted(hooks, bytes);

    GatewayResponse answer = send(event("POST", "/api/hooks"));

    assertEquals(status, answer.status());
    if (status == 503) {
      assertEquals("urn:hookwell:problem:creation-paused", json(answer).get("type").textValue());
      assertEquals("60", answer.headers().get("retry-after"));
    }
    assertEquals(200, view(HOOK_PATH).status(), "hooks that exist go on");
  }

  private void counted(long hooks, long bytes) {
    PostgresServer.execute(
        url,
        "DELETE FROM store_usage; INSERT INTO store_usage VALUES ('all', %d, %d, now())"
            .formatted(hooks, bytes));
  }

  @Test
  void theCountIsAskedForOnceInAWhile() {
    environment.put("HOOKS_LIMIT", "5");
    counted(6, 0);
    ApiHandler handler = handler(pause -> {});

    assertEquals(503, create(handler).status());
    counted(5, 0);
    assertEquals(503, create(handler).status(), "known for a while");
    clock.pass(CreationGate.INTERVAL);
    assertEquals(201, create(handler).status());
    PostgresServer.execute(url, "ALTER TABLE store_usage RENAME TO elsewhere");
    assertEquals(201, create(handler).status(), "not asked");
    assertTrue(log.stream().noneMatch(line -> line.contains("usage-unknown")), log.toString());
    clock.pass(CreationGate.INTERVAL);
    assertEquals(201, create(handler).status(), "what was known last");
    assertTrue(log.stream().anyMatch(line -> line.contains("usage-unknown")), log.toString());
  }

  @Test
  void aDatabaseThatIsNotThereKeepsNobodyFromMakingHooks() {
    database.close();

    assertEquals(201, send(event("POST", "/api/hooks")).status());
  }

  private GatewayResponse create(ApiHandler handler) {
    return handler.respond(event("POST", "/api/hooks").open(), clock.instant().plusSeconds(25));
  }

  private GatewayResponse create(String body) {
    return send(event("POST", "/api/hooks").header("content-type", "application/json").text(body));
  }
}
