package dev.hookwell.client.listen;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses between tries: each twice as long as the one before, up to a longest, and jittered. */
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private Duration next;

  Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.next = first;
  }

  void reset() {
    next = first;
  }

  /** The next pause: between half and all of the time that it has grown to. */
  Duration next() {
    long millis = next.toMillis();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }
}
