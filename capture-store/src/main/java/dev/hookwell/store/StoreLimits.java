package dev.hookwell.store;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;

/**
 * The operator's bounds on all hooks together. Over either of them no hook is made; over that of
 * bytes the oldest captures of all hooks go.
 *
 * @param hooks rows of hooks: those that got a capture, or were deleted, and have not ended
 * @param storedBytes bytes of captures with their heads, as they are stored
 */
public record StoreLimits(long hooks, long storedBytes) {
  public static final StoreLimits DEFAULT = new StoreLimits(1_000_000, 64L * 1024 * 1024 * 1024);

  public StoreLimits {
    if (hooks < 1 || storedBytes < 1) {
      throw new IllegalArgumentException("a limit of less than one");
    }
  }

  /**
   * Reads {@code HOOKS_LIMIT} and {@code STORED_BYTES_LIMIT}; a variable that is not set has its
   * value of {@link #DEFAULT}.
   *
   * @throws ConfigurationException naming the variable that is wrong
   */
  public static StoreLimits from(Environment environment) {
    return new StoreLimits(
        environment.number("HOOKS_LIMIT", DEFAULT.hooks(), 1, 100_000_000),
        environment.number("STORED_BYTES_LIMIT", DEFAULT.storedBytes(), 1, 1L << 50));
  }
}
