package dev.hookwell.store;

import org.jspecify.annotations.Nullable;

/**
 * The database refused captures twice, and not because they are there already or unwanted: a number
 * is taken, by a defect of ours or in a damaged table. The batch has to come back, and somebody has
 * to look.
 */
public final class StoreClashException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreClashException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
