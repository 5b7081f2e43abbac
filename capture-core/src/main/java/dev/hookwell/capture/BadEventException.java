package dev.hookwell.capture;

/** What invoked a function is not an event that it can read: answer 400 and keep nothing. */
public final class BadEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadEventException(String message) {
    super(message);
  }

  BadEventException(String message, Throwable cause) {
    super(message, cause);
  }
}
