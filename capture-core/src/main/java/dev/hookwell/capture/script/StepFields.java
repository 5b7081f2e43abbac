package dev.hookwell.capture.script;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.Header;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The fields of one step while it is read, each checked by itself, and then together. */
final class StepFields {
  static final int MAX_BODY = 10 * 1024;
  static final int MAX_TIMES = 1000;
  static final Duration LONGEST_FOR = Duration.ofDays(1);

  /** RFC 3339 writes a year in four digits. */
  private static final Instant LAST_UNTIL = Instant.parse("9999-12-31T23:59:59Z");

  private final int number;
  private final Duration longestDelay;
  private final Instant now;

  private Optional<Integer> status = Optional.empty();
  private List<Header> headers = List.of();
  private Optional<Body> text = Optional.empty();
  private Optional<Body> bytes = Optional.empty();
  private Duration delay = Duration.ZERO;
  private Optional<StepEnd> end = Optional.empty();

  StepFields(int number, Duration longestDelay, Instant now) {
    this.number = number;
    this.longestDelay = longestDelay;
    this.now = now;
  }

  void status(long value) {
    status = Optional.of(inRange("status", value, 200, 599));
  }

  void headers(List<Header> value) {
    headers = value;
  }

  void body(String value) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      byte[] utf8 = new byte[encoded.remaining()];
      encoded.get(utf8);
      text = Optional.of(bounded(utf8));
    } catch (CharacterCodingException e) {
      throw fault("body holds half a surrogate pair; give the bytes in bodyBase64.");
    }
  }

  void bodyBase64(String value) {
    try {
      bytes = Optional.of(bounded(Base64.getDecoder().decode(value)));
    } catch (IllegalArgumentException e) {
      throw fault("bodyBase64 is not base64.");
    }
  }

  private Body bounded(byte[] body) {
    if (body.length > MAX_BODY) {
      throw fault("the body has at most " + MAX_BODY + " bytes.");
    }
    return Body.copyOf(body);
  }

  void delay(String value) {
    Duration given = duration("delay", value, "PT2S");
    if (given.isNegative() || given.compareTo(longestDelay) > 0) {
      throw fault("delay must be from PT0S to " + longestDelay + ".");
    }
    delay = given;
  }

  void times(long value) {
    end(new StepEnd.Times(inRange("times", value, 1, MAX_TIMES)));
  }

  void lasting(String value) {
    Duration given = duration("for", value, "PT2M");
    if (!given.isPositive() || given.compareTo(LONGEST_FOR) > 0) {
      throw fault("for must be longer than nothing, and a day (PT24H) at most.");
    }
    end(new StepEnd.For(given));
  }

  void until(String value) {
    Instant given;
    try {
      given = Instant.parse(value);
    } catch (DateTimeException e) {
      throw fault("until must be a time, as 2027-01-31T12:00:00Z.");
    }
    if (!given.isAfter(now)) {
      throw fault("until is past.");
    }
    if (given.isAfter(LAST_UNTIL)) {
      throw fault("until must be a time before the year 10000.");
    }
    end(new StepEnd.Until(given));
  }

  void percent(long value) {
    end(new StepEnd.Percent(inRange("percent", value, 1, ResponseScript.SHARES - 1)));
  }

  private void end(StepEnd given) {
    if (end.isPresent()) {
      throw fault("it ends by one of times, for, until and percent.");
    }
    end = Optional.of(given);
  }

  ResponseStep step() {
    int known = status.orElseThrow(() -> fault("it needs a status."));
    if (text.isPresent() && bytes.isPresent()) {
      throw fault("it has either body or bodyBase64.");
    }
    Body body = text.or(() -> bytes).orElse(Body.EMPTY);
    if (!body.isEmpty() && !ResponseStep.hasBody(known)) {
      throw fault("a response of status " + known + " has no body.");
    }
    return new ResponseStep(
        known, headers, body, bytes.isPresent(), delay, end.orElseGet(StepEnd.Open::new));
  }

  private int inRange(String field, long value, int least, int most) {
    if (value < least || value > most) {
      throw fault(field + " must be from " + least + " to " + most + ".");
    }
    return (int) value;
  }

  private Duration duration(String field, String value, String example) {
    try {
      return Duration.parse(value);
    } catch (DateTimeException e) {
      throw fault(field + " must be an ISO 8601 duration, as " + example + ".");
    }
  }

  private ScriptException fault(String message) {
    return ScriptException.ofStep(number, message);
  }
}
