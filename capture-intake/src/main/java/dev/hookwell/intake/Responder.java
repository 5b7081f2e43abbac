package dev.hookwell.intake;

import java.util.List;

/**
 * Decides the response to a request that is going to be kept. It is asked before the queue is, so
 * that the capture tells the decision; and not for a request that is refused, or whose body is too
 * large. A decision never fails: the capture must not depend on it.
 */
@FunctionalInterface
public interface Responder {
  /** Handshakes as their shape tells them, else the plain response. */
  Responder BY_SHAPE =
      received ->
          received
              .handshake()
              .<Decision>map(handshake -> new Decision.OfHandshake(handshake, List.of()))
              .orElse(Decision.Plain.USUAL);

  Decision decide(Received received);
}
