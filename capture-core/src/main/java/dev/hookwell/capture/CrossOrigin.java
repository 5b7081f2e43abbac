package dev.hookwell.capture;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The CORS headers of a hook's response (Fetch, 3.3). Any page may send, also with credentials: for
 * those a browser does not accept {@code *} and requires its page's origin by name. No credential
 * gives access to a hook, so allowing them exposes nothing.
 */
public final class CrossOrigin {
  /** The response header that holds the capture's id. */
  public static final String CAPTURE_HEADER = "x-hookwell-capture";

  /** As a browser writes it: {@code null}, or scheme, host and port. Never several. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "null|[a-z][a-z0-9+.-]*://([A-Za-z0-9._%~-]*|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private static final int MAX_ORIGIN_LENGTH = 256;

  /** RFC 9110, 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final int MAX_METHOD_LENGTH = 64;

  /** Of all names together, in characters; well below the gateway's limit on response headers. */
  private static final int MAX_HEADERS_LENGTH = 4096;

  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private CrossOrigin() {}

  /** The headers of every response to this request, independent of its status. */
  public static Map<String, String> headers(GatewayRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("access-control-expose-headers", CAPTURE_HEADER);
    headers.put("vary", "origin");
    String origin = request.header("origin").orElse("");
    if (origin.length() <= MAX_ORIGIN_LENGTH && ORIGIN.matcher(origin).matches()) {
      headers.put("access-control-allow-origin", origin);
      headers.put("access-control-allow-credentials", "true");
    } else {
      headers.put("access-control-allow-origin", "*");
    }
    if (request.method().equals("OPTIONS")) {
      addPreflight(request, headers);
    }
    return headers;
  }

  /** Lists methods and headers by name: with credentials {@code *} is no wildcard. */
  private static void addPreflight(GatewayRequest request, Map<String, String> headers) {
    // Not cached, so that a browser sends a preflight before every request and each is captured.
    headers.put("access-control-max-age", "0");
    headers.put(
        "access-control-allow-methods",
        methods(request.header("access-control-request-method").orElse("")));
    String names = names(request.header("access-control-request-headers").orElse(""));
    if (!names.isEmpty()) {
      headers.put("access-control-allow-headers", names);
    }
  }

  private static String methods(String asked) {
    boolean another =
        asked.length() <= MAX_METHOD_LENGTH
            && TOKEN.matcher(asked).matches()
            && !Set.of(METHODS.split(", ", -1)).contains(asked);
    return another ? METHODS + ", " + asked : METHODS;
  }

  /** The requested names that are valid header names, as many as fit. */
  private static String names(String asked) {
    Set<String> names = new LinkedHashSet<>();
    int length = 0;
    for (String part : asked.split(",", -1)) {
      String name = part.strip();
      if (TOKEN.matcher(name).matches() && !names.contains(name)) {
        length += name.length() + ", ".length();
        if (length > MAX_HEADERS_LENGTH) {
          break;
        }
        names.add(name);
      }
    }
    return String.join(", ", names);
  }
}
