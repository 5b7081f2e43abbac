package dev.hookwell.acceptance.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalRunner;
import dev.hookwell.local.gateway.RawConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A flood of everything that takes memory, on a runner of its own with a given heap. Other requests
 * are served all the while, acknowledged captures are stored, and the flood leaves nothing.
 */
final class FloodIT {
  private static final String READY = "Hookwell is ready: ";

  /** Most are answered as soon as on a machine with nothing else to do. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** The longest, on a machine that does much else. */
  private static final Duration GENEROUS = Duration.ofSeconds(30);

  private static final int MOST_REPEATS = 3;
  private static final String PROBE = "probe";

  @TempDir private Path folder;

  private final Map<String, String> digests = new ConcurrentHashMap<>();
  private final Queue<RawConnection> connections = new ConcurrentLinkedQueue<>();

  @Test
  @Shows({"H48c", "S34b"})
  void othersAreServedWhileEverythingIsAskedForAtOnce() throws Exception {
    floodIn("256m");
  }

  @Test
  @Tag("long")
  void othersAreServedInALargeHeapToo() throws Exception {
    floodIn("1g");
  }

  private void floodIn(String heap) throws Exception {
    Path output = folder.resolve("output");
    Process runner = launch(heap, output);
    try (Client client = new Client(address(runner, output));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        // A thread of the system's, which waits for none of the flood's.
        ExecutorService prober = Executors.newSingleThreadExecutor()) {
      Client.Hook hook = client.createHook();
      Client.Hook large = client.createHook();
      fill(large, client, threads);
      Probe inPeace = probe(client, hook);
      AtomicBoolean over = new AtomicBoolean();
      Future<List<Probe>> probes =
          prober.submit(() -> {
            List<Probe> times = new ArrayList<>();
            while (!over.get()) {
              times.add(probe(client, hook));
            }
            return times;
          });
      try {
        flood(client, hook, large, threads);
      } finally {
        over.set(true);
      }
      List<Probe> times = probes.get();
      for (RawConnection connection : connections) {
        connection.close();
      }
      System.out.printf(
          "Hookwell: in peace %s; in a flood at %s of heap, of %d each: health %s, capture %s%n",
          inPeace,
          heap,
          times.size(),
          assertSoon(times.stream().map(Probe::health).sorted().toList()),
          assertSoon(times.stream().map(Probe::capture).sorted().toList()));
      assertAllStored(client, hook);
      // All that was taken is free again: a large body finds room at once.
      byte[] body = new byte[4 << 20];
      assertEquals(
          200, client.post(hook, "application/octet-stream", body).statusCode(), "after the flood");
      assertLargeBodiesAreReadTogether(client, threads);
    } finally {
      runner.destroy();
      assertTrue(runner.waitFor(5, TimeUnit.MINUTES), "it does not stop");
    }
    assertFalse(Files.readString(output).contains("OutOfMemory"), Files.readString(output));
    assertFalse(Files.readString(folder.resolve("data/logs/hookwell.log")).contains("OutOfMemory"));
  }

  private void flood(Client client, Client.Hook hook, Client.Hook large, ExecutorService threads)
      throws Exception {
    List<Future<?>> floods = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      connect(client);
    }
    for (int i = 0; i < 75; i++) {
      floods.add(threads.submit(() -> halfBody(client, "/x", 10_000_000)));
      floods.add(threads.submit(() -> halfBody(client, hook.url().getPath(), 6_000_000)));
    }
    byte[] ascii = "a ".repeat(2_050_000).getBytes(UTF_8);
    byte[] wide = "\u20ac ".repeat(1_025_000).getBytes(UTF_8);
    for (int i = 0; i < 25; i++) {
      floods.add(threads.submit(() -> keep(client, hook, "application/octet-stream", ascii)));
      floods.add(threads.submit(() -> keep(client, hook, "application/octet-stream", wide)));
      floods.add(threads.submit(() -> keep(client, hook, "text/plain", ascii)));
      floods.add(threads.submit(() -> keep(client, hook, "text/plain", wide)));
    }
    for (int i = 0; i < 60; i++) {
      floods.add(
          threads.submit(
              () -> ask(() -> client.get(large, "/captures?limit=500&include=headers"))));
    }
    for (int i = 0; i < 40; i++) {
      floods.add(threads.submit(() -> slowReader(client, large)));
    }
    for (Future<?> one : floods) {
      one.get();
    }
  }

  /** Each takes 4 MiB as bytes and more as base64: all of them together more than the heap has. */
  private static void assertLargeBodiesAreReadTogether(Client client, ExecutorService threads)
      throws Exception {
    Client.Hook hook = client.createHook();
    Random random = new Random(3);
    Map<String, byte[]> bodies = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      byte[] body = new byte[CapturedBody.MAX_BYTES];
      random.nextBytes(body);
      bodies.put(client.postKept(hook, "image/jpeg", body), body);
    }
    client.await(hook, bodies.size());
    Map<String, Future<byte[]>> read = new HashMap<>();
    bodies.keySet().forEach(id -> read.put(id, threads.submit(() -> client.body(hook, id))));
    for (Map.Entry<String, Future<byte[]>> one : read.entrySet()) {
      assertArrayEquals(bodies.get(one.getKey()), one.getValue().get(), one.getKey());
    }
  }

  private RawConnection connect(Client client) throws IOException {
    RawConnection connection = new RawConnection(client.address());
    connections.add(connection);
    return connection;
  }

  /** All but the last byte, unless it is refused before. */
  private Void halfBody(Client client, String path, int size) throws IOException {
    RawConnection connection = connect(client);
    connection.trySend("POST " + path + " HTTP/1.1\nHost: a\nContent-Length: " + size + "\n\n");
    String piece = "h".repeat(50_000);
    for (int sent = piece.length(); sent < size; sent += piece.length()) {
      connection.trySend(piece);
    }
    connection.trySend(piece.substring(1));
    return null;
  }

  private Void keep(Client client, Client.Hook hook, String type, byte[] body) {
    HttpResponse<String> answer = ask(() -> client.post(hook, type, body));
    if (answer.statusCode() == 200) {
      digests.put(Client.json(answer.body()).get("id").textValue(), Client.sha256(body));
    } else if (answer.statusCode() == 503) {
      assertTrue(answer.headers().firstValue("retry-after").isPresent());
    } else if (!isTooSlow(answer)) {
      // Where the room is used up, the upload goes that has kept waiting longest.
      assertEquals(408, answer.statusCode(), answer.body());
    }
    return null;
  }

  /** Asks for twenty lists of a megabyte and reads none. */
  private Void slowReader(Client client, Client.Hook large) throws IOException {
    String path = large.apiUrl().getPath() + "/captures?limit=500&include=headers";
    connect(client)
        .trySend(
            ("GET "
                    + path
                    + " HTTP/1.1\nHost: a\nAuthorization: Bearer "
                    + large.viewKey()
                    + "\n\n")
                .repeat(20));
    return null;
  }

  /** 500 captures of which a list reads about 30 MB. */
  private static void fill(Client.Hook hook, Client client, ExecutorService threads)
      throws Exception {
    String request =
        "GET %s HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n"
            .formatted(hook.url().getPath(), "\u00ff".repeat(9_800));
    List<Future<?>> senders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      senders.add(
          threads.submit(() -> {
            try (RawConnection connection = new RawConnection(client.address())) {
              for (int n = 0; n < 25; n++) {
                String answer;
                do {
                  answer = connection.sendBytes(request.getBytes(ISO_8859_1)).receive();
                } while (isBusyQueue(answer));
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
              }
              return null;
            }
          }));
    }
    for (Future<?> sender : senders) {
      sender.get();
    }
    client.await(hook, 500);
  }

  /** The queue of a slow machine may refuse a capture; the gateway's own 503 would be a failure. */
  private static boolean isBusyQueue(String answer) {
    return answer.contains("urn:hookwell:problem:queue-unavailable");
  }

  /** Ingest has 6 s, which a machine that does much else may not give it. */
  private static boolean isTooSlow(HttpResponse<String> answer) {
    return isBusyQueue(answer.body()) || answer.statusCode() == 500;
  }

  /**
   * A connection may end between two requests, to make room for others; then a client asks again.
   */
  private static HttpResponse<String> ask(Supplier<HttpResponse<String>> call) {
    for (int again = 0; ; again++) {
      try {
        return call.get();
      } catch (AssertionError e) {
        if (again == MOST_REPEATS || !(e.getCause() instanceof IOException)) {
          throw e;
        }
      }
    }
  }

  /** How long each took. */
  private record Probe(Duration health, Duration capture) {}

  private static String assertSoon(List<Duration> sorted) {
    Duration median = sorted.get(sorted.size() / 2);
    assertTrue(median.compareTo(SOON) < 0, sorted::toString);
    assertTrue(sorted.getLast().compareTo(GENEROUS) < 0, sorted::toString);
    return "median " + median + ", longest " + sorted.getLast();
  }

  /**
   * Both have to be answered. Each has a connection of its own: the flood's client keeps those
   * waiting that it is to send itself.
   */
  private Probe probe(Client client, Client.Hook hook) throws IOException {
    long start = System.nanoTime();
    String health = exchange(client, "GET /api/health HTTP/1.1\nHost: a\n\n");
    long between = System.nanoTime();
    assertTrue(health.startsWith("HTTP/1.1 200 "), health);
    String answer =
        exchange(
            client,
            "POST %s HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: %d\n\n%s"
                .formatted(hook.url().getPath(), PROBE.length(), PROBE));
    long end = System.nanoTime();
    if (answer.startsWith("HTTP/1.1 200 ")) {
      String id = Client.json(answer.substring(answer.indexOf("\n\n"))).get("id").textValue();
      digests.put(id, Client.sha256(PROBE.getBytes(UTF_8)));
    } else {
      assertTrue(isBusyQueue(answer) || answer.startsWith("HTTP/1.1 500 "), answer);
    }
    return new Probe(Duration.ofNanos(between - start), Duration.ofNanos(end - between));
  }

  /** On a fresh connection, which may be ended before its first byte is there. */
  private static String exchange(Client client, String request) throws IOException {
    for (int again = 0; ; again++) {
      try (RawConnection connection = new RawConnection(client.address())) {
        return connection.send(request).receive();
      } catch (IOException e) {
        if (again == MOST_REPEATS) {
          throw e;
        }
      }
    }
  }

  private void assertAllStored(Client client, Client.Hook hook) {
    List<JsonNode> captures = client.await(hook, digests.size());
    Map<String, String> stored = new HashMap<>();
    captures.forEach(capture ->
        stored.put(capture.get("id").textValue(), capture.get("bodySha256").textValue()));
    digests.forEach((id, digest) -> assertEquals(digest, stored.get(id), id));
  }

  private Process launch(String heap, Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseParallelGC",
            "-Xmx" + heap,
            "-cp",
            System.getProperty("java.class.path"),
            LocalRunner.class.getName(),
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static URI address(Process runner, Path output) throws Exception {
    Deadline deadline = Deadline.inSeconds(120);
    while (true) {
      String printed = Files.readString(output);
      for (String line : printed.split("\n", -1)) {
        if (line.startsWith(READY)) {
          return URI.create(line.substring(READY.length()).strip());
        }
      }
      assertTrue(runner.isAlive(), printed);
      deadline.check(printed);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
