package dev.hookwell.local.gateway;

/** A function's response cannot be said in HTTP: the sender gets 500, as from the cloud. */
final class MalformedAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedAnswerException(String message) {
    super(message);
  }

  MalformedAnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
