package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.machine.HeapShares;
import dev.hookwell.local.machine.PortInUseException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's refusals and responses, and its behaviour when much happens at once. */
final class LocalGatewayLimitsIT {
  private static final Duration INGEST_TIMEOUT = Duration.ofSeconds(20);

  private final RecordingFunction function = new RecordingFunction();

  private LocalGateway start(RequestStreamHandler handler) {
    return start(handler, GatewaySettings.ofAws(0));
  }

  private LocalGateway start(RequestStreamHandler handler, GatewaySettings settings) {
    return LocalGateway.start(
        new LocalFunction("ingest", INGEST_TIMEOUT, handler),
        new LocalFunction("api", Duration.ofSeconds(25), function),
        Clock.systemUTC(),
        new SecureRandom(),
        settings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /h/x HTTP/1.1\n\n",
        "POST /h/x HTTP/1.1\nHost: a\nContent-Length: 3\nTransfer-Encoding: chunked\n\n0\n\n",
        "POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 3\n\n0\n\n",
        "POST /h/x HTTP/1.1\nHost: a\nContent-Length: 3\nContent-Length: 4\n\nabcd",
        "POST /h/x HTTP/1.1\nHost: a\nContent-Length: 3, 4\n\nabcd",
        "POST /h/x HTTP/1.1\nHost: a\nContent-Length: -1\n\n",
        "POST /h/x HTTP/1.1\nHost: a\nContent-Length: +1\n\na",
        "POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n0\n\n",
        "POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\n",
        "POST /h/x HTTP/1.0\nContent-Length: 3\nTransfer-Encoding: chunked\n\n0\n\n",
        "GET /h/x HTTP/1.1\nHost: a\nHost: b\n\n",
        "GET h/x HTTP/1.1\nHost: a\n\n",
        "GET /h/x HTTP/1.1\nHost: a\nno colon\n\n",
        "GET /h/x HTTP/1.1\nHost: a\nX-Space : b\n\n",
        "GET\n\n",
        "GET /h/x HTTP/1.2\nHost: a\n\n",
        "GET /h/x HTTP/9.9\nHost: a\n\n",
        "PRI * HTTP/2.0\n\nSM\n\n",
      })
  void ambiguousRequestIs400AndTheConnectionIsClosed(String wire) throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      String answer = connection.send(wire).receive();
      assertTrue(answer.contains(" 400 Bad Request\n"), answer);
      assertTrue(answer.endsWith("\n{\"message\":\"Bad Request\"}"), answer);
      assertTrue(connection.isClosedByPeer());
      assertEquals(0, function.waiting());
    }
  }

  @Test
  @Shows("H48")
  void brokenChunkingClosesTheConnectionAndLeavesNoEvent() throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      connection.send("POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nzz\n");
      assertTrue(connection.receive().startsWith("HTTP/1.1 400 "));
      assertTrue(connection.isClosedByPeer());
      assertEquals(0, function.waiting());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "PROPFIND", "get", "BREW"})
  @Shows("H69")
  void otherMethodsAreRefused(String method) throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      String answer = connection.send(method + " /h/x HTTP/1.1\nHost: a\n\n").receive();
      assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
      assertTrue(answer.endsWith("\n{\"message\":\"Method Not Allowed\"}"), answer);
      assertTrue(
          answer.contains("\nallow: GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH\n"), answer);
      assertEquals(0, function.waiting());
    }
  }

  @Test
  void headOf10240BytesPassesAndOneMoreDoesNot() throws Exception {
    try (LocalGateway gateway = start(function)) {
      String start = "GET /h/x HTTP/1.1\r\nHost: a\r\nX-Pad: ";
      String fits = "p".repeat(10_240 - start.length() - 2);
      assertTrue(exchange(gateway, start + fits + "\r\n\r\n").startsWith("HTTP/1.1 200 "));
      String answer = exchange(gateway, start + fits + "p\r\n\r\n");
      assertTrue(answer.contains(" 431 "), answer);
      assertTrue(answer.contains("{\"message\":"), answer);
      assertEquals(1, function.waiting());
    }
  }

  @Test
  void headFarOverTheLimitIs431() throws Exception {
    try (LocalGateway gateway = start(function)) {
      String headers = ("X-Pad: " + "p".repeat(1_000) + "\r\n").repeat(60);
      String answer = exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
      assertTrue(answer.contains(" 431 "), answer);
      answer = exchange(gateway, "GET /h/" + "x".repeat(50_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(answer.contains(" 431 "), answer);
      assertEquals(0, function.waiting());
    }
  }

  @Test
  void declaredPayloadOver10MegabytesIs413WhileItIsStillComing() throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      connection.send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 10485761\n\n");
      assertTrue(connection.receive().startsWith("HTTP/1.1 413 "));
      assertEquals(0, function.waiting());
    }
  }

  @Test
  void payloadOver10MegabytesIs413ToASenderThatReadsLast() throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      connection.send("POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      byte[] mebibyte = new byte[1 << 20];
      for (int i = 0; i < 12; i++) {
        connection.send("100000\n").sendBytes(mebibyte).send("\n");
      }
      connection.send("0\n\n");
      String answer = connection.receive();
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(connection.isClosedByPeer());
      assertEquals(0, function.waiting());
    }
  }

  @Test
  void eventOverLambdasLimitIs413() throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection binary = new RawConnection(gateway.address());
        RawConnection text = new RawConnection(gateway.address())) {
      binary
          .send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 5000000\n\n")
          .sendBytes(new byte[5_000_000]);
      assertTrue(binary.receive().startsWith("HTTP/1.1 413 "));
      // The same as text is within the limit.
      text.send(
              "POST /h/x HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: 5000000\n\n")
          .sendBytes("x".repeat(5_000_000).getBytes(UTF_8));
      assertTrue(text.receive().startsWith("HTTP/1.1 200 "));
      assertEquals(5_000_000, function.event().getString("body").length());
    }
  }

  @Test
  void eventOf6291556BytesPassesAndOneMoreDoesNot() throws Exception {
    AtomicInteger eventBytes = new AtomicInteger();
    try (LocalGateway gateway =
        start((input, output, _) -> {
          eventBytes.set(input.readAllBytes().length);
          output.write(RecordingFunction.OK.getBytes(UTF_8));
        })) {
      String head = "POST /h/x HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n";
      exchange(gateway, head + "Content-Length: 1000000\r\n\r\n" + "t".repeat(1_000_000));
      // Everything but the body has the same length for each body length of seven digits.
      int fits = 6_291_556 - (eventBytes.get() - 1_000_000);
      String answer =
          exchange(gateway, head + "Content-Length: " + fits + "\r\n\r\n" + "t".repeat(fits));
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertEquals(6_291_556, eventBytes.get());
      answer =
          exchange(
              gateway, head + "Content-Length: " + (fits + 1) + "\r\n\r\n" + "t".repeat(fits + 1));
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(answer.contains("\ncontent-type: application/json\n"), answer);
      assertTrue(answer.endsWith("\n{\"message\":\"Request Entity Too Large\"}"), answer);
    }
  }

  @Test
  void integrationMayTakeThirtySeconds() {
    assertEquals(Duration.ofSeconds(30), GatewaySettings.ofAws(0).integrationTimeout());
  }

  @Test
  void invocationsAboveTheConcurrencyWaitForTheirTurn() throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RequestStreamHandler handler =
        (_, output, _) -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          two.countDown();
          await(go);
          inside.decrementAndGet();
          output.write(RecordingFunction.OK.getBytes(UTF_8));
        };
    try (LocalGateway gateway =
        LocalGateway.start(
            new LocalFunction("ingest", INGEST_TIMEOUT, 2, handler),
            new LocalFunction("api", Duration.ofSeconds(25), function),
            Clock.systemUTC(),
            new SecureRandom(),
            GatewaySettings.ofAws(0))) {
      List<RawConnection> connections = new ArrayList<>();
      try {
        for (int i = 0; i < 20; i++) {
          RawConnection connection = new RawConnection(gateway.address());
          connections.add(connection);
          connection.send("GET /h/x HTTP/1.1\nHost: a\n\n");
        }
        await(two);
        // The other function has its own turns.
        assertTrue(
            exchange(gateway, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").startsWith("HTTP/1.1 200 "));
        go.countDown();
        for (RawConnection connection : connections) {
          assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
        }
        assertEquals(2, most.get());
      } finally {
        go.countDown();
        for (RawConnection connection : connections) {
          connection.close();
        }
      }
    }
  }

  @Test
  void waitingForATurnIsPartOfTheIntegrationsTime() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    RequestStreamHandler handler =
        (_, _, _) -> {
          entered.countDown();
          await(never);
        };
    try (LocalGateway gateway =
            LocalGateway.start(
                new LocalFunction("ingest", INGEST_TIMEOUT, 1, handler),
                new LocalFunction("api", Duration.ofSeconds(25), function),
                Clock.systemUTC(),
                new SecureRandom(),
                GatewaySettings.ofAws(0).withIntegrationTimeout(Duration.ofSeconds(2)));
        RawConnection first = new RawConnection(gateway.address())) {
      first.send("GET /h/x HTTP/1.1\nHost: a\n\n");
      await(entered);
      String answer = exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
      assertTrue(first.receive().startsWith("HTTP/1.1 503 "));
    }
  }

  @Test
  void slowIntegrationIs503() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (LocalGateway gateway =
        start(
            (_, _, _) -> await(never),
            GatewaySettings.ofAws(0).withIntegrationTimeout(Duration.ofMillis(200)))) {
      String answer = exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
      assertTrue(answer.endsWith("\n{\"message\":\"Service Unavailable\"}"), answer);
    }
  }

  @Test
  void functionPastItsOwnTimeoutIs500() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (LocalGateway gateway =
        LocalGateway.start(
            new LocalFunction("ingest", Duration.ofMillis(200), (_, _, _) -> await(never)),
            new LocalFunction("api", Duration.ofSeconds(1), function),
            Clock.systemUTC(),
            new SecureRandom(),
            GatewaySettings.ofAws(0))) {
      String answer = exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
    }
  }

  @Test
  void failingFunctionIs500() throws Exception {
    try (LocalGateway gateway =
        start((_, _, _) -> {
          throw new StackOverflowError("as an Error, too");
        })) {
      String answer = exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
      assertTrue(answer.endsWith("\n{\"message\":\"Internal Server Error\"}"), answer);
    }
  }

  @Test
  void answerThatIsNoResponseIs500() throws Exception {
    function.answer("oops");
    try (LocalGateway gateway = start(function)) {
      assertTrue(
          exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n").startsWith("HTTP/1.1 500 "));
    }
  }

  @Test
  void answerOverTheLimitIs502() throws Exception {
    try (LocalGateway gateway = start(function)) {
      String frame = "{\"statusCode\":200,\"body\":\"\"}";
      String fits = "b".repeat(6_291_556 - frame.length());
      function.answer(frame.replace("\"\"", "\"" + fits + "\""));
      String answer = exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer.substring(0, 20));
      assertTrue(answer.endsWith("\n" + fits));
      function.answer(frame.replace("\"\"", "\"" + fits + "b\""));
      assertTrue(
          exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n").startsWith("HTTP/1.1 502 "));
    }
  }

  @Test
  void responseBecomesHttp() throws Exception {
    byte[] body = {0, 1, (byte) 0xFE, '\n'};
    function.answer(
        new JsonObject()
            .put("statusCode", 207)
            .put("headers", JsonObject.of("X-List", "a, b"))
            .put("cookies", List.of("c=1; Path=/", "d=2"))
            .put("isBase64Encoded", true)
            .put("body", Base64.getEncoder().encodeToString(body))
            .encode());
    try (LocalGateway gateway = start(function)) {
      assertEquals(
          """
          HTTP/1.1 207 Multi-Status
          X-List: a, b
          set-cookie: c=1; Path=/
          set-cookie: d=2
          content-length: 4

          """
              + new String(body, ISO_8859_1),
          exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
  }

  @Test
  void responseWithoutStatusIsJsonAsItStands() throws Exception {
    function.answer("{\"a\": 1}");
    try (LocalGateway gateway = start(function)) {
      assertEquals(
          """
          HTTP/1.1 200 OK
          content-type: application/json
          content-length: 8

          {"a": 1}\
          """,
          exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      String head = connection.send("HEAD /h/x HTTP/1.1\nHost: a\n\n").receiveHead();
      assertEquals("HTTP/1.1 200 OK\ncontent-length: 4\n", head);
      // No bytes of a body lie before the next response.
      assertEquals(head + "\nkept", connection.send("GET /h/x HTTP/1.1\nHost: a\n\n").receive());
    }
  }

  @Test
  void statusWithoutABodyHasNone() throws Exception {
    function.answer("{\"statusCode\":204,\"body\":\"dropped\"}");
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      connection.send("GET /h/x HTTP/1.1\nHost: a\n\n");
      assertEquals("HTTP/1.1 204 No Content\n", connection.receiveHead());
      function.answer("{\"statusCode\":304}");
      connection.send("GET /h/x HTTP/1.1\nHost: a\n\n");
      assertEquals("HTTP/1.1 304 Not Modified\n", connection.receiveHead());
    }
  }

  @Test
  void senderThatWaitsForContinueIsToldToGoOn() throws Exception {
    try (LocalGateway gateway = start(function);
        RawConnection connection = new RawConnection(gateway.address())) {
      connection.send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 2\nExpect: 100-continue\n\n");
      assertEquals("HTTP/1.1 100 Continue\n", connection.receiveHead());
      assertTrue(connection.send("hi").receive().startsWith("HTTP/1.1 200 "));
      assertEquals("aGk=", function.event().getString("body"));
    }
  }

  @Test
  void senderThatBreaksOffLeavesNoEvent() throws Exception {
    try (LocalGateway gateway = start(function)) {
      try (RawConnection declared = new RawConnection(gateway.address());
          RawConnection chunked = new RawConnection(gateway.address())) {
        declared.send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 9\n\nhalf");
        chunked.send("POST /h/x HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n4\nhalf\n");
      }
      // Its turn comes after theirs, and it is the only one that arrives.
      exchange(gateway, "GET /h/whole HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals("/h/whole", function.event().getString("rawPath"));
    }
    assertEquals(0, function.waiting());
  }

  @Test
  void slowSendersBlockNobody() throws Exception {
    try (LocalGateway gateway = start(function)) {
      List<RawConnection> slow = new ArrayList<>();
      try {
        for (int i = 0; i < 200; i++) {
          RawConnection connection = new RawConnection(gateway.address());
          slow.add(connection);
          connection.send("POST /h/slow HTTP/1.1\nHost: a\nContent-Length: 3\n\na");
        }
        assertTrue(
            exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertEquals("/h/x", function.event().getString("rawPath"));
        for (RawConnection connection : slow) {
          assertTrue(connection.send("bc").receive().startsWith("HTTP/1.1 200 "));
        }
      } finally {
        for (RawConnection connection : slow) {
          connection.close();
        }
      }
    }
  }

  @Test
  void thousandRequestsAreUnderWayAtOnce() throws Exception {
    int requests = 1_000;
    Semaphore go = new Semaphore(0);
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(requests);
    try (LocalGateway gateway =
        start(
            (_, output, _) -> {
              inside.incrementAndGet();
              all.countDown();
              go.acquireUninterruptibly();
              output.write(RecordingFunction.OK.getBytes(UTF_8));
            },
            // A machine that has room for them.
            GatewaySettings.ofAws(0).withShares(new HeapShares(64L << 30)))) {
      List<RawConnection> connections = new ArrayList<>();
      try {
        for (int i = 0; i < requests; i++) {
          RawConnection connection = new RawConnection(gateway.address());
          connections.add(connection);
          connection.send("POST /h/x HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi");
        }
        await(all);
        assertEquals(requests, inside.get());
        go.release(requests);
        for (RawConnection connection : connections) {
          assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
        }
      } finally {
        go.release(requests);
        for (RawConnection connection : connections) {
          connection.close();
        }
      }
    }
  }

  @Test
  void closingFinishesWhatIsUnderWay() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (LocalGateway gateway =
            start((_, output, _) -> {
              entered.countDown();
              await(go);
              output.write(RecordingFunction.OK.getBytes(UTF_8));
            });
        RawConnection idle = new RawConnection(gateway.address());
        RawConnection connection = new RawConnection(gateway.address())) {
      idle.send("GET / HTTP/1.1\nHost: a\n\n");
      assertTrue(idle.receive().startsWith("HTTP/1.1 200 "));
      connection.send("GET /h/x HTTP/1.1\nHost: a\n\n");
      await(entered);
      Thread closing = Thread.ofVirtual().start(gateway::close);
      assertTrue(idle.isClosedByPeer(), "an idle connection is closed at once");
      assertTrue(closing.isAlive());
      go.countDown();
      assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      closing.join();
    }
  }

  @Test
  void portInUseIsSaidInOneLine() {
    try (LocalGateway gateway = start(function)) {
      int port = gateway.address().getPort();
      PortInUseException refused =
          assertThrows(
              PortInUseException.class, () -> start(function, GatewaySettings.ofAws(port)));
      assertEquals("port " + port + " on 127.0.0.1 is in use", refused.getMessage());
    }
  }

  @Test
  void contextOfAnInvocationHasTheFunctionsDeadline() throws Exception {
    AtomicInteger remaining = new AtomicInteger();
    try (LocalGateway gateway =
        start((_, output, context) -> {
          remaining.set(context.getRemainingTimeInMillis());
          assertFalse(context.getAwsRequestId().isEmpty());
          output.write(RecordingFunction.OK.getBytes(UTF_8));
        })) {
      assertTrue(
          exchange(gateway, "GET /h/x HTTP/1.1\r\nHost: a\r\n\r\n").startsWith("HTTP/1.1 200 "));
      assertTrue(remaining.get() > 0 && remaining.get() <= INGEST_TIMEOUT.toMillis());
    }
  }

  private static String exchange(LocalGateway gateway, String wire) throws IOException {
    try (RawConnection connection = new RawConnection(gateway.address())) {
      return connection.sendBytes(wire.getBytes(ISO_8859_1)).receive();
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
