package dev.hookwell.local;

import java.time.Duration;

/** How long a test goes on looking. It says when to give up, never how long something takes. */
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
