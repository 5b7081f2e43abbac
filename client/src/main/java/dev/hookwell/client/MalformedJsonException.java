package dev.hookwell.client;

/** A document does not have the form that Hookwell's API sends. */
final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedJsonException(String message) {
    super(message);
  }
}
