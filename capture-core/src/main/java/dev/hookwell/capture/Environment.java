package dev.hookwell.capture;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of a function. Every error is a {@link ConfigurationException} that names the
 * variable. An empty variable counts as one that is not set.
 */
public final class Environment {
  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  public Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  public String required(String name) {
    return optional(name).orElseThrow(() -> new ConfigurationException(name + " is not set"));
  }

  /** A required variable, parsed; the message of the parser's error becomes part of ours. */
  public <T> T required(String name, Function<String, T> parser) {
    return parse(name, required(name), parser);
  }

  /** An optional variable, parsed. */
  public <T> Optional<T> optional(String name, Function<String, T> parser) {
    return optional(name).map(value -> parse(name, value, parser));
  }

  /** The entries of a comma-separated variable; none when it is not set. */
  public List<String> list(String name) {
    return optional(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  /** Whether a variable is {@code on}. Its only other value is {@code off}. */
  public boolean isOn(String name, boolean whenUnset) {
    return optional(name, Environment::onOrOff).orElse(whenUnset);
  }

  /** A whole number from {@code min} to {@code max}. */
  public long number(String name, long whenUnset, long min, long max) {
    long value = optional(name, Environment::wholeNumber).orElse(whenUnset);
    if (value < min || value > max) {
      throw new ConfigurationException(
          name + " must be from " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  private static boolean onOrOff(String value) {
    return switch (value) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("must be on or off");
    };
  }

  private static long wholeNumber(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a whole number", e);
    }
  }

  private static <T> T parse(String name, String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(name + ": " + e.getMessage(), e);
    }
  }
}
