package dev.hookwell.api;

import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.store.StoreLimits;
import dev.hookwell.store.StoreUsage;
import dev.hookwell.store.UsageCount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Refuses new hooks while more is stored than the operator allows. Reads the last count from the
 * database, at most once every 10 seconds and with a timeout. Making a hook needs no database, so
 * without one the count that was read last decides. Thread-safe.
 */
final class CreationGate {
  static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final UsageCount usage;
  private final StoreLimits limits;
  private final Clock clock;
  private final EventLog log;

  private volatile StoreUsage known = StoreUsage.NONE;
  private Instant askAt = Instant.MIN;

  CreationGate(UsageCount usage, StoreLimits limits, Clock clock, EventLog log) {
    this.usage = usage;
    this.limits = limits;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Returns if hooks may be made.
   *
   * @throws ProblemException when they may not
   */
  void pass() {
    if (isTime()) {
      ask();
    }
    if (known.isOver(limits)) {
      throw new ProblemException(
          Problem.of(
              ProblemType.CREATION_PAUSED,
              "More is stored here than the operator allows. Hooks that exist go on working."));
    }
  }

  private synchronized boolean isTime() {
    Instant now = clock.instant();
    if (now.isBefore(askAt)) {
      return false;
    }
    askAt = now.plus(INTERVAL);
    return true;
  }

  private void ask() {
    CountDownLatch answered = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          try {
            known = usage.last();
          } catch (RuntimeException e) {
            log.error("api.usage-unknown", Map.of(), e);
          } finally {
            answered.countDown();
          }
        });
    try {
      // A late count decides from the next call on.
      var _ = answered.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
