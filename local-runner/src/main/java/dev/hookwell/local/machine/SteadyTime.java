package dev.hookwell.local.machine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A time that only goes on, however the machine's clock is set meanwhile. */
public final class SteadyTime {
  private SteadyTime() {}

  /**
   * Goes on from a moment.
   *
   * @param nanos counts nanoseconds, as {@link System#nanoTime} does
   */
  public static InstantSource from(Instant start, LongSupplier nanos) {
    long since = nanos.getAsLong();
    return () -> start.plusNanos(nanos.getAsLong() - since);
  }
}
