package dev.hookwell.capture;

/** A stored body that does not decode to what was recorded of it. */
public final class CorruptBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptBodyException(String message) {
    super(message);
  }

  CorruptBodyException(String message, Throwable cause) {
    super(message, cause);
  }
}
