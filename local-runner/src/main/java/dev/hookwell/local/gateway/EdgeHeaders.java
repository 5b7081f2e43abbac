package dev.hookwell.local.gateway;

import dev.hookwell.capture.Header;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request's headers as the gateway hands them on.
 *
 * @param headers by lower-case name in the order of first appearance, repeats joined with a comma
 * @param cookies one entry a pair, in order
 */
record EdgeHeaders(Map<String, String> headers, List<String> cookies) {
  /** They belong to the connection, not to the request. */
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "transfer-encoding", "keep-alive", "te", "upgrade");

  private static final String DEFAULT_HOST = "localhost";

  static EdgeHeaders of(
      IncomingRequest request,
      TrustedProxies.Origin origin,
      String traceId,
      Optional<String> originSecret) {
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> cookies = new ArrayList<>();
    for (Header header : request.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("cookie")) {
        addPairs(header.value(), cookies);
      } else if (!HOP_BY_HOP.contains(name)) {
        headers.merge(name, header.value(), (first, next) -> first + "," + next);
      }
    }
    headers.putIfAbsent("host", DEFAULT_HOST);
    if (request.body().isEmpty()) {
      headers.put("content-length", "0");
    }
    headers.merge("x-forwarded-for", request.sourceIp(), (sent, ours) -> sent + ", " + ours);
    headers.put("x-forwarded-port", Integer.toString(origin.port()));
    headers.put("x-forwarded-proto", origin.scheme());
    headers.putIfAbsent("x-amzn-trace-id", traceId);
    originSecret.ifPresent(secret -> {
      headers.put("x-hookwell-raw-path", request.target().sentPath());
      headers.put("x-hookwell-origin", secret);
      // Replaces the header that a sender may have set, since ingest believes it to be the edge's.
      headers.put("cf-connecting-ip", origin.client());
    });
    return new EdgeHeaders(headers, cookies);
  }

  private static void addPairs(String cookieHeader, List<String> cookies) {
    for (String pair : cookieHeader.split(";", -1)) {
      String stripped = pair.strip();
      if (!stripped.isEmpty()) {
        cookies.add(stripped);
      }
    }
  }
}
