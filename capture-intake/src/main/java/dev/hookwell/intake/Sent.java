package dev.hookwell.intake;

/** What came of sending a capture to the queue. */
public sealed interface Sent {
  /** The queue has it, and answered with the right checksum. */
  record Kept() implements Sent {}

  /**
   * The queue is not known to have it: the sender must be told to try again.
   *
   * @param cause a short word of ours or an AWS error code, for the log
   */
  record NotKept(String cause) implements Sent {}
}
