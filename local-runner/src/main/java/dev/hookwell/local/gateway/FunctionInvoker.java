package dev.hookwell.local.gateway;

import dev.hookwell.local.lambda.LocalContext;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invokes a function as the gateway's integration does: with Lambda's limits and the gateway's. */
final class FunctionInvoker {
  private static final Logger LOG = LoggerFactory.getLogger(FunctionInvoker.class);
  private static final WireResponse FAILED = WireResponse.refusal(500, "Internal Server Error");

  private static final WireResponse UNAVAILABLE = WireResponse.refusal(503, "Service Unavailable");

  /** Most responses are a few lines of JSON. */
  private static final int EXPECTED_RESPONSE = 1024;

  private final LocalFunction function;
  private final Turns turns;
  private final ExecutorService threads;
  private final Clock clock;
  private final GatewaySettings settings;

  FunctionInvoker(
      LocalFunction function,
      Turns turns,
      ExecutorService threads,
      Clock clock,
      GatewaySettings settings) {
    this.function = function;
    this.turns = turns;
    this.threads = threads;
    this.clock = clock;
    this.settings = settings;
  }

  /**
   * Waits for a turn, and then for the response. A failure of the function is a response, too, and
   * never thrown.
   *
   * @param bytes of the heap that the invocation takes, 0 for a small one
   * @param event written when its turn has come; empty when it is larger than Lambda takes
   */
  WireResponse invoke(long bytes, Supplier<Optional<BoundedOutput>> event, String requestId)
      throws InterruptedException {
    long end = System.nanoTime() + settings.integrationTimeout().toNanos();
    Optional<Turns.Turn> turn = turns.await(bytes, settings.integrationTimeout());
    if (turn.isEmpty()) {
      return WireResponse.busy();
    }
    try (Turns.Turn mine = turn.get()) {
      Optional<InputStream> in = event.get().map(BoundedOutput::release);
      return in.isEmpty()
          ? WireResponse.refusal(413, "Request Entity Too Large")
          : invoke(in.get(), requestId, mine, Duration.ofNanos(end - System.nanoTime()));
    }
  }

  private WireResponse invoke(InputStream event, String requestId, Turns.Turn turn, Duration left)
      throws InterruptedException {
    BoundedOutput out = new BoundedOutput(settings.maxResponseBytes(), EXPECTED_RESPONSE);
    LocalContext context = new LocalContext(function.name(), requestId, clock, function.timeout());
    Future<?> invocation =
        threads.submit(() -> {
          turn.enter();
          function.handler().handleRequest(event, out, context);
          return null;
        });
    boolean functionEndsFirst = function.timeout().compareTo(left) <= 0;
    Duration wait = functionEndsFirst ? function.timeout() : left;
    try {
      invocation.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      return out.exceeded()
          ? WireResponse.refusal(502, "Bad Gateway")
          : WireResponse.parse(out.array(), out.size());
    } catch (ExecutionException e) {
      LOG.error("{} failed on request {}", function.name(), requestId, e.getCause());
      return FAILED;
    } catch (MalformedResponseException e) {
      LOG.error("{} answered request {} wrongly", function.name(), requestId, e);
      return FAILED;
    } catch (TimeoutException _) {
      LOG.error("{} did not answer request {} within {}", function.name(), requestId, wait);
      return functionEndsFirst ? FAILED : UNAVAILABLE;
    } finally {
      // A function past its time is ended, so that it cannot act after its sender was refused.
      invocation.cancel(true);
    }
  }
}
