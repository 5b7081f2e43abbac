package dev.hookwell.local.gateway;

/** A function's response cannot be sent as HTTP: the sender gets 500, as from the cloud. */
final class MalformedResponseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedResponseException(String message) {
    super(message);
  }

  MalformedResponseException(String message, Throwable cause) {
    super(message, cause);
  }
}
