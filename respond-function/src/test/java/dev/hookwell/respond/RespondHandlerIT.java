package dev.hookwell.respond;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.DecidedResponse;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.capture.Shows;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ScriptReader;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.InMemoryCaptureQueue;
import dev.hookwell.store.Database;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The function on a real database: its responses, and how its captures record them. */
final class RespondHandlerIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final HookId HOOK = Captures.hook(1);
  private static final String PATH = "/s/" + HOOK.text() + "/orders";
  private static final Instant NOW = Captures.RECEIVED_AT.plusMillis(20);
  private static final String FAIL_THRICE =
      """
      {"status":503,"headers":[["Retry-After","5"]],"times":3},
      {"status":201,"headers":[["Content-Type","application/json"]],"body":"{\\"ok\\":true}"}
      """;

  private final String url = POSTGRES.freshSchema();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryCaptureQueue queue = new InMemoryCaptureQueue();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("HOOK_KEYS", Captures.HOOK_KEYS));
  private final ResponseScripts owner = scripts(open(url));
  private final ResponseScripts read = scripts(open(url));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : opened) {
      part.close();
    }
  }

  @Test
  void aScriptFailsThreeTimesAndThenGoesOnAndEachCaptureTellsItsStep() {
    set(FAIL_THRICE);
    RespondHandler handler = handler(read);

    for (int i = 1; i <= 3; i++) {
      GatewayResponse failure = send(handler, event("POST", PATH).text("{}"));
      assertEquals(503, failure.status());
      assertEquals("5", failure.headers().get("retry-after"));
      Capture capture = onlyCapture();
      assertEquals(Optional.of(new DecidedResponse.OfScript(503, 1)), capture.response());
      assertEquals(PATH, capture.request().path());
      assertEquals(capture.id().toString(), failure.headers().get("x-hookwell-capture"));
    }
    GatewayResponse success = send(handler, event("POST", PATH).text("{}"));
    assertEquals(201, success.status());
    assertEquals("{\"ok\":true}", body(success));
    assertEquals("application/json", success.headers().get("content-type"));
    assertEquals(Optional.of(new DecidedResponse.OfScript(201, 2)), onlyCapture().response());
  }

  @Test
  @Shows("S18")
  void everyScriptedResponseIsInertAndTellsTheOrigin() {
    set("{\"status\":200,\"body\":\"<script>alert(1)</script>\"}");

    GatewayResponse response =
        send(handler(read), event("POST", PATH).header("origin", "https://shop.example"));

    assertEquals("sandbox; default-src 'none'", response.headers().get("content-security-policy"));
    assertEquals("nosniff", response.headers().get("x-content-type-options"));
    assertEquals("no-store", response.headers().get("cache-control"));
    assertEquals("text/plain; charset=utf-8", response.headers().get("content-type"));
    assertEquals("https://shop.example", response.headers().get("access-control-allow-origin"));
    assertEquals("true", response.headers().get("access-control-allow-credentials"));
  }

  @Test
  void withoutAScriptARequestGetsThePlainResponse() {
    GatewayResponse response = send(handler(read), event("POST", PATH).text("{}"));

    Capture capture = onlyCapture();
    assertEquals(200, response.status());
    assertEquals("{\"id\":\"" + capture.id() + "\"}", body(response));
    assertEquals(Optional.empty(), capture.response());
    assertEquals(List.of(), capture.notes());
  }

  @Test
  void headAndOptionsTakeNoStepAndGetThePlainResponse() {
    set(FAIL_THRICE);
    RespondHandler handler = handler(read);

    for (String method : List.of("HEAD", "OPTIONS")) {
      assertEquals(200, send(handler, event(method, PATH)).status(), method);
      assertEquals(Optional.empty(), onlyCapture().response(), method);
    }
    assertEquals(0, owner.read(HOOK).orElseThrow().taken());
  }

  @Test
  void aResponseThatHasNoBodyHasNone() {
    for (int status : List.of(204, 205, 304)) {
      set("{\"status\":" + status + "}");
      GatewayResponse response = send(handler(read), event("POST", PATH));
      assertEquals(status, response.status());
      assertEquals("", body(response));
      assertFalse(response.headers().containsKey("content-type"));
    }
  }

  @Test
  void whatIsRefusedTakesNoStep() {
    set(FAIL_THRICE);
    RespondHandler handler = handler(read);

    assertEquals(404, send(handler, event("POST", "/s/none")).status());
    assertEquals(
        413,
        send(handler, event("POST", PATH).bytes(new byte[CapturedBody.MAX_BYTES + 1])).status());
    environment.put("BLOCKED_HOOKS", HOOK.text());
    assertEquals(410, send(handler(read), event("POST", PATH)).status());

    assertEquals(0, owner.read(HOOK).orElseThrow().taken());
  }

  @Test
  @Shows("F59")
  void aQueueThatDoesNotTakeItWinsOverEveryScript() {
    set("{\"status\":200,\"delay\":\"PT3S\",\"body\":\"ok\"}");
    queue.goDown();

    GatewayResponse response = send(handler(read), event("POST", PATH).text("{}"));

    assertEquals(503, response.status());
    assertEquals("5", response.headers().get("retry-after"));
    assertEquals(List.of(), pauses);
    assertTrue(log.getLast().contains("respond.not-kept"));
  }

  /** The step was claimed, and then the function died: no other request gets that turn. */
  @Test
  @Shows("F60")
  void aFunctionThatDiesBeforeItQueuesUsesUpAStepAndServesNoneTwice() {
    set(FAIL_THRICE);
    RespondHandler dying =
        handler(
            read,
            _ -> {
              throw new Killed();
            });

    assertThrows(Killed.class, () -> send(dying, event("POST", PATH)));

    RespondHandler handler = handler(read);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      statuses.add(send(handler, event("POST", PATH)).status());
    }
    assertEquals(List.of(503, 503, 201), statuses);
    assertEquals(3, queue.messages().size());
  }

  @Test
  void aHandshakeComesBeforeTheScriptUnlessItSaysOtherwise() {
    Events handshake =
        event("GET", PATH)
            .query("hub.mode=subscribe&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3");

    set("{\"status\":503}");
    assertEquals("15f7d1a91c1f40f8a748fd134752feb3", body(send(handler(read), handshake)));
    assertEquals(
        Optional.of(new DecidedResponse.OfHandshake(200, "meta")), onlyCapture().response());

    set("{\"status\":503}", "\"strava\"");
    GatewayResponse strava = send(handler(read), handshake);
    assertEquals("{\"hub.challenge\":\"15f7d1a91c1f40f8a748fd134752feb3\"}", body(strava));
    assertEquals("application/json", strava.headers().get("content-type"));
    assertEquals(
        Optional.of(new DecidedResponse.OfHandshake(200, "strava")), onlyCapture().response());

    set("{\"status\":503}", "false");
    assertEquals(503, send(handler(read), handshake).status());
    assertEquals(Optional.of(new DecidedResponse.OfScript(503, 1)), onlyCapture().response());
  }

  @Test
  void theOperatorsSwitchesTurnScriptsAndHandshakesOff() {
    set("{\"status\":503}");
    Events handshake = event("GET", PATH).query("hub.mode=subscribe&hub.challenge=abc");

    environment.put("HANDSHAKES", "off");
    assertEquals(503, send(handler(read), handshake).status());
    environment.put("RESPONSE_SCRIPTS", "off");
    assertEquals(200, send(handler(read), event("POST", PATH)).status());
    environment.remove("HANDSHAKES");
    assertEquals("abc", body(send(handler(read), handshake)));
  }

  @Test
  void aDelayIsWaitedAndNeverLongerThanTheOperatorOrTheTimeAllows() {
    set("{\"status\":200,\"delay\":\"PT3S\"}");
    RespondHandler handler = handler(read);

    send(handler, event("POST", PATH));
    var _ = handler.respond(event("POST", PATH).open(), NOW.plusMillis(1500));
    var _ = handler.respond(event("POST", PATH).open(), NOW.minusSeconds(1));
    environment.put("LONGEST_DELAY", "PT1S");
    send(handler(read), event("POST", PATH));

    assertEquals(
        List.of(Duration.ofSeconds(3), Duration.ofMillis(1500), Duration.ofSeconds(1)), pauses);
  }

  @Test
  @Shows("F56")
  void aDatabaseThatIsDownCostsTheResponseAndNotTheCapture() {
    RespondHandler handler = handler(scripts(open("postgresql://x:y@127.0.0.1:1/none")));

    GatewayResponse response = send(handler, event("POST", PATH).text("{}"));

    assertUnavailable(200, response);
  }

  @Test
  @Shows("F56")
  void aDatabaseThatHangsCostsASecondAndNotTheCapture() throws IOException {
    try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      RespondHandler handler =
          handler(scripts(open("postgresql://x:y@127.0.0.1:" + hung.getLocalPort() + "/none")));

      long start = System.nanoTime();
      GatewayResponse response = send(handler, event("POST", PATH).text("{}"));
      Duration taken = Duration.ofNanos(System.nanoTime() - start);

      assertUnavailable(200, response);
      assertTrue(taken.compareTo(Duration.ofSeconds(5)) < 0, taken.toString());
    }
  }

  @Test
  @Shows("F56")
  void aTableThatIsLockedCostsASecondAndTheNextRequestIsServed() throws Exception {
    set("{\"status\":201}");
    RespondHandler handler = handler(read);
    try (var connection = PostgresServer.connection(url);
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE response_scripts IN ACCESS EXCLUSIVE MODE");

      assertUnavailable(200, send(handler, event("POST", PATH).text("{}")));
    }

    assertEquals(201, send(handler, event("POST", PATH)).status());
  }

  @Test
  @Shows("F57")
  void aDatabaseThatOnlyReadsCannotCountAndCostsTheResponse() throws Exception {
    set(FAIL_THRICE);
    ResponseScripts readOnly =
        scripts(
            open(
                url
                    + (url.contains("?") ? "&" : "?")
                    + "options=-c%20default_transaction_read_only=on"));

    assertUnavailable(201, send(handler(readOnly), event("POST", PATH).text("{}")));
    assertEquals(0, owner.read(HOOK).orElseThrow().taken());
  }

  @Test
  @Shows("F58")
  void aDamagedScriptCostsTheResponseAndNotTheCapture() {
    set("{\"status\":201}");
    RespondHandler handler = handler(read);
    assertEquals(201, send(handler, event("POST", PATH)).status());
    queue.drain();
    PostgresServer.execute(url, "UPDATE response_scripts SET steps = 'rubbish'");

    assertUnavailable(201, send(handler, event("POST", PATH).text("{}")));
    assertTrue(log.stream().anyMatch(line -> line.contains("\"cause\":\"damaged\"")));
  }

  @Test
  @Shows("F56")
  void howAScriptGoesOnIsRememberedForTenMinutesAndWhatFailsIsNot() {
    set(FAIL_THRICE);
    RespondHandler handler = handler(read);
    assertEquals(503, send(handler, event("POST", PATH)).status());
    queue.drain();
    PostgresServer.execute(url, "ALTER TABLE response_scripts RENAME TO elsewhere");

    GatewayResponse remembered = send(handler, event("POST", PATH).text("{}"));
    assertEquals("{\"ok\":true}", body(remembered));
    assertUnavailable(201, remembered);
    assertEquals(200, send(handler, event("HEAD", PATH)).status());
    queue.drain();
    clock.pass(LastScripts.LIFE);
    assertUnavailable(200, send(handler, event("POST", PATH).text("{}")));
  }

  @Test
  @Shows("F56")
  void aSlowSuccessIsNotRememberedBeyondTheDayInWhichItIsServed() {
    set("{\"status\":202,\"delay\":\"PT1S\"}");
    RespondHandler handler = handler(read);
    clock.pass(ResponseScript.FAILURES_LIFE.minusSeconds(1));
    assertEquals(202, send(handler, event("POST", PATH)).status());
    queue.drain();
    PostgresServer.execute(url, "ALTER TABLE response_scripts RENAME TO elsewhere");

    assertUnavailable(202, send(handler, event("POST", PATH).text("{}")));
    clock.pass(Duration.ofSeconds(1));
    assertUnavailable(200, send(handler, event("POST", PATH).text("{}")));
  }

  /** 256 hooks: as many as an instance may serve in ten minutes. */
  @Test
  @Shows("F56")
  void theScriptsOfTheHooksThatWereUsedLastAreRemembered() {
    set("{\"status\":202}");
    RespondHandler handler = handler(read);
    assertEquals(202, send(handler, event("POST", PATH)).status());
    for (int i = 0; i < 256; i++) {
      HookId other = Captures.hook(1000 + i);
      var _ = owner.put(other, script("{\"status\":203}", "true"));
      if (i == 255) {
        // A hook that is used again is not the one that is forgotten.
        assertEquals(202, send(handler, event("POST", PATH)).status());
      }
      assertEquals(203, send(handler, event("POST", "/s/" + other.text())).status());
    }
    queue.drain();
    PostgresServer.execute(url, "ALTER TABLE response_scripts RENAME TO elsewhere");

    assertUnavailable(202, send(handler, event("POST", PATH).text("{}")));
    assertUnavailable(
        203, send(handler, event("POST", "/s/" + Captures.hook(1001).text()).text("{}")));
    assertUnavailable(
        200, send(handler, event("POST", "/s/" + Captures.hook(1000).text()).text("{}")));
  }

  @Test
  void aHandshakeIsPassedWithoutTheDatabase() {
    RespondHandler handler = handler(scripts(open("postgresql://x:y@127.0.0.1:1/none")));

    GatewayResponse response =
        send(handler, event("GET", PATH).query("hub.mode=subscribe&hub.challenge=abc"));

    assertEquals("abc", body(response));
    Capture capture = onlyCapture();
    assertEquals(Optional.of(new DecidedResponse.OfHandshake(200, "meta")), capture.response());
    assertEquals(List.of(Note.RESPONSE_UNAVAILABLE), capture.notes());
  }

  @Test
  void aPutThatWasAnsweredHoldsForTheNextRequest() {
    RespondHandler handler = handler(read);
    for (int status = 200; status < 220; status++) {
      set("{\"status\":" + status + "}");
      assertEquals(status, send(handler, event("POST", PATH)).status());
    }
    owner.delete(HOOK);
    assertEquals(200, send(handler, event("POST", PATH)).status());
  }

  @Test
  void aDayAfterItWasSetNothingFailsAnyMoreUntilItIsStartedAgain() {
    set("{\"status\":503,\"times\":2},{\"status\":500}");
    RespondHandler handler = handler(read);
    assertEquals(503, send(handler, event("POST", PATH)).status());

    clock.pass(ResponseScript.FAILURES_LIFE.minusMillis(1));
    assertEquals(503, send(handler, event("POST", PATH)).status());
    assertEquals(500, send(handler, event("POST", PATH)).status());
    clock.pass(Duration.ofMillis(1));
    queue.drain();
    GatewayResponse plain = send(handler, event("POST", PATH));
    Capture capture = onlyCapture();
    assertEquals("{\"id\":\"" + capture.id() + "\"}", body(plain));
    assertEquals(Optional.empty(), capture.response());

    assertTrue(owner.restart(HOOK).isPresent());
    assertEquals(503, send(handler, event("POST", PATH)).status());
  }

  @Test
  void aStepLastsForItsTimeAndUntilIt() {
    set(
        "{\"status\":503,\"for\":\"PT2M\"},{\"status\":500,\"until\":\"%s\"},{\"status\":200,\"body\":\"up\"}"
            .formatted(NOW.plusSeconds(300)));
    RespondHandler handler = handler(read);

    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      statuses.add(send(handler, event("POST", PATH)).status());
      clock.pass(Duration.ofSeconds(60));
    }

    assertEquals(List.of(503, 503, 500, 500, 500, 200), statuses);
  }

  /** By the share of each capture's id, and without counting anything. */
  @Test
  void aShareOfTheRequestsFailsAndEachCaptureTellsWhetherItDid() {
    set("{\"status\":500,\"percent\":30},{\"status\":429,\"percent\":20},{\"status\":202}");
    RespondHandler handler = handler(read);

    for (int i = 0; i < 100; i++) {
      GatewayResponse response = send(handler, event("POST", PATH));
      Capture capture = onlyCapture();
      int share = ScriptResponder.share(capture.id());
      int status = share < 30 ? 500 : share < 50 ? 429 : 202;
      assertEquals(status, response.status());
      assertEquals(
          Optional.of(
              new DecidedResponse.OfScript(status, status == 500 ? 1 : status == 429 ? 2 : 3)),
          capture.response());
    }
    assertEquals(0, owner.read(HOOK).orElseThrow().taken());
  }

  @Test
  void sharesAreEvenAndTheSameForTheSameCapture() {
    int[] found = new int[100];
    CaptureIds ids = new CaptureIds(clock, new Random(4));
    for (int i = 0; i < 100_000; i++) {
      UUID id = ids.next();
      found[ScriptResponder.share(id)]++;
      assertEquals(ScriptResponder.share(id), ScriptResponder.share(id));
    }
    for (int share : found) {
      assertTrue(share > 850 && share < 1150, "a share of " + share);
    }
  }

  /** Nothing of a script or a request is logged. */
  @Test
  void nothingOfAScriptReachesTheLog() {
    set("{\"status\":503,\"headers\":[[\"X-Canary\",\"c4n4ry\"]],\"body\":\"c4n4ry\"}");
    send(handler(read), event("POST", PATH).text("c4n4ry"));
    PostgresServer.execute(url, "UPDATE response_scripts SET steps = 'c4n4ry'");
    send(handler(read), event("POST", PATH).text("c4n4ry"));

    assertFalse(String.join("\n", log).contains("c4n4ry"));
  }

  private void assertUnavailable(int status, GatewayResponse response) {
    assertEquals(status, response.status());
    Capture capture = onlyCapture();
    assertEquals(List.of(Note.RESPONSE_UNAVAILABLE), capture.notes());
    assertEquals("{}", new String(capture.body().data().toByteArray(), StandardCharsets.UTF_8));
    assertTrue(log.stream().anyMatch(line -> line.contains("\"ResponseUnavailable\":1")));
  }

  private void set(String steps) {
    set(steps, "true");
  }

  private void set(String steps, String handshakes) {
    var _ = owner.put(HOOK, script(steps, handshakes));
  }

  private static ResponseScript script(String steps, String handshakes) {
    String script = "{\"steps\":[" + steps + "],\"handshakes\":" + handshakes + "}";
    return ScriptReader.read(script.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(3), NOW);
  }

  private Database open(String databaseUrl) {
    Database database =
        new Database(databaseUrl, Database.Settings.forResponse("hookwell-test"), true);
    opened.add(database);
    return database;
  }

  private ResponseScripts scripts(Database database) {
    return new ResponseScripts(
        database, clock, new Retries(Clock.systemUTC(), new Random(1), Thread::sleep));
  }

  private RespondHandler handler(ResponseScripts scripts) {
    return handler(scripts, queue);
  }

  private RespondHandler handler(ResponseScripts scripts, CaptureQueue kept) {
    return new RespondHandler(
        RespondSettings.from(new Environment(environment)),
        kept,
        scripts,
        new CaptureIds(clock, new Random(5)),
        clock,
        pauses::add,
        new EventLog(log::add, clock));
  }

  private GatewayResponse send(RespondHandler handler, Events event) {
    return handler.respond(event.open(), clock.instant().plusSeconds(19));
  }

  private Capture onlyCapture() {
    List<String> messages = queue.drain();
    assertEquals(1, messages.size());
    return ((EnvelopeReading.Read) EnvelopeReader.read(messages.getFirst())).capture();
  }

  /** Stands for the end of the process: nothing catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static String body(GatewayResponse response) {
    return new String(response.body().toByteArray(), StandardCharsets.UTF_8);
  }
}
