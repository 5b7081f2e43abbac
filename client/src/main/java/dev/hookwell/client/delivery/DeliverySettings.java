package dev.hookwell.client.delivery;

import dev.hookwell.client.Header;
import java.time.Duration;
import java.util.List;

/**
 * How captures are delivered.
 *
 * @param headers of the developer's, beside or instead of the captured ones
 * @param timeout for one try
 */
public record DeliverySettings(Target target, Trust trust, List<Header> headers, Duration timeout) {
  public DeliverySettings {
    headers = List.copyOf(headers);
  }
}
