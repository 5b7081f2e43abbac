package dev.hookwell.store;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * How much of a hook is kept.
 *
 * @param captureLife how long a capture is kept, from its receipt
 * @param captures the quota of captures a hook
 * @param bytes the quota of delivered body bytes a hook
 */
public record HookLimits(Duration captureLife, long captures, long bytes) {
  public static final HookLimits DEFAULT =
      new HookLimits(Duration.ofDays(7), 10_000, 256L * 1024 * 1024);

  public HookLimits {
    if (captureLife.toSeconds() < 1 || captures < 1 || bytes < 1) {
      throw new IllegalArgumentException("a limit of less than one");
    }
  }

  /**
   * Reads {@code CAPTURE_LIFETIME} (an ISO 8601 duration), {@code QUOTA_CAPTURES} and {@code
   * QUOTA_BYTES}; a variable that is not set has its value of {@link #DEFAULT}.
   *
   * @throws ConfigurationException naming the variable that is wrong
   */
  public static HookLimits from(Environment environment) {
    return new HookLimits(
        environment.optional("CAPTURE_LIFETIME", HookLimits::life).orElse(DEFAULT.captureLife()),
        environment.number("QUOTA_CAPTURES", DEFAULT.captures(), 1, 1_000_000),
        environment.number("QUOTA_BYTES", DEFAULT.bytes(), 1, 1L << 40));
  }

  private static Duration life(String text) {
    try {
      Duration life = Duration.parse(text);
      if (life.toMinutes() < 1) {
        throw new IllegalArgumentException("at least PT1M");
      }
      return life;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("an ISO 8601 duration of days or less, as P7D", e);
    }
  }
}
