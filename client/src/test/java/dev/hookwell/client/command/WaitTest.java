package dev.hookwell.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.hookwell.client.CaptureServer;
import dev.hookwell.client.CaptureServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code hookwell wait} ends in time, however its server behaves. Time passes only by its own
 * pauses.
 */
final class WaitTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final Answer UNAVAILABLE =
      new Answer(503, "{\"type\":\"urn:hookwell:problem:unavailable\",\"title\":\"Not now.\"}");

  @RegisterExtension private final CaptureServer server = new CaptureServer();
  @TempDir private Path folder;

  private final AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> START.plus(slept.get());

  private ClientRun.Ended wait(String timeout) {
    ClientRun client =
        new ClientRun(
            server.environment(),
            folder,
            clock.withZone(ZoneOffset.UTC),
            time -> slept.accumulateAndGet(time, Duration::plus));
    return assertTimeoutPreemptively(
        Duration.ofSeconds(15), () -> client.run("wait", "--timeout", timeout));
  }

  private static boolean isForCaptures(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().endsWith("/captures");
  }

  @Test
  void aServerThatIsNotAbleToIsAskedUntilTheTimeIsOver() {
    server.answerFirst(_ -> Optional.of(UNAVAILABLE));

    ClientRun.Ended ended = wait("2500ms");

    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().contains("can't do it now"), ended.err());
    assertEquals(Duration.ofMillis(2500), slept.get());
  }

  @Test
  void whatNoLookCouldTellIsNotSaidToHaveNotCome() {
    server.answerFirst(
        exchange -> isForCaptures(exchange) ? Optional.of(UNAVAILABLE) : Optional.empty());

    ClientRun.Ended ended = wait("2500ms");

    assertEquals(1, ended.code(), ended.err());
    assertTrue(
        ended.err().contains("within 2500 ms: whether something came is not known"), ended.err());
    assertEquals(Duration.ofMillis(2500), slept.get());
  }

  @Test
  void aServerThatIsBackInTimeTells() {
    AtomicInteger refusals = new AtomicInteger(2);
    server.answerFirst(exchange ->
        isForCaptures(exchange) && refusals.getAndDecrement() > 0
            ? Optional.of(UNAVAILABLE)
            : Optional.empty());
    server.receive(1);

    assertEquals(0, wait("10s").code());
    assertEquals(Duration.ofSeconds(2), slept.get());
  }

  /** Less than the 20 seconds that a response may take otherwise. */
  @Test
  void aServerThatSaysNothingIsGivenUp() {
    CountDownLatch over = new CountDownLatch(1);
    server.answerFirst(_ -> {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Optional.of(UNAVAILABLE);
    });
    try {
      ClientRun.Ended ended = wait("100ms");

      assertEquals(1, ended.code(), ended.err());
      assertTrue(ended.err().contains("no response in time"), ended.err());
    } finally {
      over.countDown();
    }
  }
}
