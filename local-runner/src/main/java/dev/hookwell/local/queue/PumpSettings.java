package dev.hookwell.local.queue;

import dev.hookwell.local.machine.HeapShares;
import java.time.Duration;

/**
 * The event source mapping, as {@code template.yaml} sets it; but a batch takes the messages that
 * are there, up to a hundred, and does not wait for more.
 *
 * @param functionTimeout after which Lambda would end an invocation
 * @param batchSize messages of an invocation at most
 * @param maxBatchBytes bodies of an invocation at most
 * @param concurrency invocations at once at most
 * @param firstRetry how soon a failed message comes back the first time
 * @param lastRetry the longest it stays away; each time it stays away twice as long as before. The
 *     cloud always waits for the visibility timeout; a developer should not have to
 */
public record PumpSettings(
    Duration functionTimeout,
    int batchSize,
    long maxBatchBytes,
    int concurrency,
    Duration firstRetry,
    Duration lastRetry) {
  private static final int CONCURRENCY = 5;

  /** Lambda takes events of 6 MB. */
  private static final long LARGEST_EVENT = 6L * 1024 * 1024 - 256 * 1024;

  /** The template's values. */
  public static PumpSettings ofTemplate() {
    return new PumpSettings(
        Duration.ofSeconds(10),
        100,
        maxBatchBytes(HeapShares.ofThisProcess()),
        CONCURRENCY,
        Duration.ofSeconds(1),
        Duration.ofSeconds(70));
  }

  /** All bodies that are under way take half of the queue's share; senders have the other. */
  static long maxBatchBytes(HeapShares shares) {
    return Math.min(LARGEST_EVENT, shares.queue() / 2 / CONCURRENCY);
  }

  /** The same with other batches. */
  PumpSettings withBatchSize(int size) {
    return new PumpSettings(
        functionTimeout, size, maxBatchBytes, concurrency, firstRetry, lastRetry);
  }

  /** The same with other delays for failed messages. */
  PumpSettings withRetries(Duration first, Duration last) {
    return new PumpSettings(functionTimeout, batchSize, maxBatchBytes, concurrency, first, last);
  }

  /** The same with another time for an invocation. */
  PumpSettings withFunctionTimeout(Duration timeout) {
    return new PumpSettings(timeout, batchSize, maxBatchBytes, concurrency, firstRetry, lastRetry);
  }

  /** How long a message stays away after it was received {@code receives} times in vain. */
  Duration retryAfter(int receives) {
    int doublings = Math.clamp(receives - 1L, 0, 20);
    Duration wait = firstRetry.multipliedBy(1L << doublings);
    return wait.compareTo(lastRetry) < 0 ? wait : lastRetry;
  }
}
