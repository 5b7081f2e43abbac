package dev.hookwell.intake;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.InMemoryBodyStore;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Shows;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IntakeTest {
  private static final String HOOK = Captures.hook(1).text();
  private static final String PATH = "/h/" + HOOK;

  private final InMemoryCaptureQueue queue = new InMemoryCaptureQueue();
  private Optional<BodyStore> bodies = Optional.empty();
  private final List<String> log = new ArrayList<>();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("HOOK_KEYS", Captures.HOOK_KEYS));
  private Instant now = Captures.RECEIVED_AT.plusMillis(20);

  @Test
  @Shows("S18")
  void aRequestIsAnsweredWithItsCaptureIdAfterItWasQueued() {
    GatewayResponse answer =
        send(
            event("POST", PATH + "/orders")
                .query("a=1&a=2")
                .header("content-type", "application/json")
                .header("x-dup", "a,b")
                .cookie("s=1")
                .text("{\"n\":1}"));

    Capture capture = onlyCapture();
    assertEquals(200, answer.status());
    assertEquals("{\"id\":\"" + capture.id() + "\"}", body(answer));
    assertEquals(7, capture.id().version());
    assertEquals(Captures.hook(1), capture.hook());
    assertEquals(Captures.RECEIVED_AT, capture.receivedAt());
    assertEquals("POST", capture.request().method());
    assertEquals(PATH + "/orders", capture.request().path());
    assertEquals("a=1&a=2", capture.request().query());
    assertEquals("HTTP/1.1", capture.request().protocol());
    assertEquals("192.0.2.7", capture.request().sourceIp());
    assertEquals(
        List.of(new Header("content-type", "application/json"), new Header("x-dup", "a,b")),
        capture.request().headers());
    assertEquals(List.of("s=1"), capture.request().cookies());
    assertEquals(CapturedBody.of(Body.copyOf(utf8("{\"n\":1}"))), capture.body());
    assertEquals(List.of(), capture.notes());
  }

  @Test
  @Shows("S17")
  void everyAnswerForbidsStoringSniffingAndFraming() {
    for (GatewayResponse answer :
        List.of(send(event("GET", PATH)), send(event("GET", "/h/nothing")))) {
      assertEquals("no-store", answer.headers().get("cache-control"));
      assertEquals("nosniff", answer.headers().get("x-content-type-options"));
      assertEquals("*", answer.headers().get("access-control-allow-origin"));
      assertEquals(
          "default-src 'none'; frame-ancestors 'none'",
          answer.headers().get("content-security-policy"));
    }
  }

  @Test
  void headIsRecordedAndAnsweredWithoutABody() {
    GatewayResponse answer = send(event("HEAD", PATH));

    assertEquals(200, answer.status());
    assertEquals("", body(answer));
    assertEquals("application/json", answer.headers().get("content-type"));
    assertEquals("HEAD", onlyCapture().request().method());
  }

  @Test
  void aPreflightIsAnsweredAndRecorded() {
    GatewayResponse answer =
        send(
            event("OPTIONS", PATH)
                .header("access-control-request-method", "DELETE")
                .header("access-control-request-headers", "x-own"));

    assertEquals(200, answer.status());
    assertEquals("x-own", answer.headers().get("access-control-allow-headers"));
    assertEquals("0", answer.headers().get("access-control-max-age"));
    assertEquals(
        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        answer.headers().get("access-control-allow-methods"));
    assertEquals("OPTIONS", onlyCapture().request().method());
  }

  @Test
  void theCaptureIsNamedInAHeaderWhereThereIsOne() {
    GatewayResponse kept = send(event("HEAD", PATH));
    assertEquals(
        onlyCapture().id().toString(), kept.headers().get("x-hookwell-capture"), kept.toString());

    GatewayResponse tooLarge =
        send(event("POST", PATH).bytes(new byte[CapturedBody.MAX_BYTES + 1]));
    assertEquals(413, tooLarge.status());
    assertEquals(onlyCapture().id().toString(), tooLarge.headers().get("x-hookwell-capture"));

    assertFalse(send(event("POST", "/h/none")).headers().containsKey("x-hookwell-capture"));
  }

  @Test
  @Shows("H36")
  void everyAnswerGivesTheOriginBack() {
    environment.put("ORIGIN_SECRETS", "the-origin-secret-that-is-long-enough");
    List<Integer> statuses = new ArrayList<>();
    statuses.add(statusForOrigin(event("POST", PATH)));
    environment.remove("ORIGIN_SECRETS");
    statuses.add(statusForOrigin(event("POST", PATH)));
    statuses.add(statusForOrigin(event("POST", "/h/none")));
    statuses.add(statusForOrigin(event("POST", PATH).bytes(new byte[CapturedBody.MAX_BYTES + 1])));
    statuses.add(
        statusForOrigin(event("POST", PATH).header("x-long", "\u20ac".repeat(1024 * 1024))));
    environment.put("BLOCKED_HOOKS", HOOK);
    statuses.add(statusForOrigin(event("POST", PATH)));
    environment.remove("BLOCKED_HOOKS");
    queue.goDown();
    statuses.add(statusForOrigin(event("POST", PATH)));

    assertEquals(List.of(403, 200, 404, 413, 431, 410, 503), statuses);
  }

  private int statusForOrigin(Events event) {
    GatewayResponse answer = send(event.header("origin", "https://shop.example"));
    assertEquals("https://shop.example", answer.headers().get("access-control-allow-origin"));
    assertEquals("true", answer.headers().get("access-control-allow-credentials"));
    assertEquals("origin", answer.headers().get("vary"));
    return answer.status();
  }

  @Test
  void aBase64BodyIsKeptAsItsBytes() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }

    assertEquals(200, send(event("PUT", PATH).bytes(all)).status());

    assertEquals(CapturedBody.of(Body.copyOf(all)), onlyCapture().body());
  }

  @Test
  @Shows("H42")
  void aBodyThatIsNotBase64IsKeptAsItsTextWithANote() {
    assertEquals(200, send(event("POST", PATH).notReallyBase64("no base64!")).status());

    Capture capture = onlyCapture();
    assertEquals(Body.copyOf(utf8("no base64!")), capture.body().data());
    assertEquals(List.of(Note.BODY_NOT_BASE64), capture.notes());
  }

  @Test
  void halfASurrogatePairInATextBodyIsNoted() {
    String event = event("POST", PATH).text("cut").json().replace("cut", "cut\\ud800");

    send(new ByteArrayInputStream(utf8(event)));

    Capture capture = onlyCapture();
    assertEquals(Body.copyOf(utf8("cut\uFFFD")), capture.body().data());
    assertEquals(List.of(Note.BODY_MAYBE_LOSSY), capture.notes());
  }

  @Test
  void aTextBodyWithReplacementCharactersIsNoted() {
    send(event("POST", PATH).text("caf\uFFFD"));

    assertEquals(List.of(Note.BODY_MAYBE_LOSSY), onlyCapture().notes());
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b/c, false",
    "/404, false",
    "/a;x=1/~u/@me:80, false",
    "//, false",
    "/../../api/hooks, false",
    "/a b, true",
    "/é, true",
    "/100%, true",
    "/a|b, true",
    "/[x], true"
  })
  void aPathThatOnlyDecodingCanHaveMadeIsNoted(String tail, boolean noted) {
    send(event("GET", PATH + tail));

    Capture capture = onlyCapture();
    assertEquals(PATH + tail, capture.request().path());
    assertEquals(noted ? List.of(Note.PATH_DECODED) : List.of(), capture.notes());
  }

  @Test
  @Shows({"H37", "S28"})
  void anUnknownHookIsNotFoundAndNothingIsQueued() {
    for (String id :
        List.of(
            "",
            "x",
            HOOK.substring(1),
            HOOK + ".",
            HOOK + "A",
            HOOK.toLowerCase(Locale.ROOT),
            "y".repeat(9000))) {
      GatewayResponse answer = send(event("POST", "/h/" + id).text("lost"));
      assertEquals(404, answer.status(), id);
      assertEquals("application/problem+json", answer.headers().get("content-type"));
      assertTrue(body(answer).contains("\"urn:hookwell:problem:hook-not-found\""), body(answer));
      assertFalse(id.length() > 1 && body(answer).contains(id), "the answer reflects the id");
    }
    assertEquals(404, send(event("POST", "/hook")).status());
    assertEquals(List.of(), queue.drain());
  }

  @Test
  void anExpiredHookIsGone() {
    now = Captures.EXPIRES_AT;

    GatewayResponse answer = send(event("POST", PATH));

    assertEquals(410, answer.status());
    assertTrue(body(answer).contains("hook-expired"));
    assertEquals(List.of(), queue.drain());
  }

  @Test
  void aBlockedHookIsGone() {
    environment.put("BLOCKED_HOOKS", Captures.hook(2).text() + ", " + HOOK);

    GatewayResponse answer = send(event("POST", PATH));

    assertEquals(410, answer.status());
    assertTrue(body(answer).contains("hook-blocked"));
    assertEquals(200, send(event("POST", "/h/" + Captures.hook(3).text())).status());
  }

  @Test
  void aBodyPastTheLimitIsRefusedAndRecordedWithoutItsBytes() {
    byte[] atLimit = new byte[CapturedBody.MAX_BYTES];
    byte[] past = new byte[CapturedBody.MAX_BYTES + 1];

    assertEquals(200, send(event("POST", PATH).bytes(atLimit)).status());
    assertEquals(atLimit.length, onlyCapture().body().delivered().orElseThrow().size());

    GatewayResponse answer = send(event("POST", PATH).bytes(past));
    Capture capture = onlyCapture();
    assertEquals(413, answer.status());
    assertTrue(body(answer).contains("\"limit\":4194304"), body(answer));
    assertTrue(body(answer).contains("\"id\":\"" + capture.id() + "\""), body(answer));
    assertEquals(past.length, capture.body().size());
    assertTrue(capture.body().delivered().isEmpty());
    assertEquals(List.of(Note.BODY_TOO_LARGE), capture.notes());
  }

  @Test
  void aBodyThatDoesNotFitAMessageIsRefusedAndRecordedWithoutItsBytes() {
    byte[] random = new byte[900_000];
    new Random(1).nextBytes(random);

    GatewayResponse answer = send(event("POST", PATH).bytes(random));
    assertEquals(413, answer.status());
    assertTrue(body(answer).contains("\"limit\":1048576"), body(answer));
    assertEquals(random.length, onlyCapture().body().size());
  }

  @Test
  void aBodyThatDoesNotFitAMessageLiesApartBeforeItsMessageIsSent() {
    InMemoryBodyStore store = new InMemoryBodyStore();
    bodies = Optional.of(store);
    byte[] random = new byte[CapturedBody.MAX_BYTES];
    new Random(1).nextBytes(random);

    assertEquals(200, send(event("POST", PATH).bytes(random)).status());

    Capture capture = onlyCapture();
    assertEquals(BodyEncoding.OBJECT, capture.body().encoding());
    assertEquals(List.of(), capture.notes());
    assertEquals(
        new BodyStore.Got.Found(Body.copyOf(random)),
        store.get(ObjectKey.of(capture), random.length, capture.body().sha256()));
    assertTrue(log.getLast().contains("\"bodyApart\":true"), log.getLast());
  }

  @Test
  void aBodyThatFitsAMessageAndOneThatIsTooLargeDoNotLieApart() {
    InMemoryBodyStore store = new InMemoryBodyStore();
    bodies = Optional.of(store);

    assertEquals(200, send(event("POST", PATH).text("x")).status());
    assertEquals(200, send(event("POST", PATH).bytes(new byte[CapturedBody.MAX_BYTES])).status());
    assertEquals(
        413, send(event("POST", PATH).bytes(new byte[CapturedBody.MAX_BYTES + 1])).status());

    assertEquals(3, queue.drain().size());
    assertEquals(Set.of(), store.keys());
  }

  @Test
  @Shows("F62")
  void aBodyThatIsNotTakenMeansTryAgainAndNothingIsKept() {
    InMemoryBodyStore store = new InMemoryBodyStore();
    bodies = Optional.of(store);
    store.goDown();
    byte[] random = new byte[900_000];
    new Random(1).nextBytes(random);

    GatewayResponse answer = send(event("POST", PATH).bytes(random));

    assertEquals(503, answer.status());
    assertTrue(body(answer).contains("queue-unavailable"), body(answer));
    assertEquals("5", answer.headers().get("retry-after"));
    assertTrue(log.getLast().contains("\"cause\":\"body-down\""), log.getLast());
    assertEquals(List.of(), queue.drain());
    assertEquals(200, send(event("POST", PATH).text("small ones need none")).status());
  }

  @Test
  @Shows("F65")
  void aBodyStaysApartWhenTheQueueDidNotAnswerSinceItMayHaveTheMessage() {
    InMemoryBodyStore store = new InMemoryBodyStore();
    bodies = Optional.of(store);
    queue.goDown();
    byte[] random = new byte[900_000];
    new Random(1).nextBytes(random);

    assertEquals(503, send(event("POST", PATH).bytes(random)).status());
    assertEquals(1, store.keys().size());
  }

  @Test
  @Shows("F05")
  void aQueueThatDidNotKeepItMeansTryAgain() {
    queue.goDown();

    GatewayResponse answer = send(event("POST", PATH).text("x"));

    assertEquals(503, answer.status());
    assertEquals("5", answer.headers().get("retry-after"));
    assertEquals("application/problem+json", answer.headers().get("content-type"));
  }

  @Test
  void aHeadThatNoMessageCanHoldIsRefused() {
    Events event = event("GET", PATH).header("x", "y".repeat(1_100_000));

    assertEquals(431, send(event).status());
    assertEquals(List.of(), queue.drain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "{\"httpMethod\":\"GET\",\"path\":\"/h/x\"}"})
  @Shows("H43")
  void anythingButAnEventIsABadRequest(String input) {
    GatewayResponse answer = send(new ByteArrayInputStream(utf8(input)));

    assertEquals(400, answer.status());
    assertEquals("application/problem+json", answer.headers().get("content-type"));
    assertFalse(body(answer).contains("Exception"));
  }

  @Test
  void onlyTheOriginSecretLetsARequestInOnceOneIsSet() {
    environment.put("ORIGIN_SECRETS", "new-secret,old-secret");

    assertEquals(403, send(event("POST", PATH)).status());
    assertEquals(403, send(event("POST", PATH).header("x-hookwell-origin", "")).status());
    assertEquals(403, send(event("POST", PATH).header("x-hookwell-origin", "wrong")).status());
    assertEquals(List.of(), queue.drain());
    assertEquals(200, send(event("POST", PATH).header("x-hookwell-origin", "new-secret")).status());
    assertEquals(200, send(event("POST", PATH).header("x-hookwell-origin", "old-secret")).status());
  }

  @Test
  @Shows("S24")
  void withTheOriginSecretTheEdgesHeadersAreBelievedAndItsSecretIsNotCaptured() {
    environment.put("ORIGIN_SECRETS", "secret");

    send(
        event("GET", PATH + "/a b")
            .header("x-hookwell-origin", "secret")
            .header("x-hookwell-raw-path", PATH + "/a%20b")
            .header("cf-connecting-ip", "198.51.100.9"));

    Capture capture = onlyCapture();
    assertEquals(PATH + "/a%20b", capture.request().path());
    assertEquals("198.51.100.9", capture.request().sourceIp());
    assertEquals(
        List.of(new Header("cf-connecting-ip", "198.51.100.9")), capture.request().headers());
    assertEquals(List.of(), capture.notes());
  }

  @Test
  void withTheRawPathAPercentEncodedHookIdIsNotFound() {
    environment.put("ORIGIN_SECRETS", "secret");

    GatewayResponse answer =
        send(
            event("GET", PATH)
                .header("x-hookwell-origin", "secret")
                .header("x-hookwell-raw-path", "/h/%41" + HOOK.substring(1)));

    assertEquals(404, answer.status());
  }

  @Test
  @Shows("S25")
  void withoutAnOriginSecretTheEdgesHeadersAreTheSendersOwn() {
    send(
        event("GET", PATH)
            .header("x-hookwell-raw-path", "/elsewhere")
            .header("cf-connecting-ip", "198.51.100.9")
            .header("x-forwarded-for", "198.51.100.9"));

    Capture capture = onlyCapture();
    assertEquals(PATH, capture.request().path());
    assertEquals("192.0.2.7", capture.request().sourceIp());
    assertEquals(3, capture.request().headers().size());
  }

  @Test
  void anEdgesSecretIsNeverCapturedAlsoWhenNobodyLooksAtIt() {
    send(event("GET", PATH).header("x-hookwell-origin", "the secret").header("x-other", "1"));

    assertEquals(
        List.of("x-other"), onlyCapture().request().headers().stream().map(Header::name).toList());
  }

  @Test
  void nothingThatASenderSendsReachesTheLog() {
    String canary = "canary-c4n4ry";
    send(
        event("POST", PATH + "/" + canary)
            .query(canary)
            .header("authorization", "Bearer " + canary)
            .cookie(canary + "=1")
            .text(canary));
    send(event(canary, "/h/" + canary).text(canary));
    queue.goDown();
    send(event("POST", PATH + "/" + canary).text(canary));

    String lines = String.join("\n", log);
    assertEquals(3, lines.lines().count());
    assertFalse(lines.contains(canary), lines);
    assertFalse(lines.contains(HOOK), lines);
    assertTrue(lines.contains(Captures.hook(1).logHash()), lines);
  }

  @Test
  void aMissingOrWrongSettingIsNamed() {
    for (Map.Entry<String, String> wrong :
        Map.of("HOOK_KEYS", "1:short", "BLOCKED_HOOKS", "not-an-id").entrySet()) {
      Map<String, String> variables = new HashMap<>(environment);
      variables.put(wrong.getKey(), wrong.getValue());
      ConfigurationException refusal =
          assertThrows(
              ConfigurationException.class, () -> IntakeSettings.from(new Environment(variables)));
      assertTrue(String.valueOf(refusal.getMessage()).contains(wrong.getKey()));
      assertFalse(String.valueOf(refusal.getMessage()).contains(wrong.getValue()));
    }
    assertThrows(
        ConfigurationException.class, () -> IntakeSettings.from(new Environment(Map.of())));
  }

  private GatewayResponse send(Events event) {
    return send(event.open());
  }

  private GatewayResponse send(InputStream event) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Intake(
            HookPath.PLAIN,
            IntakeSettings.from(new Environment(environment)),
            queue,
            bodies,
            new CaptureIds(clock, new Random(5)),
            clock,
            new EventLog(log::add, clock),
            Responder.BY_SHAPE)
        .respond(event)
        .response();
  }

  private Capture onlyCapture() {
    List<String> messages = queue.drain();
    assertEquals(1, messages.size());
    return assertInstanceOf(EnvelopeReading.Read.class, EnvelopeReader.read(messages.get(0)))
        .capture();
  }

  private static String body(GatewayResponse answer) {
    return new String(answer.body().toByteArray(), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
