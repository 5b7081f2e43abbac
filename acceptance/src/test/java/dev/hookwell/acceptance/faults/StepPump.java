package dev.hookwell.acceptance.faults;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.hookwell.local.lambda.BatchFunction;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.QueueMessage;
import dev.hookwell.local.queue.SqsEventWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The event source mapping, one batch at a time, and with the faults of one: a batch that is handed
 * over twice at once or in another order, or is never deleted.
 */
final class StepPump {
  private final Outbox outbox;
  private final SqsEventWriter writer = new SqsEventWriter();
  private final BatchFunction function;

  enum Switch {
    /** Two instances get the batch at the same time. */
    DUPLICATE,
    /** In another order than it was sent. */
    SHUFFLE,
    /** The instance ends after it stored, and before anything is deleted. */
    CRASH,
    /** Received, and never handed over: Lambda has no instance free. */
    THROTTLE,
    /** It comes back while it is still worked on. */
    SHORT_VISIBILITY
  }

  StepPump(Outbox outbox, RequestHandler<SQSEvent, SQSBatchResponse> handler, Duration timeout) {
    this.outbox = outbox;
    this.function = new BatchFunction("hookwell-persist", handler, Clock.systemUTC(), timeout);
  }

  /**
   * Receives and invokes one batch of the messages that are visible now.
   *
   * @return how many messages it received
   */
  int step(int batchSize, Set<Switch> switches, RandomGenerator random) {
    List<QueueMessage> batch =
        new ArrayList<>(outbox.receive(batchSize, Long.MAX_VALUE, Duration.ZERO));
    if (switches.contains(Switch.SHORT_VISIBILITY)) {
      outbox.returnAfter(batch, _ -> Duration.ZERO);
    }
    if (batch.isEmpty() || switches.contains(Switch.THROTTLE)) {
      return batch.size();
    }
    if (switches.contains(Switch.SHUFFLE)) {
      Collections.shuffle(batch, random);
    }
    int times = switches.contains(Switch.DUPLICATE) ? 2 : 1;
    Set<String> failed = invoke(batch, times);
    if (!switches.contains(Switch.CRASH)) {
      outbox.delete(batch.stream().filter(message -> !failed.contains(message.id())).toList());
    }
    return batch.size();
  }

  int step(int batchSize, RandomGenerator random) {
    return step(batchSize, EnumSet.noneOf(Switch.class), random);
  }

  /** The ids that any of the invocations reports as failed; all when one of them fails. */
  private Set<String> invoke(List<QueueMessage> batch, int times) {
    byte[] event = writer.write(batch);
    Set<String> failed = new HashSet<>();
    try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Set<String>>> calls = Collections.nCopies(times, () -> function.invoke(event));
      for (Future<Set<String>> call : instances.invokeAll(calls)) {
        failed.addAll(call.get(60, TimeUnit.SECONDS));
      }
    } catch (ExecutionException _) {
      batch.forEach(message -> failed.add(message.id()));
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
    return failed;
  }
}
