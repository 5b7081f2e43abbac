package dev.hookwell.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a call of the API gave nothing.
 *
 * @param message one line for a person; never a key
 * @param retryAfter the time after which the server wants the call again, if it names one
 */
public record Failure(Kind kind, String message, Optional<Duration> retryAfter) {
  /** The kinds of failures, by the remedy. */
  public enum Kind {
    /** The key or the hook is not, or no longer, right. Another try is of no use. */
    DENIED,
    /** This capture, or its body, is not there; the hook is. */
    MISSING,
    /** The server says that it no longer has this capture's body as it was received. */
    DAMAGED,
    /** The server doesn't understand the call. */
    REJECTED,
    /** The server is there and can't do it now: try again later. */
    UNAVAILABLE,
    /** No response came from a Hookwell. */
    UNREACHABLE
  }

  static Failure of(Kind kind, String message) {
    return new Failure(kind, message, Optional.empty());
  }

  /** Whether the same call may succeed later. */
  public boolean passes() {
    return kind == Kind.UNAVAILABLE || kind == Kind.UNREACHABLE;
  }
}
