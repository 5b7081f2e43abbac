package dev.hookwell.client.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.client.RecordingTarget.Reaction;
import dev.hookwell.client.TestCaptures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries to a server on a bare socket. */
final class TargetConnectionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private RecordingTarget server;

  @BeforeEach
  void start() throws IOException {
    server = RecordingTarget.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    timer.shutdownNow();
  }

  private TargetConnection connection(String target, Duration timeout) {
    return new TargetConnection(
        Target.parse(target), Trust.ofJava(), timeout, Clock.systemUTC(), timer);
  }

  private TargetConnection connection() {
    return connection(String.valueOf(server.port()), PATIENCE);
  }

  private DeliveryRequest request(String method, byte[] body) {
    return DeliveryRequest.of(
        TestCaptures.capture(method, "/a", "b=c", "[[\"x-a\",\"1\"]]", "[]", "[]", body),
        Bytes.copyOf(body),
        TestCaptures.HOOK,
        Target.parse(String.valueOf(server.port())),
        List.of());
  }

  private static Delivery responded(int status) {
    return new Delivery.Responded(status, Optional.empty());
  }

  private static Delivery.Cause cause(Delivery delivery) {
    return assertInstanceOf(Delivery.Failed.class, delivery).cause();
  }

  @Test
  void everyByteArrives() {
    byte[] body = new byte[300_000];
    new Random(7).nextBytes(body);
    DeliveryRequest request = request("POST", body);
    try (TargetConnection connection = connection()) {
      assertEquals(responded(200), connection.send(request));
    }

    RecordingTarget.Received received = server.received().getFirst();
    assertEquals(Bytes.copyOf(body), received.body());
    assertEquals(new String(request.head(), StandardCharsets.ISO_8859_1), received.head());
  }

  @Test
  void requestsThatFollowEachOtherShareAConnection() {
    try (TargetConnection connection = connection()) {
      for (String wire :
          List.of(
              RecordingTarget.OK,
              "HTTP/1.1 204 No Content\r\n\r\n",
              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n",
              """
              HTTP/1.1 500 X\r
              Transfer-Encoding: chunked\r
              \r
              3;a=b\r
              abc\r
              0\r
              x: y\r
              \r
              """,
              "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n")) {
        server.respond(wire);
        assertInstanceOf(Delivery.Responded.class, connection.send(request("GET", new byte[0])));
      }
    }
    assertEquals(1, server.connections());
    assertEquals(5, server.received().size());
  }

  @Test
  void aHeadHasNoBodyWhateverItsLengthSays() {
    server.respond("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
    try (TargetConnection connection = connection()) {
      assertEquals(responded(200), connection.send(request("HEAD", new byte[0])));
      assertEquals(responded(200), connection.send(request("HEAD", new byte[0])));
    }
    assertEquals(1, server.connections());
  }

  @Test
  void aConnectionThatTheServerClosedMeanwhileIsReplaced() {
    try (TargetConnection connection = connection()) {
      server.react(_ -> new Reaction.RespondAndClose(RecordingTarget.OK));
      assertEquals(responded(200), connection.send(request("POST", new byte[] {1})));
      assertEquals(responded(200), connection.send(request("POST", new byte[] {2})));
    }
    assertEquals(2, server.received().size());
    assertEquals(2, server.connections());
  }

  @Test
  void everyStatusIsAResponseAndARedirectIsNotFollowed() {
    try (TargetConnection connection = connection()) {
      server.respond("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\u001b\r\n\r\n");
      assertEquals(
          new Delivery.Responded(302, Optional.of("http://elsewhere/\\x1b")),
          connection.send(request("GET", new byte[0])));
      server.respond("HTTP/1.0 503 Down\n\n");
      assertEquals(responded(503), connection.send(request("GET", new byte[0])));
    }
    assertEquals(2, server.received().size());
  }

  @Test
  void aServerThatResetsOrTalksNonsenseBreaksIt() {
    try (TargetConnection connection = connection()) {
      server.react(_ -> new Reaction.Reset());
      assertEquals(Delivery.Cause.BROKEN, cause(connection.send(request("POST", new byte[0]))));
      for (String wire :
          List.of("", "nonsense\r\n\r\n", "HTTP/1.1 200", "HTTP/1.1 20 x\r\n\r\n", "SSH-2.0\r\n")) {
        server.react(_ -> new Reaction.RespondAndClose(wire));
        assertEquals(
            Delivery.Cause.BROKEN, cause(connection.send(request("POST", new byte[0]))), wire);
      }
    }
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() {
    server.react(_ -> new Reaction.Hang());
    try (TargetConnection connection =
        connection(String.valueOf(server.port()), Duration.ofMillis(200))) {
      assertEquals(Delivery.Cause.TIMED_OUT, cause(connection.send(request("POST", new byte[0]))));
    }
  }

  @Test
  void aServerThatDoesNotReadABodyIsGivenUpToo() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 5, RecordingTarget.address());
        TargetConnection connection =
            connection(String.valueOf(deaf.getLocalPort()), Duration.ofMillis(300))) {
      assertEquals(
          Delivery.Cause.TIMED_OUT,
          cause(connection.send(request("POST", new byte[12 * 1024 * 1024]))));
    }
  }

  @Test
  void aBodyThatNeverEndsDoesNotKeepTheStatusBack() {
    server.respond("HTTP/1.1 200 OK\r\n\r\nevent: 1\n\n");
    try (TargetConnection connection = connection()) {
      assertEquals(responded(200), connection.send(request("POST", new byte[0])));
    }
  }

  @Test
  void whereNobodyListensNothingIsConnected() throws IOException {
    int port = server.port();
    server.close();
    try (TargetConnection connection = connection(String.valueOf(port), PATIENCE)) {
      Delivery.Failed failed =
          assertInstanceOf(Delivery.Failed.class, connection.send(request("POST", new byte[0])));
      assertEquals(Delivery.Cause.NOT_CONNECTED, failed.cause());
      assertEquals("http://localhost:" + port + " refuses connections", failed.message());
    }
    try (TargetConnection connection = connection("http://no-such-host.invalid", PATIENCE)) {
      assertEquals(
          Delivery.Cause.NOT_CONNECTED, cause(connection.send(request("POST", new byte[0]))));
    }
  }

  @Test
  void localhostIsFoundUnderItsOtherAddress() throws IOException {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    InetAddress six = InetAddress.getByAddress(loopback);
    try (ServerSocket listener = new ServerSocket(0, 5, six);
        RecordingTarget other = RecordingTarget.on(listener);
        TargetConnection connection = connection(String.valueOf(other.port()), PATIENCE)) {
      assertEquals(responded(200), connection.send(request("POST", new byte[0])));
      assertEquals(1, other.received().size());
    }
  }

  @Test
  void httpsToAServerWithoutTlsIsSaid() {
    try (TargetConnection connection =
        connection("https://localhost:" + server.port(), Duration.ofSeconds(5))) {
      server.respond("HTTP/1.1 400 Bad\r\n\r\n");
      Delivery.Cause cause = cause(connection.send(request("POST", new byte[0])));
      assertTrue(
          cause == Delivery.Cause.UNTRUSTED || cause == Delivery.Cause.NOT_CONNECTED, cause.name());
    }
  }
}
