package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.TcpProxy;
import dev.hookwell.bodies.S3Server;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.store.HookLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real functions with a bucket behind S3's real protocol, as in the cloud, with faults of the
 * bucket and of the way to it.
 */
final class BucketFaultsIT {
  private static final String BINARY = "application/octet-stream";
  private static final int QUOTA = 60;

  @TempDir static Path data;
  @TempDir static Path disk;

  private static S3Server server;
  private static TcpProxy way;
  private static FaultySystem system;
  private static Client client;

  private final Random random = new Random(22);

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(disk);
    way = new TcpProxy(server.address().getPort());
    system =
        new FaultySystem(
            data,
            QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(1), 5),
            new HookLimits(Duration.ofDays(7), QUOTA, HookLimits.DEFAULT.bytes()),
            FaultySystem.Patience.SHORT,
            new FaultySystem.Bodies(
                disk.resolve(S3Server.BUCKET),
                S3Server.bucket(URI.create("http://127.0.0.1:" + way.port())),
                Optional.of(way)));
    client = new Client(system.address());
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    system.close();
    way.close();
    server.close();
  }

  @AfterEach
  void heal() {
    way.heal();
  }

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Sends one, and brings it to its row. */
  private static String keep(Client.Hook hook, byte[] body) {
    String id = client.postKept(hook, BINARY, body);
    store();
    return id;
  }

  private static void store() {
    while (system.steps().step(100, new Random(1)) > 0) {
      // Each step stores one batch.
    }
  }

  private static Path object(Client.Hook hook, String id) {
    return system
        .bodies()
        .resolve(HookId.parse(hook.id()).orElseThrow().uid().toString())
        .resolve(id);
  }

  private static void assertProblem(int status, String type, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(
        "urn:hookwell:problem:" + type, Client.json(answer.body()).get("type").textValue());
  }

  private static void delete(Client.Hook hook, String tail) {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail))
                .header("authorization", "Bearer " + hook.ownerKey())
                .DELETE());
    assertEquals(204, answer.statusCode(), answer.body());
  }

  @Test
  void aBodyOfFourMebibytesIsReadAsItWasSent() {
    Client.Hook hook = client.createHook();
    byte[] body = random(CapturedBody.MAX_BYTES);

    String id = keep(hook, body);

    assertArrayEquals(body, client.body(hook, id));
    assertTrue(Files.exists(object(hook, id)));
    assertEquals(body.length, client.read(hook, "").at("/counts/bytes").longValue());
  }

  /** Refused, silent, or cut in the middle: senders get 503 in time, readers too; both go on. */
  @Test
  @Shows("F62")
  void aBucketThatCannotBeReachedMeansLaterForLargeBodiesAlone() {
    Client.Hook hook = client.createHook();
    byte[] large = random(2_000_000);
    String id = keep(hook, large);
    for (TcpProxy.Fault fault :
        List.of(
            new TcpProxy.Fault.Refuse(),
            new TcpProxy.Fault.Blackhole(),
            // More than a response's head, and a small part of its body.
            new TcpProxy.Fault.Reset(100_000))) {
      way.set(fault);
      boolean cut = fault instanceof TcpProxy.Fault.Reset;
      if (!cut) {
        HttpResponse<String> refused = client.post(hook, BINARY, random(2_000_000));
        assertProblem(503, "queue-unavailable", refused);
        assertEquals(Optional.of("5"), refused.headers().firstValue("retry-after"));
      }
      client.postKept(hook, BINARY, random(1000));
      HttpResponse<String> unread = client.get(hook, "/captures/" + id + "/body");
      assertProblem(503, "body-unavailable", unread);
      assertEquals(Optional.of("5"), unread.headers().firstValue("retry-after"));
      assertEquals(200, client.get(hook, "/captures/" + id).statusCode(), "the rest is there");
      way.heal();

      store();
      assertArrayEquals(large, client.body(hook, id));
    }
    List<JsonNode> captures = client.await(hook, 4);
    assertEquals(
        List.of(2_000_000, 1000, 1000, 1000),
        captures.stream().map(capture -> capture.get("bodySize").intValue()).toList());
  }

  @Test
  @Shows("F64")
  void anObjectThatIsGoneCutOrAlteredIsSaidAndNeverShown() throws IOException {
    Client.Hook hook = client.createHook();
    byte[] body = random(900_000);
    String id = keep(hook, body);
    byte[] altered = body.clone();
    altered[899_999] ^= 1;
    for (byte[] other : List.of(altered, Arrays.copyOf(body, 10), Arrays.copyOf(body, 900_001))) {
      Files.write(object(hook, id), other);
      assertProblem(500, "body-damaged", client.get(hook, "/captures/" + id + "/body"));
    }
    Files.delete(object(hook, id));
    assertProblem(500, "body-damaged", client.get(hook, "/captures/" + id + "/body"));
    assertEquals(200, client.get(hook, "/captures/" + id).statusCode(), "the rest is there");
  }

  @Test
  @Shows("F67")
  void deletingNeedsNoBucketAndTheObjectGoesWhenThereIsOneAgain() {
    Client.Hook hook = client.createHook();
    String one = keep(hook, random(900_000));
    String other = keep(hook, random(900_000));
    way.set(new TcpProxy.Fault.Refuse());
    delete(hook, "/captures/" + one);
    system.retain();
    assertTrue(Files.exists(object(hook, one)));
    way.heal();

    system.retain();

    assertFalse(Files.exists(object(hook, one)));
    assertTrue(Files.exists(object(hook, other)));
  }

  /** Its body is in the bucket, and its message in the queue, when the owner takes it all away. */
  @Test
  void whatComesForADeletedOrClearedHookLeavesNoObject() throws IOException {
    for (String tail : List.of("", "/captures")) {
      Client.Hook hook = client.createHook();
      String before = keep(hook, random(900_000));
      String waiting = client.postKept(hook, BINARY, random(900_000));
      delete(hook, tail);
      assertTrue(Files.exists(object(hook, before)) && Files.exists(object(hook, waiting)));

      store();
      system.retain();

      Deadline deadline = Deadline.inSeconds(30);
      while (Files.exists(object(hook, before)) || Files.exists(object(hook, waiting))) {
        deadline.check("an object outlived its row");
        system.retain();
      }
    }
  }

  @Test
  @Tag("long")
  void nothingIsLostInEightMixturesOfFaults() {
    RandomFaultsIT.run(system, client, 8, 40, 40, 0);
  }
}
