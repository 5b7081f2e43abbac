package dev.hookwell.intake;

/** The result of sending a capture to the queue. */
public sealed interface Sent {
  /** The queue has it, and answered with the right checksum. */
  record Kept() implements Sent {}

  /**
   * It is not known whether the queue has it: the sender must be asked to send it again.
   *
   * @param cause a short word of ours or an AWS error code, for the log
   */
  record NotKept(String cause) implements Sent {}
}
