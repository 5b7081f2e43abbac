package dev.hookwell.store;

/**
 * The database failed, and the call is not at fault: try again later. Every call of this module may
 * be repeated without loss.
 */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreUnavailableException(String message) {
    super(message);
  }
}
