package dev.hookwell.persist;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retries;
import dev.hookwell.store.SaveOutcome;
import dev.hookwell.support.FunctionDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Stores a batch of captures. Reports the messages that have to be delivered again: those for which
 * no time was left, and poison, which reaches the dead-letter queue by its receive count. When the
 * database fails it throws, so that the whole batch comes back and counts as an error of the
 * function. Never returns null, which SQS would take for success. Thread-safe.
 */
public final class PersistHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  /** The part of the invocation's time that is reserved for the response. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private final CaptureWriter writer;
  private final Clock clock;
  private final EventLog log;

  /** For Lambda: everything from the environment. */
  public PersistHandler() {
    this(new Environment(System.getenv()), Clock.systemUTC());
  }

  private PersistHandler(Environment environment, Clock clock) {
    this(
        new CaptureWriter(
            FunctionDatabase.open(
                environment, Database.Settings.forFunction("hookwell-persist"), clock),
            HookLimits.from(environment),
            clock,
            new Retries(clock, new SecureRandom(), Thread::sleep)),
        clock,
        new EventLog(System.out::println, clock));
  }

  public PersistHandler(CaptureWriter writer, Clock clock, EventLog log) {
    this.writer = writer;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
    return handle(event, remaining, context.getAwsRequestId());
  }

  /**
   * @param remaining time until the invocation is ended
   */
  SQSBatchResponse handle(SQSEvent event, Duration remaining, String requestId) {
    Instant start = clock.instant();
    Instant deadline = start.plus(remaining).minus(RESERVE);
    QueueBatch batch = QueueBatch.read(event);
    for (QueueBatch.Poison poison : batch.poison()) {
      // Before saving: if the database fails, nothing more is measured.
      log.measure(
          "persist.poison",
          Map.of("messageId", poison.messageId(), "cause", poison.cause()),
          Map.of("Poison", 1L));
    }
    try {
      List<SaveOutcome> outcomes =
          writer.save(
              batch.captures().stream().map(QueueBatch.Delivered::capture).toList(), deadline);
      log(batch, outcomes, start);
      return new SQSBatchResponse(failures(batch, outcomes));
    } catch (RuntimeException e) {
      log.error("persist.failed", Map.of("requestId", requestId, "messages", size(batch)), e);
      throw e;
    }
  }

  private List<BatchItemFailure> failures(QueueBatch batch, List<SaveOutcome> outcomes) {
    List<BatchItemFailure> failures = new ArrayList<>();
    for (QueueBatch.Poison poison : batch.poison()) {
      failures.add(new BatchItemFailure(poison.messageId()));
    }
    for (int i = 0; i < outcomes.size(); i++) {
      QueueBatch.Delivered delivered = batch.captures().get(i);
      if (outcomes.get(i) == SaveOutcome.POISON) {
        log.warn(
            "persist.poison",
            Map.of(
                "messageId", delivered.messageId(),
                "captureId", delivered.capture().id(),
                "hook", delivered.capture().hook().logHash(),
                "cause", "refused by the database"));
      }
      if (!outcomes.get(i).isDone()) {
        failures.add(new BatchItemFailure(delivered.messageId()));
      }
    }
    return failures;
  }

  private void log(QueueBatch batch, List<SaveOutcome> outcomes, Instant start) {
    Map<SaveOutcome, Long> counts = new EnumMap<>(SaveOutcome.class);
    outcomes.forEach(outcome -> counts.merge(outcome, 1L, Long::sum));
    Instant now = clock.instant();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("messages", size(batch));
    counts.forEach((outcome, n) -> facts.put(outcome.name().toLowerCase(Locale.ROOT), n));
    facts.put("millis", Duration.between(start, now).toMillis());

    Map<String, Long> metrics = new LinkedHashMap<>();
    metrics.put("Stored", counts.getOrDefault(SaveOutcome.STORED, 0L));
    metrics.put("Duplicate", counts.getOrDefault(SaveOutcome.DUPLICATE, 0L));
    metrics.put(
        "Dropped",
        counts.getOrDefault(SaveOutcome.DROPPED, 0L)
            + counts.getOrDefault(SaveOutcome.EXPIRED, 0L));
    metrics.put("Poison", counts.getOrDefault(SaveOutcome.POISON, 0L));
    metrics.put(
        "Redelivered", batch.captures().stream().filter(QueueBatch.Delivered::redelivered).count());
    batch.captures().stream()
        .map(QueueBatch.Delivered::capture)
        .map(Capture::receivedAt)
        .min(Instant::compareTo)
        .ifPresent(oldest -> metrics.put("LagMillis", Duration.between(oldest, now).toMillis()));
    log.measure("persist.saved", facts, metrics);
  }

  private static int size(QueueBatch batch) {
    return batch.captures().size() + batch.poison().size();
  }
}
