package dev.hookwell.benchmarks;

/** How much is measured. */
enum Scale {
  /** Enough for meaningful numbers. */
  FULL,
  /** Just enough to see that it runs. */
  SMALLEST;

  int of(int full, int smallest) {
    return this == FULL ? full : smallest;
  }
}
