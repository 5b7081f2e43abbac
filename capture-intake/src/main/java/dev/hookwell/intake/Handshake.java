package dev.hookwell.intake;

import dev.hookwell.capture.DecidedResponse;
import dev.hookwell.capture.GatewayResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A sender's test of a URL, and the response that passes it.
 *
 * @param name the sender, as a capture and the API name it
 * @param response of status 200; header names in lower case
 */
public record Handshake(String name, GatewayResponse response) {
  /** RingCentral's name. */
  static final String RINGCENTRAL = "ringcentral";

  /** Nothing that a sender wrote may become a document of the page's origin. */
  private static final Map<String, String> SANDBOX =
      Map.of("content-security-policy", "sandbox; default-src 'none'");

  public Handshake {
    response = response.with(SANDBOX);
  }

  /**
   * Returns {@code hub.challenge} in JSON, as Strava requires; other handshakes stay as they are.
   */
  public Handshake asStrava() {
    return name.equals("meta") || name.equals("websub")
        ? Handshakes.json(
            "strava",
            "hub.challenge",
            new String(response.body().toByteArray(), StandardCharsets.US_ASCII))
        : this;
  }

  /**
   * Whether the response leaves out the capture's id: RingCentral limits the length of a response.
   */
  boolean isShort() {
    return name.equals(RINGCENTRAL);
  }

  /** This response, as a capture records it. */
  DecidedResponse decided() {
    return new DecidedResponse.OfHandshake(response.status(), name);
  }
}
