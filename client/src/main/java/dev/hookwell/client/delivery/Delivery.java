package dev.hookwell.client.delivery;

import java.util.Optional;

/** The outcome of a delivery. */
public sealed interface Delivery {
  /**
   * The target responded, with any status.
   *
   * @param location the address of a redirect, which is not followed
   */
  record Responded(int status, Optional<String> location) implements Delivery {}

  /**
   * No response came.
   *
   * @param message one line for a person
   */
  record Failed(Cause cause, String message) implements Delivery {}

  /** Why no response came. */
  enum Cause {
    /** There is nothing to connect to: the target has seen nothing of the request. */
    NOT_CONNECTED,
    /** TLS can't be agreed on, and won't be by waiting. Nothing of the request was sent. */
    UNTRUSTED,
    /** The connection broke after the request was sent, or while it was. */
    BROKEN,
    /** The target took too long. */
    TIMED_OUT
  }
}
