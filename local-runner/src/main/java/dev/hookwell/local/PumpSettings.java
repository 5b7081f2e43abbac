package dev.hookwell.local;

import java.time.Duration;

/**
 * The event source mapping, as {@code template.yaml} sets it.
 *
 * @param functionTimeout after which Lambda would end an invocation
 * @param batchSize messages of an invocation at most
 * @param window how long a batch is waited for once its first message is there
 * @param maxBatchBytes bodies of an invocation at most; Lambda takes events of 6 MB
 * @param concurrency invocations at once at most
 * @param firstRetry how soon a failed message comes back the first time
 * @param lastRetry the longest it stays away; each time it stays away twice as long as before. The
 *     cloud always waits for the visibility timeout; a developer should not have to
 */
public record PumpSettings(
    Duration functionTimeout,
    int batchSize,
    Duration window,
    int maxBatchBytes,
    int concurrency,
    Duration firstRetry,
    Duration lastRetry) {

  /** The template's values. */
  public static PumpSettings ofTemplate() {
    return new PumpSettings(
        Duration.ofSeconds(10),
        100,
        Duration.ofSeconds(1),
        6 * 1024 * 1024 - 256 * 1024,
        5,
        Duration.ofSeconds(1),
        Duration.ofSeconds(70));
  }

  /** The same with other batches. */
  public PumpSettings withBatches(int size, Duration wait) {
    return new PumpSettings(
        functionTimeout, size, wait, maxBatchBytes, concurrency, firstRetry, lastRetry);
  }

  /** The same with other waits for what failed. */
  public PumpSettings withRetries(Duration first, Duration last) {
    return new PumpSettings(
        functionTimeout, batchSize, window, maxBatchBytes, concurrency, first, last);
  }

  /** The same with another time for an invocation. */
  public PumpSettings withFunctionTimeout(Duration timeout) {
    return new PumpSettings(
        timeout, batchSize, window, maxBatchBytes, concurrency, firstRetry, lastRetry);
  }

  /**
   * For how long a message that was received is not handed out again, unless it failed: longer than
   * an invocation, in whole seconds. The cloud's 70 s have ElasticMQ keep all that was stored
   * meanwhile in memory.
   */
  Duration hold() {
    return Duration.ofSeconds(Math.max(1, functionTimeout.multipliedBy(2).toSeconds()));
  }

  /** How long a message stays away after it was received {@code receives} times in vain. */
  Duration retryAfter(int receives) {
    int doublings = Math.clamp(receives - 1L, 0, 20);
    Duration wait = firstRetry.multipliedBy(1L << doublings);
    return wait.compareTo(lastRetry) < 0 ? wait : lastRetry;
  }
}
