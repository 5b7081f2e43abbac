package dev.hookwell.store;

/**
 * The totals of all hooks at the last count.
 *
 * @param hooks rows of hooks
 * @param storedBytes bytes of captures that are there, with their heads
 */
public record StoreUsage(long hooks, long storedBytes) {
  public static final StoreUsage NONE = new StoreUsage(0, 0);

  /** Whether one of the bounds is passed. */
  public boolean isOver(StoreLimits limits) {
    return hooks > limits.hooks() || storedBytes > limits.storedBytes();
  }

  /** Bytes above the bound, or 0. */
  long excess(StoreLimits limits) {
    return Math.max(0, storedBytes - limits.storedBytes());
  }

  /** The rows as a percentage of their bound. */
  public long hooksPercent(StoreLimits limits) {
    return percent(hooks, limits.hooks());
  }

  /** The bytes as a percentage of their bound. */
  public long bytesPercent(StoreLimits limits) {
    return percent(storedBytes, limits.storedBytes());
  }

  private static long percent(long part, long whole) {
    return Math.round(100.0 * part / whole);
  }
}
