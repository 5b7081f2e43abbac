package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.Sleeper;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiHandlerIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Captures.RECEIVED_AT.plusSeconds(60);
  private static final HookId HOOK = Captures.hook(1);
  private static final String HOOK_PATH = "/api/hooks/" + HOOK.text();
  private static final ReaderKeys READER_KEYS = ReaderKeys.parse(Captures.READER_KEYS);
  private static final String VIEW_KEY = READER_KEYS.viewKey(HOOK);

  private final Map<String, String> environment =
      new HashMap<>(Map.of("HOOK_KEYS", Captures.HOOK_KEYS, "READER_KEYS", Captures.READER_KEYS));
  private final String url = POSTGRES.freshSchema();
  private final Database database = Stores.open(url, 2);
  private final List<String> log = new ArrayList<>();
  private final SettableClock clock = new SettableClock(NOW);

  @AfterEach
  void close() {
    database.close();
  }

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
  void theBodyOfCreateIsReadStrictly(String body, int status) {
    assertEquals(status, create(body).status(), body);
  }

  @Test
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
  void aHookWithoutCapturesHasZerosAndNulls() {
    JsonNode hook = json(view(HOOK_PATH));

    assertEquals(HOOK.text(), hook.get("id").textValue());
    assertEquals("https://hooks.example.com/h/" + HOOK.text(), hook.get("url").textValue());
    assertEquals("2036-01-01T00:00:00.000Z", hook.get("expiresAt").textValue());
    assertEquals(
        "{\"stored\":0,\"available\":0,\"evicted\":0,\"deleted\":0,\"bytes\":0}",
        hook.get("counts").toString());
    assertTrue(hook.get("firstSeq").isNull() && hook.get("lastSeq").isNull());
    assertEquals(
        "{\"bodyBytes\":4194304,\"captures\":10000,\"bytes\":268435456,\"captureLifetime\":\"PT168H\"}",
        hook.get("limits").toString());
    assertEquals(
        "{\"captures\":[],\"next\":0,\"more\":false,\"timedOut\":false,\"counts\":"
            + hook.get("counts")
            + "}",
        text(view(HOOK_PATH + "/captures")));
  }

  @Test
  void aHookSaysWhatItHolds() {
    save(3);

    JsonNode hook = json(view(HOOK_PATH));

    assertEquals(
        "{\"stored\":3,\"available\":3,\"evicted\":0,\"deleted\":0,\"bytes\":24}",
        hook.get("counts").toString());
    assertEquals(1, hook.get("firstSeq").longValue());
    assertEquals(3, hook.get("lastSeq").longValue());
  }

  @Test
  void aListHoldsSummaries() {
    save(1);

    JsonNode summary = json(view(HOOK_PATH + "/captures")).get("captures").get(0);

    assertTrue(summary.get("storedAt").textValue().matches("[0-9T:.-]{23}Z"));
    assertEquals(
        "{\"id\":\"01980000-0000-7000-8000-000000000001\",\"seq\":1,"
            + "\"receivedAt\":\"2026-11-24T10:15:30.124Z\",\"storedAt\":"
            + summary.get("storedAt")
            + ",\"method\":\"POST\",\"path\":\"/h/"
            + HOOK.text()
            + "/orders\",\"query\":\"page=1&sort=%2Bname\",\"protocol\":\"HTTP/1.1\","
            + "\"sourceIp\":\"192.0.2.7\",\"contentType\":\"application/json\","
            + "\"userAgent\":\"billing/2.1\",\"bodySize\":8,\"bodySha256\":\""
            + summary.get("bodySha256").textValue()
            + "\",\"notes\":[],\"sender\":null,\"event\":null,\"deliveryId\":null}",
        summary.toString());
  }

  @Test
  void capturesAreListedInBothDirections() {
    save(7);

    assertPage("after=0&limit=3", List.of(1, 2, 3), 3, true);
    assertPage("after=3&limit=3", List.of(4, 5, 6), 6, true);
    assertPage("after=6&limit=3", List.of(7), 7, false);
    assertPage("after=7", List.of(), 7, false);
    assertPage("after=999", List.of(), 999, false);
    assertPage("", List.of(7, 6, 5, 4, 3, 2, 1), 1, false);
    assertPage("limit=3", List.of(7, 6, 5), 5, true);
    assertPage("before=5&limit=3", List.of(4, 3, 2), 2, true);
    assertPage("before=2", List.of(1), 1, false);
    assertPage("before=1", List.of(), 1, false);
    assertPage("limit=7", List.of(7, 6, 5, 4, 3, 2, 1), 1, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "after=1&before=2",
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=1e9",
        "limit=abc",
        "limit=5&limit=5",
        "after=",
        "after=-1",
        "wait=21",
        "include=cookies",
        "include=body,body",
        "include=",
        "key=x",
        "after=%zz"
      })
  void aWrongParameterIsABadRequest(String query) {
    GatewayResponse answer = view(HOOK_PATH + "/captures", query);

    assertEquals(400, answer.status());
    assertEquals("urn:hookwell:problem:bad-parameter", json(answer).get("type").textValue());
    assertTrue(json(answer).hasNonNull("parameter"));
  }

  @Test
  void anAnswerStaysBelowOneMebibyteWhateverTheLimit() {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      byte[] body = new byte[200_000];
      new Random(i).nextBytes(body);
      captures.add(Captures.capture(HOOK, i, body));
    }
    store(captures);

    List<Long> seen = new ArrayList<>();
    JsonNode page;
    long after = 0;
    do {
      GatewayResponse answer =
          view(HOOK_PATH + "/captures", "include=body&limit=500&after=" + after);
      assertTrue(answer.body().size() <= CapturePage.MAX_BYTES, "size " + answer.body().size());
      page = json(answer);
      page.get("captures").forEach(capture -> seen.add(capture.get("seq").longValue()));
      assertTrue(page.get("captures").size() > 0);
      after = page.get("next").longValue();
    } while (page.get("more").booleanValue());

    assertEquals(30, seen.size());
    assertEquals(seen.stream().sorted().distinct().toList(), seen);
  }

  @Test
  void aTextThatEscapesMakeLongerThanAnAnswerIsListedWithoutItsData() {
    byte[] controls = new byte[CaptureJson.MAX_DATA_BYTES];
    store(List.of(Captures.capture(HOOK, 1, controls), Captures.capture(HOOK, 2, new byte[1])));

    JsonNode first =
        json(view(HOOK_PATH + "/captures", "include=body&after=0&limit=1")).get("captures").get(0);

    assertEquals(controls.length, first.get("body").get("size").intValue());
    assertFalse(first.get("body").has("data"));
    assertEquals(
        controls.length,
        json(view(HOOK_PATH + "/captures/1")).get("body").get("data").textValue().length());
  }

  @Test
  void headersAndBodiesAreIncludedWhenAskedFor() {
    save(1);

    JsonNode capture =
        json(view(HOOK_PATH + "/captures", "include=headers,body")).get("captures").get(0);

    assertEquals(
        "[[\"content-type\",\"application/json\"],[\"user-agent\",\"billing/2.1\"],[\"x-dup\",\"a,b\"]]",
        capture.get("headers").toString());
    assertEquals("[\"session=abc\",\"theme=dark\"]", capture.get("cookies").toString());
    assertEquals("{\"n\": 1}", capture.get("body").get("data").textValue());
  }

  @Test
  void linesOfJsonAreGivenWhenAskedFor() {
    save(3);

    GatewayResponse answer =
        send(
            event("GET", HOOK_PATH + "/captures")
                .query("after=1")
                .header("accept", "application/x-ndjson")
                .header("authorization", "Bearer " + VIEW_KEY));

    assertEquals("application/x-ndjson", answer.headers().get("content-type"));
    assertEquals(
        List.of(2L, 3L),
        text(answer).lines().map(line -> read(line).get("seq").longValue()).toList());
  }

  @Test
  void anUnchangedHookIsNotModified() {
    save(2);
    String etag = view(HOOK_PATH + "/captures").headers().get("etag");

    GatewayResponse unchanged = viewIfNoneMatch(String.valueOf(etag));
    assertEquals(304, viewIfNoneMatch("\"x\", " + etag).status());
    assertEquals(304, viewIfNoneMatch(String.valueOf(etag).replace("W/", "")).status());
    store(List.of(Captures.capture(HOOK, 3, new byte[1])));

    assertEquals(304, unchanged.status());
    assertEquals(0, unchanged.body().size());
    assertEquals(200, viewIfNoneMatch("\"x\"").status());
    assertNotEquals(etag, view(HOOK_PATH + "/captures", "after=0").headers().get("etag"));
    GatewayResponse changed = viewIfNoneMatch(String.valueOf(etag));
    assertEquals(200, changed.status());
    assertNotEquals(etag, changed.headers().get("etag"));
  }

  @Test
  void aWaitEndsWhenSomethingIsStored() {
    List<Duration> pauses = new ArrayList<>();
    ApiHandler handler =
        handler(pause -> {
          pauses.add(pause);
          if (pauses.size() == 3) {
            save(1);
          }
        });

    JsonNode page = json(handler.answer(list("after=0&wait=20"), NOW.plusSeconds(25)));

    assertEquals(3, pauses.size());
    assertEquals(1, page.get("captures").size());
    assertFalse(page.get("timedOut").booleanValue());
  }

  @Test
  void aWaitThatEndsWithNothingSaysSo() {
    ApiHandler handler = handler(clock::pass);

    JsonNode page = json(handler.answer(list("after=0&wait=20"), NOW.plusSeconds(25)));

    assertEquals(NOW.plusSeconds(20), clock.instant());
    assertTrue(page.get("timedOut").booleanValue());
    assertEquals(0, page.get("next").longValue());
  }

  @Test
  void aWaitEndsBeforeTheInvocationDoes() {
    ApiHandler handler = handler(clock::pass);

    assertEquals(200, handler.answer(list("after=0&wait=20"), NOW.plusSeconds(5)).status());

    assertEquals(NOW.plusSeconds(5), clock.instant());
  }

  @Test
  void oneCaptureIsShownWholeByIdByNumberAndAsTheLatest() {
    save(3);

    JsonNode capture = json(view(HOOK_PATH + "/captures/" + Captures.id(3)));

    assertEquals(3, capture.get("seq").longValue());
    assertEquals("apigw-http-2.0", capture.get("edge").textValue());
    assertEquals(3, capture.get("headers").size());
    assertEquals("a,b", capture.get("headers").get(2).get(1).textValue());
    assertEquals("{\"n\": 3}", capture.get("body").get("data").textValue());
    assertEquals("utf-8", capture.get("body").get("encoding").textValue());
    assertEquals(capture, json(view(HOOK_PATH + "/captures/3")));
    assertEquals(capture, json(view(HOOK_PATH + "/captures/latest")));
  }

  @Test
  void aBodyThatIsNoTextIsGivenInBase64() {
    store(List.of(Captures.capture(HOOK, 1, new byte[] {(byte) 0xFF, 0x00, 0x41})));

    JsonNode body = json(view(HOOK_PATH + "/captures/1")).get("body");

    assertEquals("base64", body.get("encoding").textValue());
    assertEquals("/wBB", body.get("data").textValue());
    assertEquals(3, body.get("size").longValue());
  }

  @Test
  void aLongBodyIsLeftOutOfTheDocumentAndFetchedByItself() {
    byte[] atLimit = randomBytes(CaptureJson.MAX_DATA_BYTES);
    byte[] past = randomBytes(CaptureJson.MAX_DATA_BYTES + 1);
    store(List.of(Captures.capture(HOOK, 1, atLimit), Captures.capture(HOOK, 2, past)));

    assertTrue(json(view(HOOK_PATH + "/captures/1")).get("body").has("data"));
    assertFalse(json(view(HOOK_PATH + "/captures/2")).get("body").has("data"));
    assertArrayEquals(past, view(HOOK_PATH + "/captures/2/body").body().toByteArray());
  }

  @Test
  void theRawBodyIsAnAttachmentThatNothingRuns() {
    byte[] html = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
    store(List.of(Captures.capture(HOOK, 1, html)));

    GatewayResponse answer = view(HOOK_PATH + "/captures/1/body");

    assertArrayEquals(html, answer.body().toByteArray());
    assertTrue(answer.binary());
    assertEquals("application/octet-stream", answer.headers().get("content-type"));
    assertEquals(
        "attachment; filename=\"" + Captures.id(1) + ".bin\"",
        answer.headers().get("content-disposition"));
    assertEquals("sandbox; default-src 'none'", answer.headers().get("content-security-policy"));
    assertEquals("nosniff", answer.headers().get("x-content-type-options"));
  }

  @Test
  void aCompressedBodyComesBackAsItWasSent() {
    byte[] zeros = new byte[CapturedBody.MAX_BYTES];
    store(List.of(Captures.capture(HOOK, 1, zeros)));

    assertArrayEquals(zeros, view(HOOK_PATH + "/captures/1/body").body().toByteArray());
  }

  @Test
  void aBodyThatWasNotKeptIsSaidToBeGone() {
    store(List.of(Captures.capture(HOOK, 1, new byte[CapturedBody.MAX_BYTES + 1])));

    JsonNode capture = json(view(HOOK_PATH + "/captures/1"));
    assertEquals("[\"body-too-large\"]", capture.get("notes").toString());
    assertEquals(CapturedBody.MAX_BYTES + 1, capture.get("body").get("size").intValue());
    assertFalse(capture.get("body").has("data"));
    assertEquals(410, view(HOOK_PATH + "/captures/1/body").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "2",
        "-1",
        "01",
        "first",
        "01980000-0000-7000-8000-000000000009",
        "1-1-1-1-1",
        "9999999999999999999999"
      })
  void aCaptureThatIsNotThereIsNotFound(String ref) {
    save(1);

    assertEquals(404, view(HOOK_PATH + "/captures/" + ref).status());
    assertEquals(404, view(HOOK_PATH + "/captures/" + ref + "/body").status());
  }

  @Test
  void theCaptureOfAnotherHookIsNotFound() {
    store(List.of(Captures.capture(2, 1, "theirs")));

    assertEquals(404, view(HOOK_PATH + "/captures/" + Captures.id(1)).status());
  }

  @Test
  void theOwnerDeletesOneCaptureAndItDoesNotComeBack() {
    save(3);

    assertEquals(204, own("DELETE", HOOK_PATH + "/captures/2").status());
    assertEquals(404, own("DELETE", HOOK_PATH + "/captures/2").status());
    save(3);

    assertPage("after=0", List.of(1, 3), 3, false);
    assertEquals(
        "{\"stored\":3,\"available\":2,\"evicted\":0,\"deleted\":1,\"bytes\":16}",
        json(view(HOOK_PATH)).get("counts").toString());
  }

  @Test
  void theOwnerClearsTheHookAndWhatWasReceivedBeforeDoesNotComeBack() {
    save(3);

    assertEquals(204, own("DELETE", HOOK_PATH + "/captures").status());
    save(4);

    assertPage("after=0", List.of(), 0, false);
    assertEquals(
        "{\"stored\":3,\"available\":0,\"evicted\":0,\"deleted\":3,\"bytes\":0}",
        json(view(HOOK_PATH)).get("counts").toString());
    Capture later = Captures.capture(1, 70_000, "later");
    store(List.of(later));
    assertPage("after=0", List.of(4), 4, false);
  }

  @Test
  void aDeletedHookIsGoneAlsoBeforeItsFirstCapture() {
    assertEquals(204, own("DELETE", HOOK_PATH).status());
    assertEquals(204, own("DELETE", HOOK_PATH).status());
    save(2);

    assertEquals(2, json(view(HOOK_PATH)).get("dropped").intValue());
    assertEquals(410, view(HOOK_PATH + "/captures").status());
    assertEquals(410, own("DELETE", HOOK_PATH + "/captures").status());
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM captures"));
    assertEquals(2, PostgresServer.number(url, "SELECT dropped_count FROM hooks"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/captures", "/captures/1"})
  void deletingNeedsTheOwnersKey(String tail) {
    save(1);

    assertEquals(401, send(event("DELETE", HOOK_PATH + tail)).status());
    assertEquals(403, withKey("DELETE", HOOK_PATH + tail, "Bearer " + VIEW_KEY).status());
    assertPage("after=0", List.of(1), 1, false);
  }

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
    GatewayResponse method = send(event("PUT", "/api/hooks").header("accept", "text/html"));

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
  void thePageIsServedWithItsPolicyAndItsAssetsForEver() {
    GatewayResponse index = send(event("GET", "/"));
    String asset = text(index).replaceAll("(?s).*(/assets/[0-9a-z]+/app\\.js).*", "$1");
    GatewayResponse script = send(event("GET", asset));

    assertEquals("text/html; charset=utf-8", index.headers().get("content-type"));
    assertEquals("no-cache", index.headers().get("cache-control"));
    for (GatewayResponse answer : List.of(index, script, send(event("GET", "/terms")))) {
      assertEquals(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
              + " require-trusted-types-for 'script'; trusted-types lit-html",
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

  private void assertPage(String query, List<Integer> seqs, long next, boolean more) {
    JsonNode page = json(view(HOOK_PATH + "/captures", query));
    List<Integer> listed = new ArrayList<>();
    page.get("captures").forEach(capture -> listed.add(capture.get("seq").intValue()));
    assertEquals(seqs, listed, query);
    assertEquals(next, page.get("next").longValue(), query);
    assertEquals(more, page.get("more").booleanValue(), query);
  }

  private void save(int count) {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      captures.add(Captures.capture(1, i, "{\"n\": " + i + "}"));
    }
    store(captures);
  }

  private void store(List<Capture> captures) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock))
        .save(
            captures.stream().map(capture -> EnvelopeWriter.write(capture).capture()).toList(),
            NOW.plusSeconds(30));
  }

  private GatewayResponse create(String body) {
    return send(event("POST", "/api/hooks").header("content-type", "application/json").text(body));
  }

  private GatewayResponse view(String path) {
    return view(path, "");
  }

  private GatewayResponse view(String path, String query) {
    return send(event("GET", path).query(query).header("authorization", "Bearer " + VIEW_KEY));
  }

  private GatewayResponse own(String method, String path) {
    return withKey(method, path, "Bearer " + READER_KEYS.ownerKey(HOOK));
  }

  private GatewayResponse viewIfNoneMatch(String etag) {
    return send(
        event("GET", HOOK_PATH + "/captures")
            .header("authorization", "Bearer " + VIEW_KEY)
            .header("if-none-match", etag));
  }

  private GatewayResponse withKey(String method, String path, String authorization) {
    return send(event(method, path).at(clock.instant()).header("authorization", authorization));
  }

  private static InputStream list(String query) {
    return event("GET", HOOK_PATH + "/captures")
        .query(query)
        .header("authorization", "Bearer " + VIEW_KEY)
        .open();
  }

  private GatewayResponse send(Events event) {
    GatewayResponse answer =
        handler(pause -> {}).answer(event.open(), clock.instant().plusSeconds(25));
    if (isDescribed(event)) {
      OpenApiContract.check(
          event.method(),
          event.path(),
          answer.status(),
          answer.headers().getOrDefault("content-type", ""),
          answer.body().toByteArray());
    }
    return answer;
  }

  /** HEAD and preflights are HTTP's own, and the page is not the API's. */
  private static boolean isDescribed(Events event) {
    return event.path().startsWith("/api/")
        && !event.path().equals("/api/none")
        && List.of("GET", "POST", "DELETE").contains(event.method());
  }

  private ApiHandler handler(Sleeper sleeper) {
    return new ApiHandler(
        ApiSettings.from(new Environment(environment), clock),
        database,
        clock,
        new Random(3),
        sleeper,
        new EventLog(log::add, clock));
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static String text(GatewayResponse answer) {
    return new String(answer.body().toByteArray(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(GatewayResponse answer) {
    return read(text(answer));
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }
}
