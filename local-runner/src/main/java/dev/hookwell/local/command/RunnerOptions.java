package dev.hookwell.local.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The options of a command line and of the environment, as text. An option overrides its variable.
 * Errors are {@link IllegalArgumentException}s of one line.
 */
final class RunnerOptions {
  private final Map<RunnerOption, Given> given;
  private final boolean help;

  private RunnerOptions(Map<RunnerOption, Given> given, boolean help) {
    this.given = given;
    this.help = help;
  }

  /** An option's values, and the name by which they were given. */
  private record Given(String source, List<String> values) {
    Given and(String value) {
      List<String> all = new ArrayList<>(values);
      all.add(value);
      return new Given(source, List.copyOf(all));
    }
  }

  /**
   * Reads both.
   *
   * @param allowed the options of this command
   * @param command its name, for the message about an option of another one; empty for the main one
   */
  static RunnerOptions parse(
      List<String> arguments,
      Map<String, String> environment,
      Set<RunnerOption> allowed,
      String command) {
    Map<RunnerOption, Given> given = new EnumMap<>(RunnerOption.class);
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext() && !help) {
      String argument = rest.next();
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      if (flag.equals("--help") || flag.equals("-h")) {
        help = true;
        continue;
      }
      RunnerOption option =
          Arrays.stream(RunnerOption.values())
              .filter(one -> one.flag().equals(flag))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("unknown option " + flag));
      if (!allowed.contains(option)) {
        throw new IllegalArgumentException(command + " does not take " + flag);
      }
      String value =
          switch (option.kind()) {
            case SWITCH -> "true";
            case VALUE, LIST -> equals >= 0 ? argument.substring(equals + 1) : next(rest);
          };
      if (value.isEmpty()) {
        throw new IllegalArgumentException(flag + " needs a value");
      }
      if (isDatabase(option) && given.keySet().stream().anyMatch(RunnerOptions::isDatabase)) {
        throw new IllegalArgumentException("the database's URL is given twice");
      }
      given.merge(
          option,
          new Given(flag, List.of(value)),
          (before, last) -> option.kind() == RunnerOption.Kind.LIST ? before.and(value) : last);
    }
    addVariables(given, environment, allowed);
    return new RunnerOptions(given, help);
  }

  /** The next argument; empty when there is none, or when it is an option. */
  private static String next(Iterator<String> rest) {
    String next = rest.hasNext() ? rest.next() : "";
    return next.startsWith("--") ? "" : next;
  }

  private static void addVariables(
      Map<RunnerOption, Given> given, Map<String, String> environment, Set<RunnerOption> allowed) {
    boolean database = given.keySet().stream().anyMatch(RunnerOptions::isDatabase);
    for (RunnerOption option : allowed) {
      String value = environment.getOrDefault(option.variable(), "").strip();
      if (!value.isEmpty() && !(database && isDatabase(option))) {
        given.putIfAbsent(option, ofVariable(option, value));
      }
    }
  }

  private static boolean isDatabase(RunnerOption option) {
    return option == RunnerOption.DATABASE_URL || option == RunnerOption.DATABASE_URL_FILE;
  }

  private static Given ofVariable(RunnerOption option, String value) {
    return new Given(
        option.variable(),
        switch (option.kind()) {
          case SWITCH -> List.of(trueOrFalse(option.variable(), value));
          case VALUE -> List.of(value);
          case LIST ->
              Arrays.stream(value.split(","))
                  .map(String::strip)
                  .filter(one -> !one.isEmpty())
                  .toList();
        });
  }

  private static String trueOrFalse(String variable, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(variable + " must be true or false");
    }
    return value;
  }

  boolean isHelp() {
    return help;
  }

  boolean isOn(RunnerOption option) {
    return text(option).filter("true"::equals).isPresent();
  }

  /** The name by which it was given: the option's, or its variable's. */
  String source(RunnerOption option) {
    Given one = given.get(option);
    return one == null ? option.flag() : one.source();
  }

  Optional<String> text(RunnerOption option) {
    return Optional.ofNullable(given.get(option)).map(one -> one.values().getLast());
  }

  /** A value, read by {@code parser}. The option's name is put before the parser's complaint. */
  <T> Optional<T> value(RunnerOption option, Function<String, T> parser) {
    return text(option).map(text -> parsed(option, text, parser));
  }

  /** All values of a list, read by {@code parser}; empty when none was given. */
  <T> Optional<T> list(RunnerOption option, Function<List<String>, T> parser) {
    return Optional.ofNullable(given.get(option))
        .map(Given::values)
        .filter(values -> !values.isEmpty())
        .map(values -> parsed(option, values, parser));
  }

  private <S, T> T parsed(RunnerOption option, S value, Function<S, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source(option) + " " + e.getMessage(), e);
    }
  }
}
