package dev.hookwell.client.listen;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Reports the progress now and then, while many captures are open. */
final class ProgressNote implements Runnable {
  /** Open captures that are worth a report: fewer are delivered before it is read. */
  static final long WORTH_TELLING = 100;

  /** Takes the reports. */
  @FunctionalInterface
  interface Told {
    void progress(long delivered, long open, double perSecond);
  }

  private final LongSupplier delivered;
  private final LongSupplier open;
  private final Told told;
  private final Duration period;
  private long before;

  /**
   * @param period how often it is run
   */
  ProgressNote(LongSupplier delivered, LongSupplier open, Told told, Duration period) {
    this.delivered = delivered;
    this.open = open;
    this.told = told;
    this.period = period;
  }

  @Override
  public void run() {
    long now = delivered.getAsLong();
    long left = open.getAsLong();
    if (left >= WORTH_TELLING && now > before) {
      told.progress(now, left, (now - before) * 1000.0 / period.toMillis());
    }
    before = now;
  }
}
