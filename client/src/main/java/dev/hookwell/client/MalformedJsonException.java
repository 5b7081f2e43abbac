package dev.hookwell.client;

/** A document is not what Hookwell's API sends. */
final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedJsonException(String message) {
    super(message);
  }
}
