package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.machine.HeapShares;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which connections get room at the gateway, which are ended for others, and that all room is given
 * back.
 */
final class GatewayRoomIT {
  private static final int MIB = 1024 * 1024;

  /** 3 MiB for large bodies, 1 MiB for the first 64 KiB of each, and 1 MiB for responses. */
  private static final HeapShares SHARES = new HeapShares(16L * MIB);

  private static final GatewayPatience PATIENT = spare(Duration.ofMillis(300));

  private final RecordingFunction function = new RecordingFunction();
  private final List<RawConnection> connections = new ArrayList<>();

  /** Waits for every peer, until one has kept others waiting for the given time. */
  private static GatewayPatience spare(Duration spare) {
    Duration ever = Duration.ofMinutes(5);
    return new GatewayPatience(ever, ever, ever, ever, 1, spare, Duration.ofSeconds(2));
  }

  private LocalGateway start(GatewayPatience patience) {
    return start(function, patience);
  }

  private LocalGateway start(RequestStreamHandler handler, GatewayPatience patience) {
    return LocalGateway.start(
        new LocalFunction("ingest", Duration.ofSeconds(20), handler),
        new LocalFunction("api", Duration.ofSeconds(25), handler),
        Clock.systemUTC(),
        new SecureRandom(),
        GatewaySettings.ofAws(0).withShares(SHARES).withPatience(patience));
  }

  private RawConnection connect(LocalGateway gateway) throws IOException {
    RawConnection connection = new RawConnection(gateway.address());
    connections.add(connection);
    return connection;
  }

  @AfterEach
  void closeAll() throws IOException {
    for (RawConnection connection : connections) {
      connection.close();
    }
  }

  /** All of a body but its last byte, once the gateway has read it. */
  private RawConnection upload(LocalGateway gateway, int size) throws IOException {
    RawConnection connection = connect(gateway);
    connection
        .send("POST /h/large HTTP/1.1\nHost: a\nContent-Length: " + (size + 1) + "\n\n")
        .sendBytes(new byte[size]);
    // It reads 16 KiB of each connection by turns: so many other requests are as many turns.
    RawConnection other = connect(gateway);
    for (int i = 0; i < size / 8192; i++) {
      String answer = other.send("GET /h/x HTTP/1.1\nHost: a\n\n").receive();
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }
    other.close();
    return connection;
  }

  private String small(LocalGateway gateway) throws IOException {
    return connect(gateway)
        .send("POST /h/small HTTP/1.1\nHost: a\nContent-Length: 65536\n\n")
        .sendBytes(new byte[65_536])
        .receive();
  }

  @Test
  void aLargeBodyWithoutRoomIs503WithRetryAfterAndASmallOneFindsRoom() throws Exception {
    try (LocalGateway gateway = start(spare(Duration.ofMinutes(5)))) {
      RawConnection first = upload(gateway, 2 * MIB);
      String answer = upload(gateway, 2 * MIB).receive();
      assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
      assertTrue(answer.contains("\nretry-after: 1\n"), answer);
      for (int i = 0; i < 20; i++) {
        assertTrue(small(gateway).startsWith("HTTP/1.1 200 "));
      }
      assertTrue(first.send("x").receive().startsWith("HTTP/1.1 200 "));
      // The room of the first is free again.
      assertTrue(upload(gateway, 2 * MIB).send("x").receive().startsWith("HTTP/1.1 200 "));
      // A gateway that closes would wait for the body that it refused.
      closeAll();
    }
  }

  @Test
  void theUploadThatIsIdleForLongestMakesRoom() throws Exception {
    try (LocalGateway gateway = start(PATIENT)) {
      RawConnection idlest = upload(gateway, 3 * MIB / 2);
      Thread.sleep(Duration.ofMillis(200));
      RawConnection idle = upload(gateway, MIB);
      Thread.sleep(Duration.ofMillis(500));
      assertTrue(upload(gateway, MIB).send("x").receive().startsWith("HTTP/1.1 200 "));
      String answer = idlest.receive();
      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertTrue(answer.contains("\nconnection: close\n"), answer);
      assertTrue(idlest.isClosedByPeer());
      assertTrue(idle.send("x").receive().startsWith("HTTP/1.1 200 "));
    }
  }

  /** Room is taken by the bytes that arrived, not by the declared length. */
  @Test
  void aLengthThatIsOnlySaidTakesNoRoom() throws Exception {
    try (LocalGateway gateway = start(spare(Duration.ofMinutes(5)))) {
      // With the two of the upload, below the number of connections that there is room for.
      for (int i = 0; i < SHARES.connections() - 2; i++) {
        connect(gateway).send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 6000000\n\n");
      }
      assertTrue(upload(gateway, 2 * MIB).send("x").receive().startsWith("HTTP/1.1 200 "));
      // A gateway that closes would wait for their bodies.
      closeAll();
    }
  }

  @Test
  void bodiesThatBrokeOffGiveTheirRoomBack() throws Exception {
    try (LocalGateway gateway = start(spare(Duration.ofMinutes(5)))) {
      for (int i = 0; i < 5; i++) {
        upload(gateway, 2 * MIB).close();
        Deadline deadline = Deadline.inSeconds(30);
        while (!upload(gateway, 2 * MIB).send("x").receive().startsWith("HTTP/1.1 200 ")) {
          deadline.check("the room of a body that broke off is not free");
        }
      }
    }
  }

  @Test
  void ofABodyToNoHookOnlyTheFirst8KibibytesAreKept() throws Exception {
    try (LocalGateway gateway = start(PATIENT)) {
      RawConnection connection = connect(gateway);
      connection
          .send("POST /api/hooks HTTP/1.1\nHost: a\nContent-Length: 9000000\n\n")
          .sendBytes(new byte[9_000_000]);
      assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      assertEquals(8192, function.event().getBinary("body").length);
      connection.send("POST /api/hooks HTTP/1.1\nHost: a\nContent-Length: 4096\n\n");
      connection.sendBytes(new byte[4096]);
      assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      assertEquals(4096, function.event().getBinary("body").length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /h/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na",
        "POST /h/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        "POST /h/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n",
        "POST /h/x HTTP/1.1\r\nHost: a\r\n",
        "P",
      })
  @Shows("H48c")
  void aRequestThatStallsIs408AndTheConnectionIsClosed(String wire) throws Exception {
    try (LocalGateway gateway = start(with(Duration.ofSeconds(60), Duration.ofMillis(500)))) {
      RawConnection connection = connect(gateway);
      connection.sendBytes(wire.getBytes(ISO_8859_1));
      String answer = connection.receive();
      assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\n"), answer);
      assertTrue(answer.endsWith("\n{\"message\":\"Request Timeout\"}"), answer);
      assertTrue(connection.isClosedByPeer());
      assertEquals(0, function.waiting());
    }
  }

  /** A sender of a byte every now and then is not waited for for ever. */
  @Test
  void aRequestThatTricklesIs408() throws Exception {
    GatewayPatience patience =
        new GatewayPatience(
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            1024,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    try (LocalGateway gateway = start(patience)) {
      RawConnection head = connect(gateway).send("GET /h/x HTTP/1.1\nHost: a\nX: ");
      RawConnection body =
          connect(gateway).send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 9999\n\n");
      for (int i = 0; i < 30; i++) {
        Thread.sleep(Duration.ofMillis(100));
        head.trySend("x");
        body.trySend("x");
      }
      assertTrue(head.receive().startsWith("HTTP/1.1 408 "));
      assertTrue(body.receive().startsWith("HTTP/1.1 408 "));
      assertEquals(0, function.waiting());
    }
  }

  @Test
  void aConnectionThatIsIdleForTooLongIsClosed() throws Exception {
    try (LocalGateway gateway = start(with(Duration.ofMillis(500), Duration.ofSeconds(60)))) {
      assertTrue(connect(gateway).isClosedByPeer());
      RawConnection used = connect(gateway).send("GET /h/x HTTP/1.1\nHost: a\n\n");
      assertTrue(used.receive().startsWith("HTTP/1.1 200 "));
      assertTrue(used.isClosedByPeer());
    }
  }

  private static GatewayPatience with(Duration idle, Duration stalled) {
    return new GatewayPatience(
        idle,
        stalled,
        stalled,
        Duration.ofMinutes(5),
        1,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }

  /** The shares allow 32 connections. */
  @Test
  void idleConnectionsMakeRoomForOthersAndThoseAtWorkDoNot() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    RequestStreamHandler handler =
        (input, output, _) -> {
          String path = new JsonObject(Buffer.buffer(input.readAllBytes())).getString("rawPath");
          if (path.equals("/h/slow")) {
            entered.countDown();
            await(go);
          }
          output.write(RecordingFunction.OK.getBytes(UTF_8));
        };
    try (LocalGateway gateway = start(handler, PATIENT)) {
      RawConnection slow = connect(gateway).send("GET /h/slow HTTP/1.1\nHost: a\n\n");
      await(entered);
      for (int i = 0; i < 500; i++) {
        connect(gateway);
      }
      for (int i = 0; i < 50; i++) {
        String answer = connect(gateway).send("GET /h/x HTTP/1.1\nHost: a\n\n").receive();
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      }
      go.countDown();
      assertTrue(slow.receive().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void whoFindsEveryConnectionAtWorkIsTold() throws Exception {
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    try (LocalGateway gateway =
        start(
            (_, output, _) -> {
              entered.countDown();
              await(go);
              output.write(RecordingFunction.OK.getBytes(UTF_8));
            },
            PATIENT)) {
      List<RawConnection> working = new ArrayList<>();
      for (int i = 0; i < SHARES.connections(); i++) {
        working.add(connect(gateway).send("GET /h/x HTTP/1.1\nHost: a\n\n"));
      }
      await(entered);
      // The others wait for their turn; one of them must not be taken for idle.
      Thread.sleep(Duration.ofMillis(500));
      String answer = connect(gateway).send("GET /h/x HTTP/1.1\nHost: a\n\n").receive();
      assertTrue(answer.startsWith("HTTP/1.1 503 Service Unavailable\n"), answer);
      assertTrue(answer.contains("\nretry-after: 1\n"), answer);
      go.countDown();
      for (RawConnection connection : working) {
        assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      }
      assertTrue(
          connect(gateway)
              .send("GET /h/x HTTP/1.1\nHost: a\n\n")
              .receive()
              .startsWith("HTTP/1.1 200 "));
    }
  }

  /** More than any socket buffers, in all. */
  @Test
  void slowReadersMakeRoomForOthers() throws Exception {
    function.answer("{\"statusCode\":200,\"body\":\"" + "b".repeat(600_000) + "\"}");
    try (LocalGateway gateway = start(PATIENT)) {
      for (int i = 0; i < 20; i++) {
        connect(gateway).send("GET /h/x HTTP/1.1\nHost: a\n\n".repeat(40));
      }
      String get = "GET /h/x HTTP/1.1\nHost: a\n\n";
      for (int i = 0; i < 5; i++) {
        Deadline deadline = Deadline.inSeconds(30);
        while (!connect(gateway).send(get).receive().startsWith("HTTP/1.1 200 ")) {
          deadline.check("no room for a response");
        }
      }
      // A small one needs none.
      function.answer(RecordingFunction.OK);
      for (int i = 0; i < 20; i++) {
        assertTrue(connect(gateway).send(get).receive().startsWith("HTTP/1.1 200 "));
      }
    }
  }

  @Test
  void aReaderThatTakesNothingIsClosed() throws Exception {
    function.answer("{\"statusCode\":200,\"body\":\"" + "b".repeat(600_000) + "\"}");
    try (LocalGateway gateway = start(with(Duration.ofSeconds(60), Duration.ofMillis(500)))) {
      RawConnection reader = connect(gateway);
      int asked = 100;
      reader.send("GET /h/x HTTP/1.1\nHost: a\n\n".repeat(asked));
      int before = -1;
      Deadline deadline = Deadline.inSeconds(60);
      while (function.waiting() != before) {
        deadline.check("it goes on without its reader");
        before = function.waiting();
        Thread.sleep(Duration.ofSeconds(2));
      }
      assertTrue(before < asked, "all were answered into memory");
      assertTrue(reader.isBroken());
    }
  }

  /**
   * All requests that fit one read would become objects at once, if they were not decoded one by
   * one.
   */
  @Test
  void pipelinedRequestsAreTakenOneByOne() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (LocalGateway gateway =
        start(
            (_, output, _) -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              inside.decrementAndGet();
              output.write(RecordingFunction.OK.getBytes(UTF_8));
            },
            PATIENT)) {
      RawConnection connection = connect(gateway);
      Thread sender =
          Thread.ofVirtual()
              .start(() -> connection.trySend("GET /h/x HTTP/1.1\nHost: a\n\n".repeat(3_000)));
      for (int i = 0; i < 3_000; i++) {
        assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      }
      sender.join();
      assertEquals(1, most.get());
    }
  }

  @Test
  void aBodyOfTinyChunksTakesHardlyMoreThanItsBytes() throws Exception {
    try (LocalGateway gateway = start(PATIENT)) {
      RawConnection connection = connect(gateway);
      connection.send("POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      for (int i = 0; i < 100; i++) {
        connection.send("1\nx\n".repeat(1000));
      }
      assertTrue(connection.send("0\n\n").receive().startsWith("HTTP/1.1 200 "));
      assertEquals(100_000, function.event().getBinary("body").length);
    }
  }

  @Test
  void listsHaveTurnsOfTheirOwn() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger lists = new AtomicInteger();
    RequestStreamHandler handler =
        (input, output, _) -> {
          String path = new JsonObject(Buffer.buffer(input.readAllBytes())).getString("rawPath");
          if (path.endsWith("/captures")) {
            lists.incrementAndGet();
            entered.countDown();
            await(go);
          }
          output.write(RecordingFunction.OK.getBytes(UTF_8));
        };
    try (LocalGateway gateway = start(handler, PATIENT)) {
      List<RawConnection> greedy = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        greedy.add(connect(gateway).send("GET /api/hooks/x/captures HTTP/1.1\nHost: a\n\n"));
      }
      await(entered);
      for (String path : List.of("/api/health", "/h/x", "/")) {
        String answer = connect(gateway).send("GET " + path + " HTTP/1.1\nHost: a\n\n").receive();
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      }
      assertEquals(SHARES.lists(), lists.get());
      go.countDown();
      for (RawConnection connection : greedy) {
        assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      }
    }
  }

  /** A list that waits for something to come holds up none that has something to read. */
  @Test
  void whoSleepsInItsTurnLendsIt() throws Exception {
    CountDownLatch asleep = new CountDownLatch(5);
    CountDownLatch go = new CountDownLatch(1);
    RequestStreamHandler handler =
        (input, output, _) -> {
          String query =
              new JsonObject(Buffer.buffer(input.readAllBytes())).getString("rawQueryString");
          if (query.equals("wait")) {
            asleep.countDown();
            while (go.getCount() > 0) {
              sleep();
            }
          }
          output.write(RecordingFunction.OK.getBytes(UTF_8));
        };
    try (LocalGateway gateway = start(handler, PATIENT)) {
      assertEquals(1, SHARES.lists());
      List<RawConnection> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(connect(gateway).send("GET /api/hooks/x/captures?wait HTTP/1.1\nHost: a\n\n"));
      }
      await(asleep);
      String answer =
          connect(gateway).send("GET /api/hooks/x/captures HTTP/1.1\nHost: a\n\n").receive();
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      go.countDown();
      for (RawConnection connection : waiting) {
        assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      }
    }
  }

  private static void sleep() {
    try {
      Turns.sleep(Duration.ofMillis(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("ended by its timeout", e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS), "nobody came");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("ended by its timeout", e);
    }
  }
}
