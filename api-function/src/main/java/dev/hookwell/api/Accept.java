package dev.hookwell.api;

import dev.hookwell.capture.GatewayRequest;
import java.util.Arrays;

/** The form of response that a caller asks for. */
final class Accept {
  private Accept() {}

  /** Whether {@code Accept} names this exact type, at any place and with any weight. */
  static boolean names(GatewayRequest request, String type) {
    return Arrays.stream(request.header("accept").orElse("").split(",", -1))
        .map(range -> range.split(";", 2)[0].strip())
        .anyMatch(type::equalsIgnoreCase);
  }
}
