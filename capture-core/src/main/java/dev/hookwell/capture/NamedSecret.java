package dev.hookwell.capture;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A secret that is read by its name when it is first needed and kept for a while, so that it can be
 * rotated without a deployment. Thread-safe.
 */
public final class NamedSecret {
  /** How long a value is used before it is read again. */
  public static final Duration LIFE = Duration.ofMinutes(5);

  /** A value that does not work is read again, but not by every call at once. */
  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(2);

  private final Supplier<String> read;
  private final Clock clock;

  private @Nullable String value;
  private Instant readAt = Instant.EPOCH;

  /**
   * A secret that was not read yet.
   *
   * @param read fetches it; throws when it cannot
   */
  public NamedSecret(Supplier<String> read, Clock clock) {
    this.read = read;
    this.clock = clock;
  }

  /** A value from the environment, which only a deployment changes. */
  public static NamedSecret fixed(String value, Clock clock) {
    return new NamedSecret(() -> value, clock);
  }

  /**
   * The value; the last one read where it cannot be read again.
   *
   * @throws SecretUnavailableException while none was ever read
   */
  public String value() {
    return value(LIFE);
  }

  /** The value, after the last one did not work: it is read again unless it was just read. */
  public String reread() {
    return value(SHORTEST_LIFE);
  }

  private synchronized String value(Duration life) {
    String known = value;
    Instant now = clock.instant();
    if (known != null && now.isBefore(readAt.plus(life))) {
      return known;
    }
    try {
      String fresh = read.get();
      value = fresh;
      readAt = now;
      return fresh;
    } catch (RuntimeException e) {
      if (known == null) {
        throw new SecretUnavailableException(e);
      }
      return known;
    }
  }
}
