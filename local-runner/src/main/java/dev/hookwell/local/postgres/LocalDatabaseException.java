package dev.hookwell.local.postgres;

/** PostgreSQL does not start. The message is one line for a person. */
public final class LocalDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LocalDatabaseException(String message) {
    super(message);
  }

  LocalDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
