package dev.hookwell.client.listen;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far a hook's captures were delivered.
 *
 * @param done the highest number at and below which none is unfinished
 * @param ahead numbers above it that are finished too
 * @param begun numbers whose delivery had begun and not ended
 */
record Cursor(long done, NavigableSet<Long> ahead, NavigableSet<Long> begun) {
  private static final Pattern TEXT =
      Pattern.compile("done=(\\d{1,18}) ahead=([\\d,]*) begun=([\\d,]*)");

  Cursor {
    ahead = new TreeSet<>(ahead);
    begun = new TreeSet<>(begun);
  }

  static Cursor at(long done) {
    return new Cursor(done, new TreeSet<>(), new TreeSet<>());
  }

  String toText() {
    return "done=" + done + " ahead=" + list(ahead) + " begun=" + list(begun);
  }

  /** Reads a cursor; empty when the text is none. */
  static Optional<Cursor> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Cursor(
              Long.parseLong(matcher.group(1)),
              numbers(matcher.group(2)),
              numbers(matcher.group(3))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String list(Collection<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(joining(","));
  }

  private static NavigableSet<Long> numbers(String list) {
    NavigableSet<Long> numbers = new TreeSet<>();
    Stream.of(list.split(",", -1))
        .filter(one -> !one.isEmpty())
        .map(Long::parseLong)
        .forEach(numbers::add);
    return numbers;
  }
}
