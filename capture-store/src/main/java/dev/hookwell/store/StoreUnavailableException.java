package dev.hookwell.store;

/**
 * The database did not do it, and what was to be done is not at fault: try again later. Nothing is
 * lost by that, every call of this module may be repeated.
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
