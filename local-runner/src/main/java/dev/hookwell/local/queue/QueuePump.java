package dev.hookwell.local.queue;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.hookwell.local.lambda.BatchFunction;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the outbox's messages to a function, as Lambda's event source mapping does: in batches, a
 * bounded number of them at once. Messages that the function does not report as failed are deleted.
 * When it throws, runs out of time or names a message that was not in the batch, none is; when it
 * reports nothing, all are. Failed messages come back sooner than in the cloud, see {@link
 * PumpSettings}. While every batch fails, as without a database, only a few messages are tried at a
 * time, so that an outage of hours does not use up the receives of all waiting messages.
 */
public final class QueuePump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueuePump.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Messages of a batch that only tries whether the function works again. */
  private static final int PROBE = 10;

  private final Outbox outbox;
  private final SqsEventWriter writer = new SqsEventWriter();
  private final BatchFunction function;
  private final PumpSettings settings;
  private final Semaphore permits;
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread collector;

  private QueuePump(Outbox outbox, BatchFunction function, PumpSettings settings) {
    this.outbox = outbox;
    this.function = function;
    this.settings = settings;
    this.permits = new Semaphore(settings.concurrency());
    this.collector = Thread.ofVirtual().name("queue-pump").unstarted(this::run);
  }

  /** Starts pumping. */
  public static QueuePump start(
      Outbox outbox,
      String functionName,
      RequestHandler<SQSEvent, SQSBatchResponse> handler,
      Clock clock,
      PumpSettings settings) {
    QueuePump pump =
        new QueuePump(
            outbox,
            new BatchFunction(functionName, handler, clock, settings.functionTimeout()),
            settings);
    pump.collector.start();
    return pump;
  }

  private void run() {
    while (!isStopping()) {
      boolean probing = failuresInARow.get() >= settings.concurrency();
      try {
        collect(probing);
      } catch (RuntimeException | Error e) {
        // Catches every kind: without this thread nothing would ever be stored again.
        pause();
        LOG.warn("nothing can be received", e);
      }
      if (probing) {
        pause();
      }
    }
  }

  private void collect(boolean probing) {
    // One batch at a time while the function fails. Acquired before receiving: a received message
    // must not wait for a permit while its visibility timeout runs.
    int turns = probing ? settings.concurrency() : 1;
    permits.acquireUninterruptibly(turns);
    boolean handedOn = false;
    try {
      int limit = probing ? Math.min(PROBE, settings.batchSize()) : settings.batchSize();
      List<QueueMessage> batch = outbox.receive(limit, settings.maxBatchBytes(), POLL);
      if (!batch.isEmpty()) {
        threads.execute(() -> {
          try {
            process(batch);
          } finally {
            permits.release(turns);
          }
        });
        handedOn = true;
      }
    } finally {
      if (!handedOn) {
        permits.release(turns);
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause() {
    try {
      stopping.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void process(List<QueueMessage> batch) {
    Set<String> failed = invoke(batch);
    try {
      List<QueueMessage> stored =
          batch.stream().filter(message -> !failed.contains(message.id())).toList();
      if (!stored.isEmpty()) {
        outbox.delete(stored);
      }
      if (!failed.isEmpty()) {
        outbox.returnAfter(
            batch.stream().filter(message -> failed.contains(message.id())).toList(),
            message -> settings.retryAfter(message.receives()));
      }
    } catch (OutboxException e) {
      // They become visible again by themselves, and storing them twice changes nothing.
      LOG.warn("what was stored cannot be deleted", e);
    }
  }

  /** The ids of the messages that must come back. */
  private Set<String> invoke(List<QueueMessage> batch) {
    Set<String> all = batch.stream().map(QueueMessage::id).collect(Collectors.toSet());
    Future<Set<String>> invocation = threads.submit(() -> function.invoke(writer.write(batch)));
    try {
      Set<String> failed = invocation.get(function.timeout().toNanos(), TimeUnit.NANOSECONDS);
      if (all.containsAll(failed)) {
        failuresInARow.set(0);
        return failed;
      }
      LOG.error("the function reported a message that it was not given: the whole batch failed");
    } catch (ExecutionException e) {
      LOG.error("the function failed on {} messages: {}", batch.size(), name(e.getCause()));
    } catch (TimeoutException _) {
      LOG.error("the function did not finish {} messages in time", batch.size());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      invocation.cancel(true);
    }
    failuresInARow.incrementAndGet();
    return all;
  }

  /** The failure's class alone: a driver's message may quote captured data. */
  private static String name(@Nullable Throwable failure) {
    return failure == null ? "unknown" : failure.getClass().getName();
  }

  /**
   * Stops receiving, lets the invocations under way finish and deletes the messages that they
   * stored.
   */
  @Override
  public void close() {
    stopping.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        collector.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    permits.acquireUninterruptibly(settings.concurrency());
    permits.release(settings.concurrency());
    threads.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
