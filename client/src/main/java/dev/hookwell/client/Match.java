package dev.hookwell.client;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Conditions on captures, all to be met. */
public record Match(List<Condition> conditions) {
  /** Everything. */
  public static final Match ALL = new Match(List.of());

  private static final int MOST_STARS = 8;

  public Match {
    conditions = List.copyOf(conditions);
  }

  /** By what of a capture. */
  private enum Name {
    METHOD,
    PATH,
    SENDER,
    EVENT
  }

  /** One condition, as a person writes it: {@code path=/pay*}. */
  public static final class Condition {
    private final Name name;
    private final String value;
    private final Pattern pattern;

    private Condition(Name name, String value) {
      this.name = name;
      this.value = value;
      this.pattern = Pattern.compile(wildcard(value), Pattern.DOTALL);
    }

    /** Empty when it is none. */
    public static Optional<Condition> parse(String text) {
      int equals = text.indexOf('=');
      if (equals <= 0 || equals == text.length() - 1) {
        return Optional.empty();
      }
      String value = text.substring(equals + 1);
      for (Name name : Name.values()) {
        if (name.name().equals(text.substring(0, equals).toUpperCase(Locale.ROOT))) {
          boolean tooMany = value.chars().filter(c -> c == '*').count() > MOST_STARS;
          return name == Name.PATH && tooMany
              ? Optional.empty()
              : Optional.of(new Condition(name, value));
        }
      }
      return Optional.empty();
    }

    private static String wildcard(String value) {
      return Stream.of(value.split("\\*", -1)).map(Pattern::quote).collect(joining(".*"));
    }

    private boolean holds(Capture capture) {
      return switch (name) {
        case METHOD -> capture.method().equalsIgnoreCase(value);
        case PATH -> pattern.matcher(capture.pathTail()).matches();
        case SENDER -> capture.sender().filter(value::equalsIgnoreCase).isPresent();
        case EVENT -> capture.event().filter(value::equalsIgnoreCase).isPresent();
      };
    }
  }

  public boolean matches(Capture capture) {
    return conditions.stream().allMatch(condition -> condition.holds(capture));
  }
}
