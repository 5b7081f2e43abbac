package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.capture.Shows;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After the front refused a request, nothing of that connection is acted on. */
final class RefusedConnectionIT {
  private static final String BEHIND =
      "POST /h/behind HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi".replace("\n", "\r\n");

  /** Rounds of every refusal at once, each cut into other pieces. */
  private static final int ROUNDS = 4;

  private final Queue<String> paths = new ConcurrentLinkedQueue<>();

  /** A request that the front refuses, and the status that it does so with. */
  record Refused(String wire, int status) {
    /** Of a text block: its line ends become CR LF. */
    static Refused of(String text, int status) {
      return new Refused(text.replace("\n", "\r\n"), status);
    }

    /** The same with these bytes behind it, as they are. */
    Refused with(String bytes) {
      return new Refused(wire + bytes, status);
    }

    @Override
    public String toString() {
      String start = wire.substring(0, Math.min(wire.length(), 90));
      return status + " " + start.replaceAll("[^ -~]", ".");
    }
  }

  /** All but line feed, which ends the line. */
  private static List<String> controls() {
    return IntStream.rangeClosed(0, 0x7f)
        .filter(c -> (c < ' ' && c != '\n') || c == 0x7f)
        .mapToObj(Character::toString)
        .toList();
  }

  static List<Refused> refusals() {
    String post = "POST /h/x HTTP/1.1\nHost: a\n";
    String chunked = post + "Transfer-Encoding: chunked\n\n";
    List<Refused> refusals = new ArrayList<>();
    for (String method : List.of("PURGE", "TRACE", "CONNECT", "PROPFIND", "get", "Post", "QUERY")) {
      refusals.add(Refused.of(method + " /h/x HTTP/1.1\nHost: a\n\n", 405));
      refusals.add(Refused.of(method + " /h/x HTTP/1.1\nHost: a\nContent-Length: 2\n\nab", 405));
    }
    for (String bad :
        List.of(
            // Wrong or ambiguous hosts.
            "GET /h/x HTTP/1.1\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nHost: a\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nhost: b\n\n",
            "GET /h/x HTTP/1.0\nHost: a\nHost: b\n\n",
            "GET /h/x HTTP/1.1\nHost: a b\n\n",
            "GET /h/x HTTP/1.1\nHost: x@b\n\n",
            "GET /h/x HTTP/1.1\nHost: a/b\n\n",
            "GET /h/x HTTP/1.0\nHost: a b\n\n",
            // Ambiguous ends of the body.
            post + "Transfer-Encoding: chunked, identity\n\n0\n\n",
            post + "Transfer-Encoding: identity\n\n",
            post + "Transfer-Encoding: gzip, chunked\n\n0\n\n",
            post + "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n",
            post + "Transfer-Encoding: xchunked\n\n0\n\n",
            post + "Transfer-Encoding: \n\n",
            post + "Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n",
            post + "Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
            post + "Content-Length: 2\nContent-Length: 3\n\nab",
            post + "Content-Length: 2, 3\n\nab",
            post + "Content-Length: -1\n\n",
            post + "Content-Length: +2\n\nab",
            post + "Content-Length: 0x2\n\nab",
            post + "Content-Length: 99999999999999999999\n\nab",
            "POST /h/x HTTP/1.0\nTransfer-Encoding: chunked\n\n0\n\n",
            "POST /h/x HTTP/1.0\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nSec-WebSocket-Key1: 1\nSec-WebSocket-Key2: 2\n\n",
            // Wrong request targets.
            "GET h/x HTTP/1.1\nHost: a\n\n",
            "OPTIONS * HTTP/1.1\nHost: a\n\n",
            "GET ftp://a/h/x HTTP/1.1\nHost: a\n\n",
            "GET ?/h/x HTTP/1.1\nHost: a\n\n",
            "GET\n\n",
            "GET /h/x\n\n",
            // Wrong forms.
            "GET /h/x HTTP/1.2\nHost: a\n\n",
            "GET /h/x HTTP/9.9\nHost: a\n\n",
            "GET /h/x ICY/1.1\nHost: a\n\n",
            "GET /h/x http/1.1\nHost: a\n\n",
            "GET /h/x Http/1.0\nHost: a\n\n",
            "GET /h/x HTTP/1.1 HTTP/1.1\nHost: a\n\n",
            "GET\t/h/x\tHTTP/1.1\nHost: a\n\n",
            "GET  /h/x HTTP/1.1\nHost: a\n\n",
            "GET /h/x  HTTP/1.1\nHost: a\n\n",
            "GET /h/x HTTP/1.1 \nHost: a\n\n",
            " GET /h/x HTTP/1.1\nHost: a\n\n",
            "GET /h/x\u000bHTTP/1.1\nHost: a\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nno colon\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nX-Space : b\n\n",
            "GET /h/x HTTP/1.1\nHost: a\n: v\n\n",
            "GET /h/x HTTP/1.1\nHost: a\n:\n\n",
            "GET /h/x HTTP/1.1\nHost: a\n<img>: v\n\n",
            "GET /h/x HTTP/1.1\nHost: a\na(b): v\n\n",
            "GET /h/x HTTP/1.1\nHost: a\na\"b: v\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nna\u00efve: v\n\n",
            "GET /h/x HTTP/1.1\nHost: a\nX-Nul: \u0000\n\n",
            "PRI * HTTP/2.0\n\nSM\n\n",
            // Control characters that Netty before 4.2.15 skipped.
            "\u0000GET /h/x HTTP/1.1\nHost: a\n\n",
            "\u0001GET /h/x HTTP/1.1\nHost: a\n\n",
            "\u007fGET /h/x HTTP/1.1\nHost: a\n\n",
            "\n\u0000\nGET /h/x HTTP/1.1\nHost: a\n\n",
            // Malformed chunks.
            chunked + "zz\n",
            chunked + "\n\n",
            chunked + "-1\n\n",
            chunked + "1 \na\n0\n\n",
            chunked + " 1\na\n0\n\n",
            chunked + "0x1\na\n0\n\n",
            chunked + "80000000\na\n",
            chunked + "1\nab\n0\n\n",
            // Netty before 4.2.10 saw the end of a line in these, and the rest as the next request.
            chunked + "1;a=\"\nX\n0\n\n",
            chunked + "1;a=\"\\\"\nX\n0\n\n")) {
      refusals.add(Refused.of(bad, 400));
    }
    // No target holds a control character: a terminal or a reader of logs would act on it.
    for (String control : controls()) {
      refusals.add(Refused.of("GET /h/x?a=" + control + "b HTTP/1.1\nHost: a\n\n", 400));
    }
    for (String keys :
        List.of("\u0015touch${IFS}F\u000F", "\u001B[201~\u0015touch${IFS}F\u007F\u0001")) {
      refusals.add(Refused.of("GET /h/x?a=" + keys + " HTTP/1.1\nHost: a\n\n", 400));
      refusals.add(Refused.of("GET /h/x/" + keys + " HTTP/1.1\nHost: a\n\n", 400));
    }
    // A line feed without its carriage return; the text block would give it one.
    refusals.add(Refused.of(chunked + "1;a", 400).with("\nX\r\n0\r\n\r\n"));
    refusals.add(Refused.of("GET /h/x HTTP/1.1", 400).with("\nHost: a\n\n"));
    refusals.add(Refused.of("GET\r/h/x\rHTTP/1.1\nHost: a\n\n", 400));
    String pad = "p".repeat(10_240);
    refusals.add(Refused.of("GET /h/x HTTP/1.1\nHost: a\nX-Pad: " + pad + "\n\n", 431));
    refusals.add(Refused.of(post + "Content-Length: 2\nX-Pad: " + pad + "\n\nab", 431));
    refusals.add(Refused.of("GET /h/" + pad.repeat(3) + " HTTP/1.1\nHost: a\n\n", 431));
    refusals.add(Refused.of(post + "Content-Length: 10485761\n\n", 413));
    refusals.add(Refused.of(post + "Content-Length: 4800000\n\n" + "b".repeat(4_800_000), 413));
    refusals.add(
        Refused.of(chunked + ("100000\n" + "b".repeat(1 << 20) + "\n").repeat(7) + "0\n\n", 413));
    // The gateway's own responses when a function fails.
    for (String path : List.of("/h/fails", "/h/garbage", "/api/fails")) {
      refusals.add(Refused.of("GET " + path + " HTTP/1.1\nHost: a\n\n", 500));
    }
    refusals.add(Refused.of("GET /h/long HTTP/1.1\nHost: a\n\n", 502));
    refusals.add(Refused.of("GET /h/sleeps HTTP/1.1\nHost: a\n\n", 503));
    return refusals;
  }

  private RequestStreamHandler function() {
    return (input, output, _) -> {
      String path = new JsonObject(Buffer.buffer(input.readAllBytes())).getString("rawPath");
      paths.add(path);
      switch (path.substring(path.lastIndexOf('/') + 1)) {
        case "fails" -> throw new IllegalStateException("as it should");
        case "garbage" -> output.write("{".getBytes(UTF_8));
        case "long" -> output.write(new byte[7_000_000]);
        case "sleeps" -> sleep();
        case "none" -> output.write("{\"statusCode\":404,\"body\":\"none\"}".getBytes(UTF_8));
        default -> output.write(RecordingFunction.OK.getBytes(UTF_8));
      }
    };
  }

  private static void sleep() {
    try {
      Thread.sleep(Duration.ofMinutes(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private LocalGateway start() {
    return LocalGateway.start(
        new LocalFunction("ingest", Duration.ofSeconds(20), function()),
        new LocalFunction("api", Duration.ofSeconds(25), function()),
        Clock.systemUTC(),
        new SecureRandom(),
        GatewaySettings.ofAws(0).withIntegrationTimeout(Duration.ofSeconds(3)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  @Shows({"H48", "H48b", "S34c"})
  void whatFollowsIsNeitherActedOnNorAnswered(Refused refused) throws Exception {
    try (LocalGateway gateway = start()) {
      assertRefused(gateway, "", refused, List.of(refused.wire + BEHIND));
      assertRefused(gateway, "", refused, List.of(refused.wire, BEHIND));
      assertRefused(gateway, "", refused, List.of(refused.wire, BEHIND, BEHIND + BEHIND));
      String first = "GET /h/first HTTP/1.1\r\nHost: a\r\n\r\n";
      assertRefused(gateway, first, refused, List.of(first + refused.wire + BEHIND));
      assertEquals(0, paths.stream().filter("/h/behind"::equals).count());
    }
  }

  @Test
  @Shows({"H48", "S34b"})
  void theSameHoldsForAllOfThemAtOnceWhileOthersAreServed() throws Exception {
    List<Refused> refusals = refusals();
    AtomicBoolean done = new AtomicBoolean();
    try (LocalGateway gateway = start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> others = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        others.add(threads.submit(() -> sendUntil(gateway, done)));
      }
      List<Future<?>> senders = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        Random random = new Random(round);
        for (Refused refused : refusals) {
          List<String> pieces = pieces(refused.wire + BEHIND, random);
          senders.add(
              threads.submit(() -> {
                assertRefused(gateway, "", refused, pieces);
                return null;
              }));
        }
      }
      try {
        for (Future<?> sender : senders) {
          sender.get();
        }
      } finally {
        done.set(true);
      }
      for (Future<?> other : others) {
        other.get();
      }
      assertEquals(0, paths.stream().filter("/h/behind"::equals).count());
    }
  }

  /** Legitimate requests on connections that are kept, until the end. */
  private static Void sendUntil(LocalGateway gateway, AtomicBoolean done) throws IOException {
    try (RawConnection connection = new RawConnection(gateway.address())) {
      while (!done.get()) {
        String answer =
            connection.send("POST /h/other HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi").receive();
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      }
      return null;
    }
  }

  /**
   * Sends the pieces. The first request is served, if there is one; then one refusal comes, then
   * the end.
   */
  private static void assertRefused(
      LocalGateway gateway, String first, Refused refused, List<String> pieces) throws IOException {
    try (RawConnection connection = new RawConnection(gateway.address())) {
      for (String piece : pieces) {
        connection.sendBytes(piece.getBytes(ISO_8859_1));
      }
      if (!first.isEmpty()) {
        String served = connection.receive();
        assertTrue(served.startsWith("HTTP/1.1 200 "), served);
      }
      String answer = connection.receive();
      // Vert.x answers a request that is no HTTP/1.1 as HTTP/1.0.
      assertTrue(
          answer.substring(8).startsWith(" " + refused.status + " "), refused + ": " + answer);
      assertTrue(answer.contains("\nconnection: close\n"), refused + ": " + answer);
      assertTrue(connection.isClosedByPeer(), refused + ": something follows the refusal");
    }
  }

  private static List<String> pieces(String wire, Random random) {
    List<String> pieces = new ArrayList<>();
    int position = 0;
    while (position < wire.length()) {
      int most = wire.length() > 100_000 ? 500_000 : 40;
      int end = Math.min(wire.length(), position + 1 + random.nextInt(most));
      pieces.add(wire.substring(position, end));
      position = end;
    }
    return pieces;
  }

  /** An error response of a function has a definite end, so the connection goes on. */
  @Test
  @Shows("H48b")
  void responsesOfFunctionsKeepTheConnection() throws Exception {
    try (LocalGateway gateway = start();
        RawConnection connection = new RawConnection(gateway.address())) {
      connection.sendBytes(
          ("GET /h/none HTTP/1.1\r\nHost: a\r\n\r\n" + BEHIND + BEHIND).getBytes(ISO_8859_1));
      assertTrue(connection.receive().startsWith("HTTP/1.1 404 "));
      assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      assertTrue(connection.receive().startsWith("HTTP/1.1 200 "));
      assertEquals(List.of("/h/none", "/h/behind", "/h/behind"), List.copyOf(paths));
    }
  }
}
