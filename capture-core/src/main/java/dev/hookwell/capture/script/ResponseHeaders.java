package dev.hookwell.capture.script;

import dev.hookwell.capture.Header;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The headers that a script may set: a short list, since hooks share their origin with the page,
 * and proxies act upon some headers. Any other header is refused.
 */
final class ResponseHeaders {
  static final int MAX_HEADERS = 10;
  static final int MAX_VALUE = 1024;

  /** RFC 9110, 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");

  private static final Pattern PRINTABLE =
      Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]*[\\x21-\\x7E])?");

  private static final Set<String> NAMES = Set.of("content-type", "retry-after", "allow");

  /**
   * Prefixes of X- headers that proxies and browsers act upon, and our own. With such a header
   * Nginx, lighttpd, LiteSpeed and H2O serve another file or URL as the response, and Envoy takes a
   * host out of use.
   */
  private static final List<String> REFUSED_X =
      List.of(
          "x-accel-",
          "x-sendfile",
          "x-lighttpd-",
          "x-litespeed-",
          "x-reproxy-",
          "x-envoy-",
          "x-amz",
          "x-frame-",
          "x-content-",
          "x-xss-",
          "x-hookwell-");

  private static final Set<String> TYPES =
      Set.of(
          "text/plain",
          "text/xml",
          "application/json",
          "application/xml",
          "application/x-www-form-urlencoded",
          "application/octet-stream");

  private static final Pattern PLUS_JSON =
      Pattern.compile("[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}\\+json");

  private static final Pattern CHARSET = Pattern.compile("charset=(utf-8|\"utf-8\")");

  private ResponseHeaders() {}

  /** The fault of a header, as a sentence; empty when a script may set the header. */
  static Optional<String> fault(Header header) {
    String name = header.name().toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      return Optional.of("a header's name has 1 to 64 letters, digits and hyphens.");
    }
    if (!isAllowed(name)) {
      return Optional.of(
          "the header "
              + header.name()
              + " is not allowed. Allowed are Content-Type, Retry-After, Allow, RateLimit* and most"
              + " of X-*.");
    }
    if (header.value().length() > MAX_VALUE || !PRINTABLE.matcher(header.value()).matches()) {
      return Optional.of(
          "the value of "
              + header.name()
              + " must be 1 to "
              + MAX_VALUE
              + " printable ASCII characters, without a space at an end.");
    }
    return name.equals("content-type") ? typeFault(header.value()) : Optional.empty();
  }

  private static boolean isAllowed(String name) {
    return NAMES.contains(name)
        || name.startsWith("ratelimit")
        || (name.startsWith("x-") && REFUSED_X.stream().noneMatch(name::startsWith));
  }

  private static Optional<String> typeFault(String value) {
    String[] parts = value.toLowerCase(Locale.ROOT).split(";", -1);
    String type = parts[0].strip();
    if (!TYPES.contains(type) && !PLUS_JSON.matcher(type).matches()) {
      return Optional.of(
          "the content type "
              + type
              + " is not allowed. Allowed are text/plain, text/xml, application/json,"
              + " application/xml, application/x-www-form-urlencoded, application/octet-stream and"
              + " types that end with +json.");
    }
    boolean plain = parts.length == 1;
    boolean utf8 = parts.length == 2 && CHARSET.matcher(parts[1].strip()).matches();
    return plain || utf8
        ? Optional.empty()
        : Optional.of("the only parameter of a content type is charset=utf-8.");
  }
}
