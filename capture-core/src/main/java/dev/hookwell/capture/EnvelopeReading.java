package dev.hookwell.capture;

/** The result of reading a message: a capture, or the reason why it is poison. */
public sealed interface EnvelopeReading {
  record Read(Capture capture) implements EnvelopeReading {}

  /** Written by a newer version of us; readable after an upgrade and a redrive. */
  record UnknownVersion(long version) implements EnvelopeReading {}

  /** Not an envelope. {@code reason} is in our words and holds nothing of the message. */
  record Malformed(String reason) implements EnvelopeReading {}
}
