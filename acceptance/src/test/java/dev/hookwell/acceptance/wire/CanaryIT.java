package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.postgres.LocalDatabaseIT;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Puts a word of its own into every input there is, with a database that works and one that does
 * not, and looks for them where they must not be: in the output and the logs. Also looks in the
 * database for secrets that were issued.
 */
@Tag("long")
final class CanaryIT {
  private static final String BEARER = "Authorization: Bearer ";

  @TempDir static Path data;

  private final Set<String> canaries = new TreeSet<>();
  private final Set<String> keys = new TreeSet<>();

  @Test
  @Shows({"H27", "S04", "S29"})
  void nothingThatIsSentIsPrintedOrLoggedAndNoKeyIsStored() throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream recorder = new PrintStream(printed, true, UTF_8);
    System.setOut(recorder);
    System.setErr(recorder);
    try (Witness witness = Witness.start(data)) {
      System.out.println("the recorder records");
      LocalDatabase database = witness.system().ownDatabase().orElseThrow();
      Client.Hook hook = witness.hook();
      keys.addAll(List.of(hook.id(), hook.viewKey(), hook.ownerKey()));
      script(witness, hook);
      capture(witness, hook);
      witness.recorded(hook, 2);
      callTheApi(witness, hook);
      assertNothingIssuedIsStored(database, hook);

      database.stopServer();
      capture(witness, hook);
      assertEquals(503, api(witness, hook, "GET", "/captures?after=0&wait=1").status());
      assertEquals(503, api(witness, hook, "DELETE", "/captures/" + canary("gone")).status());
      Deadline deadline = Deadline.inSeconds(60);
      while (!logs().contains("persist.failed")) {
        deadline.check("persist never met the outage");
        Thread.sleep(100);
      }
      database.startServer();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertNowhere("what was printed", printed.toString(UTF_8));
    assertTrue(printed.toString(UTF_8).contains("the recorder records"));
    String logged = logs();
    for (String event : List.of("ingest.kept", "persist.saved", "api.store-unavailable")) {
      assertTrue(logged.contains(event), event + " was not logged");
    }
    assertNowhere("the log", logged);
  }

  /** Everything that an owner can put into a script, right and wrong. */
  private void script(Witness witness, Client.Hook hook) {
    for (String status : List.of("200", "20000")) {
      String script =
          "{\"steps\":[{\"status\":%s,\"headers\":[[\"X-%s\",\"%s\"]],\"body\":\"%s\"}]}"
              .formatted(
                  status,
                  canary("scripted-name"),
                  canary("scripted-value"),
                  canary("scripted-body"));
      Answer answer =
          witness.api(
              "PUT",
              "/api/hooks/" + hook.id() + "/response",
              "Content-Type: application/json\n" + BEARER + hook.ownerKey() + "\n",
              script.getBytes(UTF_8));
      assertEquals(status.equals("200") ? 200 : 400, answer.status(), answer.text());
    }
  }

  /** Everything that a sender can put into a request to a hook, by both of its URLs. */
  private void capture(Witness witness, Client.Hook hook) {
    capture(witness, hook, "/h/");
    capture(witness, hook, "/s/");
  }

  private void capture(Witness witness, Client.Hook hook, String prefix) {
    String body = canary("body");
    Answer answer =
        witness.send(
            hook,
            "POST %s/%s?%s=1 HTTP/1.1\nHost: %s\n%s: 1\nX-A: %s\nCookie: %s=%s\nUser-Agent: %s\n"
                    .formatted(
                        prefix + hook.id(),
                        canary("tail"),
                        canary("query"),
                        canary("host"),
                        canary("header-name"),
                        canary("header-value"),
                        canary("cookie-name"),
                        canary("cookie-value"),
                        canary("agent"))
                + "Content-Type: text/%s\nAuthorization: Bearer %s\nContent-Length: {size}\n\n"
                    .formatted(canary("type"), canary("credentials")),
            body.getBytes(UTF_8));
    assertEquals(200, answer.status(), answer.head());
  }

  /** Everything that can be put into a call, right and wrong. */
  private void callTheApi(Witness witness, Client.Hook hook) {
    Client.Hook other = witness.hook();
    keys.addAll(List.of(other.viewKey(), other.ownerKey()));
    String path = "/api/hooks/" + hook.id();
    for (String tail :
        List.of(
            "?" + canary("parameter") + "=1",
            "/captures?limit=" + canary("limit"),
            "/captures?include=" + canary("include"),
            "/captures/" + canary("reference"),
            "/captures/" + canary("reference-of-a-body") + "/body",
            "/" + canary("route"))) {
      assertProblem(api(witness, hook, "GET", tail));
      assertProblem(witness.exchange(call("GET", path + tail, BEARER + other.ownerKey())));
    }
    assertProblem(api(witness, hook, "DELETE", "/captures/" + canary("deleted")));
    for (String authorization :
        List.of(canary("scheme") + " x", "Bearer " + canary("key"), "Basic " + canary("basic"))) {
      assertProblem(witness.exchange(call("GET", path, "Authorization: " + authorization)));
    }
    assertProblem(
        witness.exchange(
            call(
                "GET",
                "/api/hooks/" + canary("id"),
                BEARER + hook.viewKey() + "\nCookie: " + canary("cookie-of-a-call"))));
    assertProblem(witness.exchange(call("GET", "/h/" + canary("hook"), "A: b")));
    assertProblem(witness.exchange(call("GET", "/h/" + hook.viewKey(), "A: b")));
    assertProblem(witness.exchange(call("GET", "/assets/" + canary("asset"), "A: b")));
    for (String body :
        List.of(
            "{\"expiresIn\":\"" + canary("life") + "\"}",
            "{\"" + canary("field") + "\":1}",
            "{\"seed\":\"" + canary("seed") + "\",\"expiresAt\":\"" + canary("end") + "\"}",
            canary("no-json"))) {
      assertProblem(
          witness.exchange(
              "POST /api/hooks HTTP/1.1\nHost: a\nContent-Type: application/json\nContent-Length: "
                  + body.length()
                  + "\n\n",
              body.getBytes(UTF_8)));
    }
    String seed = canary("good-seed") + "-long-enough-for-a-seed";
    Answer seeded =
        witness.api(
            "POST",
            "/api/hooks",
            "Content-Type: application/json\n",
            "{\"seed\":\"%s\",\"expiresAt\":\"%s\"}"
                .formatted(seed, Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS))
                .getBytes(UTF_8));
    assertEquals(201, seeded.status(), seeded.text());
  }

  private static Answer api(Witness witness, Client.Hook hook, String method, String tail) {
    return witness.exchange(
        call(method, "/api/hooks/" + hook.id() + tail, BEARER + hook.ownerKey()));
  }

  private static String call(String method, String target, String headers) {
    return method + " " + target + " HTTP/1.1\nHost: a\n" + headers + "\n\n";
  }

  private void assertProblem(Answer answer) {
    assertTrue(answer.status() >= 400, answer.head());
    assertEquals("application/problem+json", answer.header("content-type"), answer.head());
    for (String key : keys) {
      assertFalse(answer.text().contains(key), answer.text());
    }
  }

  /** S04: neither keys nor a hook's id, from which a URL could be made. */
  private static void assertNothingIssuedIsStored(LocalDatabase database, Client.Hook hook)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = LocalDatabaseIT.connect(database);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names =
          statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
          while (row.next()) {
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              byte[] value = row.getBytes(i);
              rows.add(value == null ? "" : new String(value, ISO_8859_1));
            }
          }
        }
      }
    }
    String everything = String.join("\n", rows);
    assertTrue(everything.contains("/h/*/canary"), everything);
    assertTrue(everything.contains("/s/*/canary"), everything);
    for (String issued :
        List.of(
            hook.id(),
            hook.viewKey(),
            hook.ownerKey(),
            Client.sha256(hook.viewKey().getBytes(UTF_8)),
            Client.sha256(hook.ownerKey().getBytes(UTF_8)),
            Client.sha256(hook.id().getBytes(UTF_8)))) {
      assertFalse(everything.contains(issued), issued);
    }
  }

  private String canary(String where) {
    String canary = "canary-" + where + "-" + canaries.size();
    canaries.add(canary);
    return canary;
  }

  private void assertNowhere(String place, String text) {
    assertTrue(canaries.size() > 40, canaries::toString);
    for (String canary : canaries) {
      assertFalse(text.contains(canary), place + " holds " + canary);
    }
    for (String key : keys) {
      assertFalse(text.contains(key), place + " holds a key or an id");
    }
  }

  private static String logs() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("logs"))) {
      StringBuilder logs = new StringBuilder();
      files.filter(Files::isRegularFile).forEach(file -> logs.append(read(file)));
      return logs.toString();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
