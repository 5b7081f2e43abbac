package dev.hookwell.local.gateway;

import java.time.Duration;

/**
 * How long the gateway waits on a connection.
 *
 * @param idle for the next request
 * @param head for all of a request's head, from its first byte
 * @param stalled for the next byte of a body, and for a reader to take another byte of a response
 * @param grace for a whole body, or a whole response to be taken, before it has to keep the pace
 * @param pace bytes a second that are enough to be waited for after that
 * @param spare the idle time after which a connection may be ended when there is no room for others
 * @param linger for a refused sender to fall silent before the connection is closed: closing
 *     earlier could lose the refusal
 */
public record GatewayPatience(
    Duration idle,
    Duration head,
    Duration stalled,
    Duration grace,
    int pace,
    Duration spare,
    Duration linger) {
  static final GatewayPatience DEFAULT =
      new GatewayPatience(
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          1024,
          Duration.ofSeconds(1),
          Duration.ofSeconds(2));

  /** Whether the bytes are too few for the time. */
  boolean isTooSlow(long bytes, Duration since) {
    return since.compareTo(grace) > 0 && bytes < since.toSeconds() * pace;
  }
}
