package dev.hookwell.client.command;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Captures as a person names them: one, or those from a number to another.
 *
 * @param reference of one, or of the first, as the API takes it
 * @param last the number of the last; empty for one
 */
record Span(String reference, OptionalLong last) {
  private static final Pattern NUMBERS =
      Pattern.compile("#?([1-9][0-9]{0,17})-#?([1-9][0-9]{0,17})");

  static Span parse(String text) {
    Matcher numbers = NUMBERS.matcher(text);
    if (!numbers.matches()) {
      return new Span(CaptureReference.check(text), OptionalLong.empty());
    }
    Span span = new Span(numbers.group(1), OptionalLong.of(Long.parseLong(numbers.group(2))));
    if (span.first() > span.last().getAsLong()) {
      throw CommandException.usage("'" + text + "' ends before it begins: give the lower first");
    }
    return span;
  }

  /** The number of the first, of a span of several. */
  long first() {
    return Long.parseLong(reference);
  }
}
