package dev.hookwell.capture;

import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes capture ids: UUID version 7 (RFC 9562, 5.7), milliseconds and 74 random bits. Thread-safe.
 */
public final class CaptureIds {
  private final Clock clock;
  private final RandomGenerator random;

  /** {@code random} must be thread-safe and cryptographically strong. */
  public CaptureIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public UUID next() {
    long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0xFFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
