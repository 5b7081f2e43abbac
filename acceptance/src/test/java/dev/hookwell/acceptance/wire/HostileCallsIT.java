package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.gateway.RawConnection;
import dev.hookwell.local.postgres.LocalDatabaseIT;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile calls of the API, by the numbers of their rows (H55–H72). Every response is checked
 * against the API's document.
 */
final class HostileCallsIT {
  private static final String PROBLEM = "urn:hookwell:problem:";
  private static final int POOL = 12;

  @TempDir static Path data;

  private static Witness witness;

  @BeforeAll
  static void start() {
    witness = Witness.start(data);
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @Test
  @Shows("H55")
  void h55WithoutTheRightKeyNothingIsToldOfAHook() {
    Client.Hook hook = witness.hook();
    Client.Hook other = witness.hook();
    String target = "/api/hooks/" + hook.id() + "/captures";
    for (String headers :
        List.of(
            "",
            "Authorization: Basic dXNlcjpwYXNz\n",
            "Authorization: Bearer\n",
            "Authorization: Bearer short\n",
            "Authorization: Bearer " + hook.viewKey() + "x\n",
            "Authorization: " + hook.viewKey() + "\n",
            "Cookie: key=" + hook.viewKey() + "\n",
            bearer(hook.viewKey()) + bearer(hook.viewKey()))) {
      Answer answer = witness.api("GET", target, headers);
      assertProblem(401, "key-missing", answer);
      assertEquals("Bearer", answer.header("www-authenticate"));
    }
    assertEquals(
        200,
        witness.api("GET", target, "authorization: bEARER  " + hook.viewKey() + "\n").status());
    Answer wrongKey = witness.api("GET", target, bearer(other.viewKey()));
    Answer wrongHook =
        witness.api("GET", target.replace(hook.id(), "A".repeat(44)), bearer(hook.viewKey()));
    assertProblem(404, "hook-not-found", wrongKey);
    assertEquals(wrongKey.text(), wrongHook.text());
    assertProblem(404, "hook-not-found", witness.api("GET", target, bearer("k".repeat(43))));
  }

  @Test
  @Shows({"H56", "S06"})
  void h56KeyInTheQueryIsNoKey() {
    Client.Hook hook = witness.hook();
    for (String name : List.of("key", "access_token", "viewKey")) {
      assertProblem(
          401,
          "key-missing",
          witness.api("GET", "/api/hooks/" + hook.id() + "?" + name + "=" + hook.viewKey(), ""));
    }
  }

  @Test
  @Shows("H58")
  void h58WrongParametersAreNamed() {
    Client.Hook hook = witness.hook();
    String target = "/api/hooks/" + hook.id() + "/captures?";
    Map<String, String> wrong =
        Map.ofEntries(
            Map.entry("limit=0", "limit"),
            Map.entry("limit=-1", "limit"),
            Map.entry("limit=1e9", "limit"),
            Map.entry("limit=abc", "limit"),
            Map.entry("limit=501", "limit"),
            Map.entry("limit=", "limit"),
            Map.entry("limit=99999999999999999999", "limit"),
            Map.entry("limit=1&limit=1", "limit"),
            Map.entry("limit=%zz", "limit"),
            Map.entry("limit=%D9%A1", "limit"),
            Map.entry("after=1&before=1", "before"),
            Map.entry("after=9223372036854775808", "after"),
            Map.entry("wait=21", "wait"),
            Map.entry("include=all", "include"),
            Map.entry("include=body,body", "include"),
            Map.entry("unknown=1", "unknown"));
    wrong.forEach((query, name) -> {
      Answer answer = witness.api("GET", target + query, bearer(hook.viewKey()));
      assertProblem(400, "bad-parameter", answer);
      assertEquals(name, answer.json().get("parameter").textValue(), query);
    });
    Answer far = witness.api("GET", target + "after=9223372036854775807", bearer(hook.viewKey()));
    assertEquals(200, far.status());
    assertEquals(Long.MAX_VALUE, far.json().get("next").longValue());
  }

  @Test
  @Shows("H59")
  void h59CaptureOfAnotherHookIs404() {
    Recorded recorded = witness.record("GET {hook} HTTP/1.1\nHost: a\n\n");
    Client.Hook other = witness.hook();
    String target = "/api/hooks/" + other.id() + "/captures/" + recorded.text("id");
    assertProblem(404, "capture-not-found", witness.api("GET", target, bearer(other.viewKey())));
    assertProblem(
        404, "capture-not-found", witness.api("GET", target + "/body", bearer(other.viewKey())));
    assertProblem(
        404, "capture-not-found", witness.api("DELETE", target, bearer(other.ownerKey())));
  }

  @Test
  @Shows("H60")
  void h60CreatingHooksWritesNoRow() throws IOException, SQLException {
    List<HookUid> created = new ArrayList<>();
    try (RawConnection connection = witness.connect()) {
      for (int i = 0; i < 1000; i++) {
        connection.send("POST /api/hooks HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
        Answer answer = Answer.of(connection.receive());
        assertEquals(201, answer.status());
        created.add(HookId.parse(answer.json().get("id").textValue()).orElseThrow().uid());
      }
    }
    try (Connection connection =
            LocalDatabaseIT.connect(witness.system().ownDatabase().orElseThrow());
        PreparedStatement statement =
            connection.prepareStatement("SELECT count(*) FROM hooks WHERE hook_id = ANY (?)")) {
      statement.setArray(1, connection.createArrayOf("uuid", created.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(0, rows.getLong(1));
      }
    }
  }

  @Test
  @Shows({"H61", "S19"})
  void h61To64BodiesThatAskForAnythingElseAreRefused() {
    assertProblem(413, "request-body-too-large", create("application/json", "[".repeat(1 << 20)));
    assertProblem(415, "unsupported-media-type", create("text/plain", "{}"));
    assertProblem(
        415, "unsupported-media-type", create("application/x-www-form-urlencoded", "a=b"));
    assertProblem(415, "unsupported-media-type", create("", "{}"));
    for (String body :
        List.of(
            "[".repeat(4000),
            "{\"expiresIn\":" + "{\"a\":".repeat(600),
            "[]",
            "null",
            "\"P1D\"",
            "{\"expiresIn\":7}",
            "{\"expiresIn\":null}",
            "{\"expiresIn\":\"P1Y\"}",
            "{\"expiresIn\":\"PT59S\"}",
            "{\"expiresIn\":\"P1096D\"}",
            "{\"expiresIn\":\"-P1D\"}",
            "{\"expiresIn\":\"PT9223372036854775807S\"}",
            "{\"expiresIn\":\"P1D\",\"expiresIn\":\"P1D\"}",
            "{\"expiresIn\":\"P1D\"}{}",
            "{\"seed\":\"" + "s".repeat(40) + "\"}",
            "{\"seed\":\"short\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}",
            "{\"seed\":\"" + "s".repeat(40) + "\",\"expiresAt\":\"2027-01-01\"}",
            "{\"seed\":\"" + "s".repeat(40) + "\",\"expiresAt\":\"9999-01-01T00:00:00Z\"}",
            "{\"seed\":\"" + "s".repeat(40) + "\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}",
            "{\"seed\":\"" + "\\ud800".repeat(40) + "\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}",
            "{\"slug\":\"api\"}",
            "{\"slug\":\"..\"}",
            "{\"response\":{\"contentType\":\"text/html\",\"body\":\"<script>\"}}",
            "{\"forward_url\":\"http://169.254.169.254/\"}")) {
      Answer answer = create("application/json", body);
      assertEquals(400, answer.status(), body);
      assertFalse(answer.text().contains("169.254"), answer.text());
    }
  }

  @Test
  @Shows({"H65", "S21"})
  void h65NothingIsAuthorisedByWhatABrowserSendsByItself() {
    Recorded recorded = witness.record("GET {hook} HTTP/1.1\nHost: a\n\n");
    String target = "/api/hooks/" + recorded.hook().id();
    String origin =
        "Origin: https://evil.example\nCookie: key=" + recorded.hook().ownerKey() + "\n";
    for (String tail : List.of("", "/captures", "/captures/1")) {
      assertProblem(401, "key-missing", witness.api("DELETE", target + tail, origin));
      assertProblem(
          403,
          "owner-key-needed",
          witness.api("DELETE", target + tail, bearer(recorded.hook().viewKey())));
      assertProblem(
          405,
          "method-not-allowed",
          witness.api("POST", target + tail, origin, utf8("_method=DELETE")));
    }
    assertEquals(1, witness.recorded(recorded.hook(), 1).size());
  }

  @Test
  @Shows({"H66", "S20"})
  void h66OriginsAreAllAlikeAndNeverGetCredentials() {
    Client.Hook hook = witness.hook();
    Answer answer =
        witness.api(
            "GET",
            "/api/hooks/" + hook.id(),
            "Origin: https://evil.example\n" + bearer(hook.viewKey()));
    assertEquals("*", answer.header("access-control-allow-origin"));
    assertEquals("", answer.header("access-control-allow-credentials"));
    assertEquals("", answer.header("set-cookie"));
  }

  @Test
  @Shows("H67")
  void h68FileNameOfADownloadIsTheCapturesId() {
    Recorded recorded =
        witness.post(
            "Content-Disposition: attachment; filename=\"../../x.html\"\nContent-Type: text/html\n",
            "/..%2F..%2Fevil%22.html%0D%0ASet-Cookie:%20a=b",
            utf8("<script>alert(1)</script>"));
    Answer raw =
        witness.api(
            "GET",
            "/api/hooks/%s/captures/%s/body".formatted(recorded.hook().id(), recorded.text("id")),
            bearer(recorded.hook().viewKey()));
    assertEquals(
        "attachment; filename=\"" + recorded.text("id") + ".bin\"",
        raw.header("content-disposition"));
    assertEquals("", raw.header("set-cookie"));
  }

  @Test
  @Shows("H69")
  void h69AndH70WrongMethodsAndRoutesAreProblemsWhateverIsAccepted() {
    String accept = "Accept: text/html\n";
    Answer wrong = witness.api("PUT", "/api/hooks", accept);
    assertProblem(405, "method-not-allowed", wrong);
    assertEquals("POST, OPTIONS", wrong.header("allow"));
    Answer list = witness.api("PATCH", "/api/hooks/x/captures", accept);
    assertProblem(405, "method-not-allowed", list);
    assertEquals("GET, HEAD, DELETE, OPTIONS", list.header("allow"));
    for (String target :
        List.of("/api", "/api/none", "/api/hooks/", "/index.html", "/api/hooks/x/y", "/%00")) {
      assertProblem(404, "route-not-found", witness.api("GET", target, accept));
    }
    for (String method : List.of("TRACE", "FOO")) {
      Answer refused = witness.api(method, "/api/hooks", accept);
      assertEquals(405, refused.status());
      assertEquals("{\"message\":\"Method Not Allowed\"}", refused.text());
      assertFalse(refused.header("allow").isEmpty());
    }
  }

  @Test
  @Shows("H71")
  void h71AThousandPollsOfOneHookAreAllAnswered() throws IOException, SQLException {
    Client.Hook hook = witness.record("GET {hook} HTTP/1.1\nHost: a\n\n").hook();
    int polls = 1000;
    List<RawConnection> readers = new ArrayList<>();
    try (Connection observer =
        LocalDatabaseIT.connect(witness.system().ownDatabase().orElseThrow())) {
      for (int i = 0; i < polls; i++) {
        readers.add(witness.connect());
      }
      // All at once, for captures that are there …
      String first = poll(hook, "after=0");
      for (RawConnection reader : readers) {
        reader.send(first);
      }
      assertTrue(connections(observer) <= POOL, "more connections than the pool has");
      for (RawConnection reader : readers) {
        assertHolds(1, answered(reader, first));
      }
      // … and all at once, waiting for the next one.
      String next = poll(hook, "after=1&wait=20");
      for (RawConnection reader : readers) {
        reader.send(next);
      }
      assertEquals(200, witness.send(hook, "GET {hook}/2 HTTP/1.1\nHost: a\n\n").status());
      assertTrue(connections(observer) <= POOL, "more connections than the pool has");
      for (RawConnection reader : readers) {
        assertHolds(2, answered(reader, next));
      }
    } finally {
      for (RawConnection reader : readers) {
        reader.close();
      }
    }
  }

  /** Where the crowd is too much for a slow machine, one is asked to come again, and does. */
  private static Answer answered(RawConnection reader, String poll) throws IOException {
    Deadline deadline = Deadline.inSeconds(60);
    Answer answer = Answer.of(reader.receive());
    while (answer.status() == 503) {
      deadline.check("still " + answer.text());
      assertFalse(answer.header("retry-after").isEmpty(), answer.head());
      reader.send(poll);
      answer = Answer.of(reader.receive());
    }
    return answer;
  }

  private static String poll(Client.Hook hook, String query) {
    return "GET /api/hooks/%s/captures?%s HTTP/1.1\nHost: a\n%s\n"
        .formatted(hook.id(), query, bearer(hook.viewKey()));
  }

  private static void assertHolds(long seq, Answer answer) {
    assertEquals(200, answer.status(), answer.text());
    assertEquals(seq, answer.json().at("/captures/0/seq").longValue(), answer.text());
    assertFalse(answer.json().get("timedOut").booleanValue());
  }

  private static long connections(Connection observer) throws SQLException {
    try (PreparedStatement statement =
            observer.prepareStatement(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hookwell-local'");
        ResultSet rows = statement.executeQuery()) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }

  @Test
  @Shows("H72")
  void h72ListOfLargeBodiesIsCutByBytesAndMissesNothing() {
    List<Witness.Request> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      byte[] body = new byte[200_000];
      new Random(i).nextBytes(body);
      requests.add(Witness.Request.post("", "/" + i, body));
    }
    Client.Hook hook = witness.record(requests).getFirst().hook();
    List<Long> seen = new ArrayList<>();
    long after = 0;
    boolean more = true;
    while (more) {
      Answer page =
          witness.api(
              "GET",
              "/api/hooks/%s/captures?after=%d&limit=500&include=headers,body"
                  .formatted(hook.id(), after),
              bearer(hook.viewKey()));
      assertEquals(200, page.status());
      assertTrue(page.body().size() <= 1024 * 1024, page.body() + " in one answer");
      for (JsonNode capture : page.json().get("captures")) {
        assertTrue(capture.at("/body/data").isTextual());
        seen.add(capture.get("seq").longValue());
      }
      after = page.json().get("next").longValue();
      more = page.json().get("more").booleanValue();
    }
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L), seen);
  }

  @Test
  @Shows("H72")
  void sixtyGreedyListsAtOnceAreAnswered() throws Exception {
    Client.Hook hook = witness.hook();
    String greedy = "GET {hook} HTTP/1.1\nHost: a\nX-Greedy: " + "\u00FF".repeat(9800) + "\n\n";
    for (int i = 0; i < 300; i++) {
      assertEquals(200, witness.send(hook, greedy).status());
    }
    Deadline deadline = Deadline.inSeconds(120);
    while (witness.client().read(hook, "").get("lastSeq").asLong() < 300) {
      deadline.check("not all is stored");
      TimeUnit.MILLISECONDS.sleep(200);
    }

    List<RawConnection> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        readers.add(witness.connect().send(poll(hook, "after=0&limit=500&include=headers")));
      }
      assertEquals(200, witness.send(hook, "GET {hook}/meanwhile HTTP/1.1\nHost: a\n\n").status());
      for (RawConnection reader : readers) {
        Answer answer = Answer.of(reader.receive());
        assertEquals(200, answer.status(), answer.head());
        int listed = answer.json().get("captures").size();
        // Read as they are stored, with an escape of six characters for each.
        assertTrue(listed > 10 && listed < 20, listed + " listed");
        assertTrue(answer.json().get("more").booleanValue());
      }
    } finally {
      for (RawConnection reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  @Shows({"H66", "S20"})
  void foreignPagesMakeNoHooks() {
    int port = witness.system().address().getPort();
    for (String own : List.of("http://127.0.0.1:%d", "http://localhost:%d", "http://[::1]:%d")) {
      String origin = "Origin: " + own.formatted(port) + "\n";
      assertEquals(201, witness.api("POST", "/api/hooks", origin).status(), origin);
    }
    for (String foreign :
        List.of(
            "https://evil.example", "http://evil.example:" + port, "http://localhost", "null")) {
      assertProblem(
          403, "foreign-origin", witness.api("POST", "/api/hooks", "Origin: " + foreign + "\n"));
    }
    assertEquals(201, witness.api("POST", "/api/hooks", "").status());
  }

  private static Answer create(String contentType, String body) {
    String type = contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\n";
    return witness.api("POST", "/api/hooks", type, utf8(body));
  }

  private static void assertProblem(int status, String type, Answer answer) {
    assertEquals(status, answer.status(), answer.text());
    assertEquals("application/problem+json", answer.header("content-type"));
    assertEquals(PROBLEM + type, answer.json().get("type").textValue());
  }

  private static String bearer(String key) {
    return "Authorization: Bearer " + key + "\n";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
