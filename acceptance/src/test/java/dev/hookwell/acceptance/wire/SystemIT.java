package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.gateway.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP in, JSON out, through all functions, the real queue and the real database. The numbers are
 * the rows of the list of requests that must be recorded faithfully: how requests come and go
 * (73–76).
 */
final class SystemIT {
  @TempDir static Path data;

  private static Witness witness;
  private static Client client;

  @BeforeAll
  static void start() {
    witness = Witness.start(data);
    client = witness.client();
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @Test
  void row73TwoHundredSendersAtOnceAreAllKeptOnceInOneOrder() throws Exception {
    Client.Hook hook = client.createHook();
    Map<String, String> digests = new ConcurrentHashMap<>();
    List<Callable<Void>> senders = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] body = "{\"n\":%d}".formatted(i).getBytes(UTF_8);
      senders.add(() -> {
        digests.put(client.postKept(hook, "application/json", body), Client.sha256(body));
        return null;
      });
    }

    // A reader by cursor, while they send.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<JsonNode>> reader = threads.submit(() -> client.await(hook, 200));
      for (Future<Void> sender : threads.invokeAll(senders)) {
        sender.get();
      }
      Client.assertEachOnceInOrder(digests, reader.get());
    }
    Client.assertEachOnceInOrder(digests, client.await(hook, 200));
    assertEquals(
        "{\"stored\":200,\"available\":200,\"evicted\":0,\"deleted\":0,\"bytes\":%d}"
            .formatted(10 * 7 + 90 * 8 + 100 * 9),
        client.read(hook, "").get("counts").toString());
  }

  @Test
  @Shows("F53")
  void row73AThousandSendersAtOnceToAHundredHooksAreAllKeptOnce() throws Exception {
    Map<Client.Hook, Map<String, String>> hooks = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      hooks.put(client.createHook(), new ConcurrentHashMap<>());
    }
    List<Callable<Void>> senders = new ArrayList<>();
    hooks.forEach((hook, digests) -> {
      for (int n = 0; n < 10; n++) {
        byte[] body = (hook.id() + n).getBytes(UTF_8);
        senders.add(() -> {
          digests.put(client.postKept(hook, "text/plain", body), Client.sha256(body));
          return null;
        });
      }
    });

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> sender : threads.invokeAll(senders)) {
        sender.get();
      }
    }

    hooks.forEach((hook, digests) -> Client.assertEachOnceInOrder(digests, client.await(hook, 10)));
  }

  @Test
  void everyKindOfBodyComesBackAsItWasSent() throws IOException {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    byte[] all = new byte[1024];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    bodies.put("application/octet-stream", all);
    bodies.put("application/x-invalid", new byte[] {(byte) 0xC0, (byte) 0xAF, (byte) 0xFF});
    bodies.put("application/gzip", gzip("{\"zipped\":true}"));
    bodies.put("application/x-www-form-urlencoded", utf8("a=1&a=2&b=%20+&c[]=é"));
    bodies.put(
        "multipart/form-data; boundary=x",
        utf8(
            "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n\0\1\r\n--x--\r\n"));
    bodies.put("text/plain", new byte[0]);
    bodies.put("application/json", utf8("[" + "{\"key\":\"value\"},".repeat(190_000) + "{}]"));
    bodies.put("application/x-random", randomBytes(700_000));
    Client.Hook hook = client.createHook();

    Map<String, byte[]> sent = new LinkedHashMap<>();
    bodies.forEach((type, body) -> sent.put(client.postKept(hook, type, body), body));

    List<JsonNode> captures = client.await(hook, bodies.size());
    Map<String, String> digests = new LinkedHashMap<>();
    sent.forEach((id, body) -> digests.put(id, Client.sha256(body)));
    Client.assertEachOnceInOrder(digests, captures);
    sent.forEach((id, body) -> assertArrayEquals(body, client.body(hook, id)));
    captures.forEach(capture -> assertEquals("[]", capture.get("notes").toString()));
  }

  @Test
  void row74SenderThatBreaksOffLeavesNoRecord() throws IOException {
    Client.Hook hook = witness.hook();
    String path = "/h/" + hook.id();
    try (RawConnection declared = witness.connect();
        RawConnection chunked = witness.connect();
        RawConnection inItsHead = witness.connect()) {
      declared.send("POST " + path + " HTTP/1.1\nHost: a\nContent-Length: 9\n\nhalf");
      chunked.send("POST " + path + " HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n4\nhalf\n");
      inItsHead.send("POST " + path + " HTTP/1.1\nHost: a\nX-Half:");
    }
    assertOnlyRecordsWhatComesNext(hook);
  }

  @Test
  void row74SlowSenderDelaysNobodyAndIsRecordedWhole() throws IOException {
    Client.Hook hook = witness.hook();
    try (RawConnection slow = witness.connect()) {
      slow.send("POST /h/" + hook.id() + " HTTP/1.1\nHost: a\nContent-Length: 4\n\ns");
      // Somebody else's request comes and goes, and is stored, between two of its bytes.
      slow.send("l");
      witness.record("GET {hook} HTTP/1.1\nHost: a\n\n");
      slow.send("o");
      assertEquals(200, Answer.of(slow.send("w").receive()).status());
    }
    assertEquals(
        Client.sha256(utf8("slow")), witness.recorded(hook, 1).getFirst().text("bodySha256"));
  }

  @Test
  void row75Http10WithoutAHostIsRecordedWithItsVersion() {
    Recorded recorded =
        witness.record("POST {hook} HTTP/1.0\nContent-Length: {size}\n\n", utf8("old"));
    assertEquals("HTTP/1.0", recorded.text("protocol"));
  }

  @Test
  void row75ConnectionThatIsKeptAliveCarriesManyRequests() throws IOException {
    Client.Hook hook = witness.hook();
    try (RawConnection connection = witness.connect()) {
      for (int i = 0; i < 5; i++) {
        connection.send("GET /h/" + hook.id() + "/" + i + " HTTP/1.1\nHost: a\n\n");
        assertEquals(200, Answer.of(connection.receive()).status());
      }
      // And several that are sent before the first is answered.
      connection.send(("GET /h/" + hook.id() + "/p HTTP/1.1\nHost: a\n\n").repeat(3));
      for (int i = 0; i < 3; i++) {
        assertEquals(200, Answer.of(connection.receive()).status());
      }
    }
    List<String> tails = witness.recorded(hook, 8).stream().map(Recorded::tail).sorted().toList();
    assertEquals(List.of("/0", "/1", "/2", "/3", "/4", "/p", "/p", "/p"), tails);
  }

  @Test
  void row75SenderThatPrefersHttp2IsServedInHttp1() throws Exception {
    Client.Hook hook = witness.hook();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<Void> answer =
          http.send(
              HttpRequest.newBuilder(hook.url()).build(), HttpResponse.BodyHandlers.discarding());
      assertEquals(200, answer.statusCode());
      assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
    }
    assertEquals("HTTP/1.1", witness.recorded(hook, 1).getFirst().text("protocol"));
  }

  @Test
  void row76IdThatIsNoneIs404InJson() {
    String id = witness.hook().id();
    char last = id.charAt(43);
    for (String wrong :
        List.of(
            "A".repeat(44),
            id.substring(0, 43) + (last == 'A' ? 'Q' : 'A'),
            id.substring(0, 43),
            id + "A",
            id + ".",
            id.toLowerCase(Locale.ROOT),
            id + "%20",
            "x")) {
      Answer answer =
          witness.exchange(
              "POST /h/" + wrong + " HTTP/1.1\nHost: a\nContent-Length: 2\n\n", utf8("hi"));
      assertEquals(404, answer.status(), wrong);
      assertEquals("application/problem+json", answer.header("content-type"));
      assertTrue(answer.json().get("type").textValue().startsWith("urn:hookwell:problem:"));
    }
  }

  @Test
  @Shows("H39")
  void row76ExpiredIdIs410InJson() {
    Instant end;
    Answer created;
    do {
      end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
      byte[] body = utf8("{\"seed\":\"%s\",\"expiresAt\":\"%s\"}".formatted("s".repeat(40), end));
      created =
          witness.exchange(
              """
              POST /api/hooks HTTP/1.1
              Host: a
              Content-Type: application/json
              Content-Length: %d

              """
                  .formatted(body.length),
              body);
      // Refused, rightly, where the request was on its way until the hook's end.
    } while (created.status() == 400 && !Instant.now().isBefore(end));
    assertEquals(201, created.status(), created.text());
    String id = created.json().get("id").textValue();
    String poll =
        "GET /api/hooks/%s/captures?after=0&wait=1 HTTP/1.1\nHost: a\nAuthorization: Bearer %s\n\n"
            .formatted(id, created.json().get("viewKey").textValue());
    Deadline deadline = Deadline.inSeconds(20);
    while (witness.exchange(poll).status() == 200) {
      deadline.check("the hook never ended");
    }
    Answer answer = witness.exchange("GET /h/" + id + " HTTP/1.1\nHost: a\n\n");
    assertFalse(Instant.now().isBefore(end));
    assertEquals(410, answer.status());
    assertEquals("application/problem+json", answer.header("content-type"));
    assertEquals("urn:hookwell:problem:hook-expired", answer.json().get("type").textValue());
  }

  @Test
  void row76DeletedHookKeepsAnsweringAndShowsNothing() {
    Client.Hook hook = witness.hook();
    Answer deleted =
        witness.exchange(
            "DELETE /api/hooks/%s HTTP/1.1\nHost: a\nAuthorization: Bearer %s\n\n"
                .formatted(hook.id(), hook.ownerKey()));
    assertEquals(204, deleted.status());
    assertEquals(200, witness.send(hook, "GET {hook} HTTP/1.1\nHost: a\n\n").status());
    HttpResponse<String> answer = witness.client().get(hook, "/captures");
    assertEquals(410, answer.statusCode());
    assertEquals(
        "urn:hookwell:problem:hook-deleted", Client.json(answer.body()).get("type").textValue());
  }

  /** Fails when anything of an earlier request is recorded: the next one is the first. */
  private static void assertOnlyRecordsWhatComesNext(Client.Hook hook) {
    assertEquals(200, witness.send(hook, "GET {hook}/next HTTP/1.1\nHost: a\n\n").status());
    assertEquals("/next", witness.recorded(hook, 1).getFirst().tail());
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(utf8(text));
    }
    return out.toByteArray();
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
