package dev.hookwell.intake;

import dev.hookwell.capture.Envelope;

/** The queue into which captures are put. Implementations are thread-safe. */
public interface CaptureQueue {
  /**
   * Sends one envelope and returns only when it is known to be kept, or after giving up. Never
   * throws.
   */
  Sent send(Envelope envelope);
}
