package dev.hookwell.capture.script;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Header;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One step of a script.
 *
 * @param headers as the owner wrote them
 * @param base64 whether the owner gave the body as base64, else as text
 * @param delay the time to wait before the response
 */
public record ResponseStep(
    int status, List<Header> headers, Body body, boolean base64, Duration delay, StepEnd end) {
  private static final int FIRST_FAILURE = 300;
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final String TEXT = "text/plain; charset=utf-8";

  /** As for a handshake: the response must never run as a document of the page's origin. */
  private static final Map<String, String> SANDBOX =
      Map.of("content-security-policy", "sandbox; default-src 'none'");

  public ResponseStep {
    headers = List.copyOf(headers);
  }

  /** Whether a sender may take the response for a failure, and disable its webhook. */
  public boolean fails() {
    return status >= FIRST_FAILURE || delay.compareTo(SLOW) >= 0;
  }

  /** Whether a response of this status has a body. */
  static boolean hasBody(int status) {
    return status != 204 && status != 205 && status != 304;
  }

  public GatewayResponse response() {
    Map<String, String> all = new LinkedHashMap<>();
    if (hasBody(status)) {
      all.put("content-type", TEXT);
    }
    headers.forEach(header -> all.put(header.name().toLowerCase(Locale.ROOT), header.value()));
    all.putAll(SANDBOX);
    return new GatewayResponse(status, all, body, base64);
  }
}
