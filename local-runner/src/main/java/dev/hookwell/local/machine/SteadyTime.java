package dev.hookwell.local.machine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A monotonic time, which setting the machine's clock does not move. */
public final class SteadyTime {
  private SteadyTime() {}

  /**
   * Starts at an instant.
   *
   * @param nanos a monotonic count of nanoseconds, as {@link System#nanoTime}
   */
  public static InstantSource from(Instant start, LongSupplier nanos) {
    long since = nanos.getAsLong();
    return () -> start.plusNanos(nanos.getAsLong() - since);
  }
}
