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
 * @param url the URL that it was sent to
 * @param tries how often it was sent
 * @param warnings reasons for which the target may treat it otherwise than the sender's request
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
