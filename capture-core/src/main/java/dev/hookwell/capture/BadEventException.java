package dev.hookwell.capture;

/** A function was invoked with an event that it cannot read: answer 400 and keep nothing. */
public final class BadEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadEventException(String message) {
    super(message);
  }

  BadEventException(String message, Throwable cause) {
    super(message, cause);
  }
}
