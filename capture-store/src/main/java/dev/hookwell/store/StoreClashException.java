package dev.hookwell.store;

/**
 * The database refused a number or a capture that it has already, which the way of saving rules
 * out: a defect of ours, or a damaged table. The batch has to come back, and somebody has to look.
 */
public final class StoreClashException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreClashException(String message, Throwable cause) {
    super(message, cause);
  }
}
