package dev.hookwell.intake;

import dev.hookwell.capture.GatewayResponse;
import java.time.Duration;
import java.util.Map;

/**
 * The response to a request, and how long to wait before it is sent.
 *
 * @param delay zero, unless a script sets one
 */
public record DelayedResponse(GatewayResponse response, Duration delay) {
  static DelayedResponse atOnce(GatewayResponse response) {
    return new DelayedResponse(response, Duration.ZERO);
  }

  DelayedResponse with(Map<String, String> headers) {
    return new DelayedResponse(response.with(headers), delay);
  }

  DelayedResponse withoutBody() {
    return new DelayedResponse(response.withoutBody(), delay);
  }
}
