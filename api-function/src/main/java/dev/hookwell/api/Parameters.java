package dev.hookwell.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The query of an API call. Every mistake is a problem that names the parameter. */
final class Parameters {
  /** Names from a query are echoed only when they look like names. */
  private static final String NAME = "[A-Za-z0-9_.-]{1,40}";

  /** Replaces bytes that are not UTF-8, unless it was itself sent. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final String SENT_REPLACEMENT = "(?i).*(%EF%BF%BD|\uFFFD).*";

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads a raw query.
   *
   * @throws ProblemException for an unknown or repeated parameter, and for one that cannot be
   *     decoded
   */
  static Parameters read(String rawQuery, Set<String> known) {
    return read(rawQuery, known, Set.of());
  }

  /**
   * The same.
   *
   * @param repeatable those of the known that may be given several times
   */
  static Parameters read(String rawQuery, Set<String> known, Set<String> repeatable) {
    Map<String, List<String>> values = new HashMap<>();
    for (String pair : rawQuery.isEmpty() ? new String[0] : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String rawName = equals < 0 ? pair : pair.substring(0, equals);
      String name = decode(rawName, "?");
      if (!known.contains(name)) {
        String shown = name.matches(NAME) ? name : "?";
        throw ProblemException.parameter(shown, "There is no such parameter here.");
      }
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), name);
      List<String> given = values.computeIfAbsent(name, _ -> new ArrayList<>());
      if (!given.isEmpty() && !repeatable.contains(name)) {
        throw ProblemException.parameter(name, "Give it once.");
      }
      given.add(value);
    }
    return new Parameters(values);
  }

  private static String decode(String text, String name) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      boolean replaced = decoded.indexOf(REPLACEMENT) >= 0 && !text.matches(SENT_REPLACEMENT);
      if (!replaced) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw ProblemException.parameter(name, "Its percent-encoding is wrong.");
  }

  Optional<String> text(String name) {
    return all(name).stream().findFirst();
  }

  /** All values of a parameter, in their order; empty when it was not given. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** A whole number in the range; empty when it was not given. */
  Optional<Long> number(String name, long min, long max) {
    return text(name).map(value -> parse(name, value, min, max));
  }

  private static long parse(String name, String value, long min, long max) {
    if (value.matches("[0-9]{1,19}")) {
      try {
        long number = Long.parseLong(value);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Above the largest long: out of range like any other.
      }
    }
    String range = max == Long.MAX_VALUE ? "from " + min : "from " + min + " to " + max;
    throw ProblemException.parameter(name, "It must be a whole number " + range + ".");
  }
}
