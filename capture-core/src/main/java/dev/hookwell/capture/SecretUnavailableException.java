package dev.hookwell.capture;

/** A secret was never read and cannot be read now: try again later. */
public final class SecretUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SecretUnavailableException(Throwable cause) {
    super("a secret cannot be read", cause);
  }
}
