package dev.hookwell.client.listen;

/** The cursor can't be kept. Its message says what to do. */
public final class CursorFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CursorFileException(String message) {
    super(message);
  }

  CursorFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
