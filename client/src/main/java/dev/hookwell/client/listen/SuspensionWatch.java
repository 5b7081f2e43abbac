package dev.hookwell.client.listen;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices that the machine, or this process, was suspended. Connections that were open then may be
 * dead without ever failing.
 */
final class SuspensionWatch {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Late ticks of a busy machine are no suspension. */
  private static final Duration STANDSTILL = Duration.ofSeconds(5);

  private final Clock clock;
  private final Consumer<Duration> resumed;
  private Instant last;

  private SuspensionWatch(Clock clock, Consumer<Duration> resumed) {
    this.clock = clock;
    this.resumed = resumed;
    this.last = clock.instant();
  }

  /**
   * Watches until the timer ends.
   *
   * @param resumed takes the time that it was suspended
   */
  static void start(ScheduledExecutorService timer, Clock clock, Consumer<Duration> resumed) {
    SuspensionWatch watch = new SuspensionWatch(clock, resumed);
    var unused =
        timer.scheduleWithFixedDelay(
            watch::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** By the wall clock: the monotonic one stands still with the machine. */
  private void tick() {
    Instant now = clock.instant();
    Duration gap = Duration.between(last, now);
    last = now;
    if (gap.compareTo(STANDSTILL) > 0) {
      resumed.accept(gap);
    }
  }
}
