package dev.hookwell.store;

import java.time.Duration;

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
}
