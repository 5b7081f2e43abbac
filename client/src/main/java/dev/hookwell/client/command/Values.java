package dev.hookwell.client.command;

import dev.hookwell.client.Header;
import dev.hookwell.client.Match;
import dev.hookwell.client.delivery.Target;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options, from text. The message of each says in one line what it takes. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|min|h|d)");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([^\\r\\n\\x00]*?)[ \\t]*");

  /** More than any option takes; each has a limit of its own. */
  private static final long MOST = 1_000_000_000;

  private Values() {}

  static void register(CommandLine commands) {
    commands.registerConverter(Duration.class, (ITypeConverter<Duration>) Values::duration);
    commands.registerConverter(Long.class, (ITypeConverter<Long>) Values::number);
    commands.registerConverter(
        int.class, (ITypeConverter<Integer>) text -> Math.toIntExact(Math.min(number(text), MOST)));
    commands.registerConverter(Target.class, (ITypeConverter<Target>) Values::target);
    commands.registerConverter(Header.class, (ITypeConverter<Header>) Values::header);
    commands.registerConverter(Match.class, (ITypeConverter<Match>) Values::match);
  }

  private static long number(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new TypeConversionException("'" + text + "' is no number");
    }
    return Long.parseLong(text);
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "h" -> Duration.ofHours(count);
        case "d" -> Duration.ofDays(count);
        default -> Duration.ofMinutes(count);
      };
    }
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeException e) {
      // Said below.
    }
    throw new TypeConversionException("'" + text + "' is no duration like 30s, 5m, 2h or 7d");
  }

  /** A duration of the API's as people write it: {@code PT2M} is 2m. */
  static String text(String duration) {
    return duration.matches("PT[0-9.]+[SMH]")
        ? duration.substring(2).toLowerCase(Locale.ROOT)
        : duration;
  }

  /** A duration of the API's in the largest unit that it is whole in; as it is if it is none. */
  static String shortest(String text) {
    try {
      long seconds = Duration.parse(text).toSeconds();
      return seconds % 86_400 == 0
          ? seconds / 86_400 + "d"
          : seconds % 3_600 == 0
              ? seconds / 3_600 + "h"
              : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    } catch (DateTimeException e) {
      return text;
    }
  }

  private static Target target(String text) {
    try {
      return Target.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  static Header header(String text) {
    Matcher matcher = HEADER.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is no header like 'Name: value'");
    }
    return new Header(matcher.group(1), matcher.group(2));
  }

  private static Match match(String text) {
    try {
      return Match.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no condition ("
              + e.getMessage()
              + "): method:POST, path:/pay* (up to 8 *), sender:Stripe, event:push,"
              + " header:x-id:abc, json:/data/status=failed, word, \"two words\" or -word");
    }
  }
}
