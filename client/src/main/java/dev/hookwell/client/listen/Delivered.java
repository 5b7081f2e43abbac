package dev.hookwell.client.listen;

import dev.hookwell.client.Capture;
import dev.hookwell.client.delivery.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A capture whose delivery has ended.
 *
 * @param at when it ended
 * @param url where it went
 * @param tries how often it was sent
 * @param warnings why the target may take it otherwise than it took the sender's
 */
public record Delivered(
    Capture capture,
    Instant at,
    String url,
    Delivery outcome,
    Duration took,
    int tries,
    List<String> warnings) {
  public Delivered {
    warnings = List.copyOf(warnings);
  }
}
