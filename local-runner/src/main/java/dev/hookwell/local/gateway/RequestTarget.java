package dev.hookwell.local.gateway;

import dev.hookwell.capture.HookPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request target taken apart.
 *
 * @param sentPath the path exactly as sent; never normalised, so that dot segments reach no other
 *     route than the one they are written under
 * @param path the path as the gateway delivers it: percent-decoded, cut at a decoded {@code ?}
 * @param query the part after the first {@code ?}, as sent; empty without one
 */
record RequestTarget(String sentPath, String path, String query) {
  /** Reads an origin or absolute form; empty for anything else. */
  static Optional<RequestTarget> parse(String target) {
    String local = withoutAuthority(target);
    if (!local.startsWith("/")) {
      return Optional.empty();
    }
    int mark = local.indexOf('?');
    String sentPath = mark < 0 ? local : local.substring(0, mark);
    String query = mark < 0 ? "" : local.substring(mark + 1);
    String decoded = decode(sentPath, false);
    int cut = decoded.indexOf('?');
    return Optional.of(
        new RequestTarget(sentPath, cut < 0 ? decoded : decoded.substring(0, cut), query));
  }

  /** Whether one of the two routes of hooks takes it. */
  boolean isHook() {
    return hookPath().isPresent();
  }

  /** Whether the route {@code ANY /s/{proxy+}} takes it. */
  boolean isScripted() {
    return hookPath().equals(Optional.of(HookPath.SCRIPTED));
  }

  /**
   * A hook id that holds a percent sign is left to the default route, which knows no such path and
   * answers 404: an id has one spelling, and the function behind the hook route sees only the
   * decoded path, where the sign is gone.
   */
  private Optional<HookPath> hookPath() {
    return HookPath.of(sentPath)
        .filter(path -> !sentPath.equals(path.to("")) && path.hookPart(sentPath).indexOf('%') < 0);
  }

  /** The decoded query, repeated keys joined with a comma, in the order of first appearance. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
        parameters.merge(name, value, (first, next) -> first + "," + next);
      }
    }
    return parameters;
  }

  private static String withoutAuthority(String target) {
    for (String scheme : new String[] {"http://", "https://"}) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        String rest = target.substring(scheme.length());
        int start = 0;
        while (start < rest.length() && rest.charAt(start) != '/' && rest.charAt(start) != '?') {
          start++;
        }
        String local = rest.substring(start);
        return local.startsWith("/") ? local : "/" + local;
      }
    }
    return target;
  }

  /** Percent-decodes as UTF-8. A malformed escape stays as it is: it is the sender's data. */
  private static String decode(String text, boolean plusIsSpace) {
    StringBuilder decoded = new StringBuilder(text.length());
    int position = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '%' && escapeAt(text, position) >= 0) {
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        int escape;
        while ((escape = escapeAt(text, position)) >= 0) {
          run.write(escape);
          position += 3;
        }
        decoded.append(run.toString(StandardCharsets.UTF_8));
      } else {
        decoded.append(c == '+' && plusIsSpace ? ' ' : c);
        position++;
      }
    }
    return decoded.toString();
  }

  /** The byte of the escape at {@code position}, or -1 when there is none. */
  private static int escapeAt(String text, int position) {
    if (position + 2 >= text.length() || text.charAt(position) != '%') {
      return -1;
    }
    int high = hexDigit(text.charAt(position + 1));
    int low = hexDigit(text.charAt(position + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /** ASCII digits only: {@link Character#digit} takes those of every script. */
  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
