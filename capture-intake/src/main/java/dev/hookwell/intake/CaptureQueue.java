package dev.hookwell.intake;

import dev.hookwell.capture.Envelope;

/** Where ingest puts a capture. Implementations are thread-safe. */
public interface CaptureQueue {
  /** Sends one envelope and returns only when it is known to be kept, or given up. Never throws. */
  Sent send(Envelope envelope);
}
