package dev.hookwell.local;

import java.time.Duration;

/** The time until a test gives up. It never asserts how long something takes. */
public final class Deadline {
  private final long end;

  private Deadline(Duration time) {
    end = System.nanoTime() + time.toNanos();
  }

  public static Deadline inSeconds(int seconds) {
    return new Deadline(Duration.ofSeconds(seconds));
  }

  /** Fails with {@code message} once it is over. */
  public void check(String message) {
    if (System.nanoTime() - end > 0) {
      throw new AssertionError(message);
    }
  }
}
