package dev.hookwell.intake;

import dev.hookwell.capture.GatewayResponse;
import java.time.Duration;
import java.util.Map;

/**
 * The response to a request, and how long it is to wait before it leaves.
 *
 * @param delay zero, unless a script asks for one
 */
public record Answer(GatewayResponse response, Duration delay) {
  static Answer atOnce(GatewayResponse response) {
    return new Answer(response, Duration.ZERO);
  }

  Answer with(Map<String, String> headers) {
    return new Answer(response.with(headers), delay);
  }

  Answer withoutBody() {
    return new Answer(response.withoutBody(), delay);
  }
}
