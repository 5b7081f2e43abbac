package dev.hookwell.local;

import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invokes a function as the gateway's integration does: with Lambda's limits and the gateway's. */
final class FunctionInvoker {
  private static final Logger LOG = LoggerFactory.getLogger(FunctionInvoker.class);
  private static final GatewayAnswer FAILED = GatewayAnswer.refusal(500, "Internal Server Error");

  private static final GatewayAnswer UNAVAILABLE =
      GatewayAnswer.refusal(503, "Service Unavailable");

  private final LocalFunction function;
  private final ExecutorService threads;
  private final Clock clock;
  private final GatewaySettings settings;
  private final Semaphore turns;

  FunctionInvoker(
      LocalFunction function, ExecutorService threads, Clock clock, GatewaySettings settings) {
    this.function = function;
    this.threads = threads;
    this.clock = clock;
    this.settings = settings;
    this.turns = new Semaphore(function.concurrency(), true);
  }

  /**
   * Blocks until there is an answer, and before that for a turn; it never throws for what a
   * function does.
   */
  GatewayAnswer invoke(byte[] event, String requestId) throws InterruptedException {
    long end = System.nanoTime() + settings.integrationTimeout().toNanos();
    if (!turns.tryAcquire(settings.integrationTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
      return UNAVAILABLE;
    }
    try {
      return invoke(event, requestId, Duration.ofNanos(end - System.nanoTime()));
    } finally {
      turns.release();
    }
  }

  private GatewayAnswer invoke(byte[] event, String requestId, Duration left)
      throws InterruptedException {
    BoundedOutput out = new BoundedOutput(settings.maxAnswerBytes());
    LocalContext context = new LocalContext(function.name(), requestId, clock, function.timeout());
    Future<?> invocation =
        threads.submit(() -> {
          function.handler().handleRequest(new ByteArrayInputStream(event), out, context);
          return null;
        });
    boolean functionEndsFirst = function.timeout().compareTo(left) <= 0;
    Duration wait = functionEndsFirst ? function.timeout() : left;
    try {
      invocation.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      return out.exceeded()
          ? GatewayAnswer.refusal(502, "Bad Gateway")
          : GatewayAnswer.parse(out.toByteArray());
    } catch (ExecutionException e) {
      LOG.error("{} failed on request {}", function.name(), requestId, e.getCause());
      return FAILED;
    } catch (MalformedAnswerException e) {
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
