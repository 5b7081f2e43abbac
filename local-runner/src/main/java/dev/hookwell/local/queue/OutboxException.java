package dev.hookwell.local.queue;

import org.jspecify.annotations.Nullable;

/** The outbox's file cannot be read or written at the moment; trying again may help. */
public final class OutboxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
