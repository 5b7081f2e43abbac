package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/** HTTP in, JSON out, through all functions, the real queue and the real database. */
final class SystemIT {
  @TempDir static Path data;

  private static LocalSystem system;
  private static Client client;

  @BeforeAll
  static void start() {
    system = LocalSystem.start(Client.settings(data, 0));
    client = new Client(system.address());
  }

  @AfterAll
  static void stop() {
    client.close();
    system.close();
  }

  @Test
  void twoHundredSendersAtOnceAreAllKeptOnceInOneOrder() throws Exception {
    Client.Hook hook = client.createHook();
    Map<String, String> digests = new ConcurrentHashMap<>();
    List<Callable<Void>> senders = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] body = "{\"n\":%d}".formatted(i).getBytes(StandardCharsets.UTF_8);
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
  void aThousandRequestsToAHundredHooksAreAllKeptOnce() throws Exception {
    Map<Client.Hook, Map<String, String>> hooks = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      hooks.put(client.createHook(), new ConcurrentHashMap<>());
    }
    List<Callable<Void>> senders = new ArrayList<>();
    hooks.forEach((hook, digests) -> {
      for (int n = 0; n < 10; n++) {
        byte[] body = (hook.id() + n).getBytes(StandardCharsets.UTF_8);
        senders.add(() -> {
          digests.put(client.postKept(hook, "text/plain", body), Client.sha256(body));
          return null;
        });
      }
    });

    try (ExecutorService threads = Executors.newFixedThreadPool(64)) {
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
  void aBodyThatFitsNoMessageIsRefusedAndRecordedWithoutIt() {
    byte[] body = randomBytes(900_000);
    Client.Hook hook = client.createHook();

    HttpResponse<String> answer = client.post(hook, "application/octet-stream", body);

    JsonNode capture = client.await(hook, 1).getFirst();
    assertEquals(413, answer.statusCode());
    assertEquals(capture.get("id"), Client.json(answer.body()).get("id"));
    assertEquals(body.length, capture.get("bodySize").intValue());
    assertEquals(Client.sha256(body), capture.get("bodySha256").textValue());
    assertEquals("[\"body-too-large\"]", capture.get("notes").toString());
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
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
