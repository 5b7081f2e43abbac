package dev.hookwell.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The origins whose pages may make hooks; all of them when the set is empty.
 *
 * @param origins as {@link #normal} writes them
 */
record AllowedOrigins(Set<String> origins) {
  static final AllowedOrigins ANY = new AllowedOrigins(Set.of());

  /** The form that browsers send: scheme and host, and a port where it is not the scheme's own. */
  private static final Pattern ORIGIN =
      Pattern.compile("([a-z][a-z0-9+.-]*)://([^/?#@,\\s:]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

  AllowedOrigins {
    origins = Set.copyOf(origins);
  }

  /**
   * Reads a comma-separated list.
   *
   * @throws IllegalArgumentException when one of them is no origin
   */
  static AllowedOrigins parse(String list) {
    return new AllowedOrigins(
        Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(entry ->
                normal(entry)
                    .orElseThrow(() ->
                        new IllegalArgumentException(
                            "origins like https://app.example.com, with commas between them")))
            .collect(Collectors.toSet()));
  }

  /** These and the origin of an address; still all origins if these are all. */
  AllowedOrigins and(String address) {
    if (origins.isEmpty()) {
      return this;
    }
    Set<String> more = new TreeSet<>(origins);
    normal(address.replaceFirst("(?<=[^/:])/.*", "")).ifPresent(more::add);
    return new AllowedOrigins(more);
  }

  /** {@code null}, which pages without an origin of their own send, is allowed only if all are. */
  boolean allow(String origin) {
    return origins.isEmpty() || normal(origin).filter(origins::contains).isPresent();
  }

  /** In lower case and without the scheme's own port; empty for a text that is no origin. */
  private static Optional<String> normal(String text) {
    Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String scheme = matcher.group(1);
    String port = matcher.group(3) == null ? "" : ":" + Integer.parseInt(matcher.group(3));
    boolean usual =
        (scheme.equals("http") && port.equals(":80"))
            || (scheme.equals("https") && port.equals(":443"));
    return Optional.of(scheme + "://" + matcher.group(2) + (usual ? "" : port));
  }
}
