package dev.hookwell.capture;

/** A stored body cannot be decoded to its recorded size. */
public final class CorruptBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptBodyException(String message) {
    super(message);
  }

  CorruptBodyException(String message, Throwable cause) {
    super(message, cause);
  }
}
