package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.postgres.LocalDatabase;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Captures that are acknowledged while the database is gone, or just before everything stops, are
 * kept.
 */
final class OutageIT {
  @TempDir Path data;

  @Test
  @Shows({"F08", "F41"})
  void aDatabaseThatIsGoneDelaysTheReaderAndLosesNothing() throws Exception {
    try (LocalSystem system = LocalSystem.start(Client.settings(data, 0));
        Client client = new Client(system.address());
        ExecutorService threads = Executors.newFixedThreadPool(32)) {
      Client.Hook hook = client.createHook();
      LocalDatabase database = system.ownDatabase().orElseThrow();
      database.stopServer();

      Map<String, String> digests = new ConcurrentHashMap<>();
      List<Callable<Void>> senders = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        byte[] body = utf8("during the outage " + i);
        senders.add(() -> {
          digests.put(client.postKept(hook, "text/plain", body), Client.sha256(body));
          return null;
        });
      }
      for (Future<Void> sender : threads.invokeAll(senders)) {
        sender.get();
      }
      HttpResponse<String> meanwhile = client.get(hook, "/captures");
      assertEquals(503, meanwhile.statusCode());
      assertEquals(
          "urn:hookwell:problem:store-unavailable",
          Client.json(meanwhile.body()).get("type").textValue());
      assertTrue(meanwhile.headers().firstValue("retry-after").isPresent());

      database.startServer();
      client.awaitReadable(hook);
      Client.assertEachOnceInOrder(digests, client.await(hook, 1000));
    }
  }

  @Test
  void afterARestartEverythingIsThereAndOldUrlsWork() {
    Client.Hook hook;
    String before;
    int port;
    try (LocalSystem first = LocalSystem.start(Client.settings(data, 0));
        Client client = new Client(first.address())) {
      hook = client.createHook();
      before = client.postKept(hook, "text/plain", utf8("before"));
      port = first.address().getPort();
      client.await(hook, 1);
      // Acknowledged, and perhaps not stored when everything stops.
      client.postKept(hook, "text/plain", utf8("just before"));
    }
    try (LocalSystem second = LocalSystem.start(Client.settings(data, port));
        Client client = new Client(second.address())) {
      client.await(hook, 2);
      String after = client.postKept(hook, "text/plain", utf8("after"));

      List<JsonNode> captures = client.await(hook, 3);
      assertEquals(before, captures.getFirst().get("id").textValue());
      assertEquals(after, captures.getLast().get("id").textValue());
      assertArrayEquals(utf8("before"), client.body(hook, before));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
