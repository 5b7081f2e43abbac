package dev.hookwell.intake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A query's parameters, decoded once as a form's ({@code %XX}, and {@code +} for a space). */
final class QueryParameters {
  private record Parameter(String name, Optional<String> value) {}

  private final List<Parameter> parameters = new ArrayList<>();

  private QueryParameters() {}

  /** Reads a query without its question mark. */
  static QueryParameters of(String query) {
    QueryParameters parameters = new QueryParameters();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        decoded(pair.substring(0, equals))
            .ifPresent(name ->
                parameters.parameters.add(
                    new Parameter(name, decoded(pair.substring(equals + 1)))));
      }
    }
    return parameters;
  }

  /** Whether there is a parameter of this name, with any value. */
  boolean has(String name) {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
  }

  /** The value of a parameter that is there once and can be decoded. */
  Optional<String> once(String name) {
    return single(parameters.stream().filter(p -> p.name().equals(name)).toList());
  }

  /** The same, ignoring the case of the name. */
  Optional<String> onceInAnyCase(String name) {
    return single(parameters.stream().filter(p -> p.name().equalsIgnoreCase(name)).toList());
  }

  private static Optional<String> single(List<Parameter> found) {
    return found.size() == 1 ? found.getFirst().value() : Optional.empty();
  }

  private static Optional<String> decoded(String text) {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 > text.length() - 1) {
          return Optional.empty();
        }
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes[length++] = (byte) (high * 16 + low);
        i += 2;
      } else {
        if (c > 0xFF) {
          return Optional.empty();
        }
        bytes[length++] = (byte) (c == '+' ? ' ' : c);
      }
    }
    return Optional.of(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
  }
}
