package dev.hookwell.ingest;

import dev.hookwell.capture.DecidedResponse;
import dev.hookwell.capture.GatewayResponse;
import java.util.Map;

/**
 * A sender's test of a URL, and the response that passes it.
 *
 * @param name the sender, as a capture and the API name it
 * @param response of status 200; header names in lower case
 */
record Handshake(String name, GatewayResponse response) {
  /** RingCentral's name. */
  static final String RINGCENTRAL = "ringcentral";

  /** Nothing that a sender wrote may become a document of the page's origin. */
  private static final Map<String, String> SANDBOX =
      Map.of("content-security-policy", "sandbox; default-src 'none'");

  Handshake {
    response = response.with(SANDBOX);
  }

  /** Whether the response holds nothing that the sender does not ask for. */
  boolean isShort() {
    return name.equals(RINGCENTRAL);
  }

  /** This response, as a capture tells it. */
  DecidedResponse decided() {
    return new DecidedResponse.OfHandshake(response.status(), name);
  }
}
