package dev.hookwell.persist;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.hookwell.bodies.LargeBodies;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.StoreLimits;
import dev.hookwell.store.StoreUsage;
import dev.hookwell.support.FunctionDatabase;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Makes room in the store, on a schedule. The event is ignored. Throws when the database fails, so
 * that it counts as an error of the function; the next run goes on. Thread-safe.
 */
public final class RetentionHandler implements RequestStreamHandler {
  /** The part of the invocation's time that is reserved for the statement under way. */
  private static final Duration RESERVE = Duration.ofSeconds(6);

  private final Retention retention;
  private final Clock clock;
  private final EventLog log;

  /** For Lambda: everything from the environment. */
  public RetentionHandler() {
    this(new Environment(System.getenv()), Clock.systemUTC());
  }

  private RetentionHandler(Environment environment, Clock clock) {
    this(
        new Retention(
            FunctionDatabase.open(
                environment, Database.Settings.forFunction("hookwell-retention"), clock),
            HookLimits.from(environment),
            StoreLimits.from(environment),
            LargeBodies.toRead(environment),
            Retention.Batches.DEFAULT,
            Retention.HOOK_BUDGET,
            clock,
            new Retries(clock, new SecureRandom(), Thread::sleep)),
        clock,
        new EventLog(System.out::println, clock));
  }

  public RetentionHandler(Retention retention, Clock clock, EventLog log) {
    this.retention = retention;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) {
    run(Duration.ofMillis(context.getRemainingTimeInMillis()));
  }

  /**
   * Runs once.
   *
   * @param remaining time until the invocation is ended
   */
  public void run(Duration remaining) {
    Instant start = clock.instant();
    try {
      Retention.Report report = retention.run(start.plus(remaining).minus(RESERVE));
      StoreUsage usage = retention.usage();
      StoreLimits bounds = retention.storeLimits();
      log.measure(
          "retention.done",
          Map.of(
              "hooks", report.hooks(),
              "evicted", report.evicted(),
              "swept", report.swept(),
              "droppedHooks", report.droppedHooks(),
              "objects", report.objects(),
              "finished", report.finished(),
              "millis", Duration.between(start, clock.instant()).toMillis()),
          Map.of(
              "Evicted", report.evicted(),
              "HookRows", usage.hooks(),
              "HookRowsPercent", usage.hooksPercent(bounds),
              "StoredBytes", usage.storedBytes(),
              "StoredBytesPercent", usage.bytesPercent(bounds),
              "ObjectsLeft", sum(report.objectsLeft())));
      if (!report.objectsLeft().isEmpty()) {
        // Their rows are gone, so only later runs can delete them.
        log.warn("retention.objects-left", report.objectsLeft());
      }
    } catch (RuntimeException e) {
      log.error("retention.failed", Map.of(), e);
      throw e;
    }
  }

  private static long sum(Map<String, Long> objects) {
    return objects.values().stream().mapToLong(Long::longValue).sum();
  }
}
