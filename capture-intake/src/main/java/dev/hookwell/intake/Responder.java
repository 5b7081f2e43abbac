package dev.hookwell.intake;

import java.util.List;

/**
 * Decides the response to a request that is about to be kept. It is called before the capture is
 * queued, so that the capture can record the decision, and not for a request that is refused or
 * whose body is too large. It never throws: keeping the capture must not depend on it.
 */
@FunctionalInterface
public interface Responder {
  /** Passes handshakes by their shape; any other request gets the plain response. */
  Responder BY_SHAPE =
      received ->
          received
              .handshake()
              .<Decision>map(handshake -> new Decision.OfHandshake(handshake, List.of()))
              .orElse(Decision.Plain.USUAL);

  Decision decide(Received received);
}
