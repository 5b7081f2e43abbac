package dev.hookwell.capture.script;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hookwell.capture.Header;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a script and refuses an invalid one, naming the step. A script from the store has to meet
 * the same rules, except those that depend on the time and on the operator.
 */
public final class ScriptReader {
  private static final int MAX_SHARES = ResponseScript.SHARES - 1;

  /** The longest delay that an operator can allow. */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

  private final JsonParser json;
  private final Duration longestDelay;
  private final Instant now;

  private ScriptReader(JsonParser json, Duration longestDelay, Instant now) {
    this.json = json;
    this.longestDelay = longestDelay;
    this.now = now;
  }

  /**
   * Reads the JSON that an owner sent.
   *
   * @param longestDelay the longest delay that the operator allows
   * @throws ScriptException when it is no script
   */
  public static ResponseScript read(byte[] text, Duration longestDelay, Instant now) {
    return parse(text, longestDelay, now, false);
  }

  /**
   * Reads the output of {@link ScriptJson#stored}.
   *
   * @throws ScriptException when it is something else
   */
  public static ResponseScript readStored(byte[] text) {
    return parse(text, LONGEST_DELAY, Instant.MIN, true);
  }

  private static ResponseScript parse(
      byte[] text, Duration longestDelay, Instant now, boolean stored) {
    try (JsonParser json = ScriptJson.FACTORY.createParser(text)) {
      ResponseScript script = new ScriptReader(json, longestDelay, now).script(stored);
      if (json.nextToken() != null) {
        throw new ScriptException("Something follows the object.");
      }
      return script;
    } catch (IOException e) {
      throw new ScriptException("It is not JSON, or repeats a member.");
    }
  }

  private ResponseScript script(boolean stored) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new ScriptException("It must be a JSON object.");
    }
    List<ResponseStep> steps = List.of();
    HandshakeMode handshakes = HandshakeMode.ON;
    long version = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "steps" -> steps = steps(value);
        case "handshakes" -> handshakes = handshakes(value);
        case "v" -> version = stored ? json.getLongValue() : unknown();
        default -> unknown();
      }
    }
    if (stored && version != ScriptJson.VERSION) {
      throw new ScriptException("It is of another version.");
    }
    if (steps.isEmpty()) {
      throw new ScriptException("It needs steps: at least one.");
    }
    requireEnds(steps);
    return new ResponseScript(steps, handshakes);
  }

  private static long unknown() {
    throw new ScriptException("It may hold steps and handshakes, and nothing else.");
  }

  private HandshakeMode handshakes(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_TRUE) {
      return HandshakeMode.ON;
    }
    if (value == JsonToken.VALUE_FALSE) {
      return HandshakeMode.OFF;
    }
    if (value == JsonToken.VALUE_STRING && json.getText().equals("strava")) {
      return HandshakeMode.STRAVA;
    }
    throw new ScriptException("handshakes must be true, false or \"strava\".");
  }

  private List<ResponseStep> steps(JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      throw new ScriptException("steps must be a list.");
    }
    List<ResponseStep> steps = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (steps.size() == ResponseScript.MAX_STEPS) {
        throw new ScriptException("At most " + ResponseScript.MAX_STEPS + " steps.");
      }
      steps.add(step(steps.size() + 1));
    }
    return steps;
  }

  private ResponseStep step(int number) throws IOException {
    StepFields fields = new StepFields(number, longestDelay, now);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw ScriptException.ofStep(number, "it must be an object.");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "status" -> fields.status(number(number, field, value));
        case "headers" -> fields.headers(headers(number, value));
        case "body" -> fields.body(text(number, field, value));
        case "bodyBase64" -> fields.bodyBase64(text(number, field, value));
        case "delay" -> fields.delay(text(number, field, value));
        case "times" -> fields.times(number(number, field, value));
        case "for" -> fields.lasting(text(number, field, value));
        case "until" -> fields.until(text(number, field, value));
        case "percent" -> fields.percent(number(number, field, value));
        default ->
            throw ScriptException.ofStep(
                number,
                "it may hold status, headers, body or bodyBase64, delay, and one of times, for,"
                    + " until and percent, and nothing else.");
      }
    }
    return fields.step();
  }

  private List<Header> headers(int step, JsonToken value) throws IOException {
    List<Header> headers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    if (value != JsonToken.START_ARRAY) {
      throw headersFault(step);
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_ARRAY
          || json.nextToken() != JsonToken.VALUE_STRING) {
        throw headersFault(step);
      }
      String name = json.getText();
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw headersFault(step);
      }
      Header header = new Header(name, json.getText());
      if (json.nextToken() != JsonToken.END_ARRAY) {
        throw headersFault(step);
      }
      ResponseHeaders.fault(header)
          .ifPresent(fault -> {
            throw ScriptException.ofStep(step, fault);
          });
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw ScriptException.ofStep(step, "the header " + name + " is there twice.");
      }
      headers.add(header);
    }
    if (headers.size() > ResponseHeaders.MAX_HEADERS) {
      throw ScriptException.ofStep(step, "at most " + ResponseHeaders.MAX_HEADERS + " headers.");
    }
    return headers;
  }

  private static ScriptException headersFault(int step) {
    return ScriptException.ofStep(step, "headers must be a list of [\"name\", \"value\"].");
  }

  private String text(int step, String field, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      throw ScriptException.ofStep(step, field + " must be a string.");
    }
    return json.getText();
  }

  private long number(int step, String field, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_NUMBER_INT || json.getNumberType() != JsonParser.NumberType.INT) {
      throw ScriptException.ofStep(step, field + " must be a whole number of a fitting size.");
    }
    return json.getLongValue();
  }

  private static void requireEnds(List<ResponseStep> steps) {
    int shares = 0;
    for (int i = 0; i < steps.size(); i++) {
      StepEnd end = steps.get(i).end();
      boolean last = i == steps.size() - 1;
      if (end instanceof StepEnd.Open && !last) {
        throw ScriptException.ofStep(
            i + 1, "it has to end: by times, for, until or percent. Only the last one goes on.");
      }
      if (!(end instanceof StepEnd.Open) && last) {
        throw ScriptException.ofStep(
            i + 1, "the last one goes on for ever: without times, for, until and percent.");
      }
      if (end instanceof StepEnd.Percent(int share)) {
        shares += share;
      }
      if (shares > MAX_SHARES) {
        throw ScriptException.ofStep(
            i + 1, "the shares of all steps together are at most " + MAX_SHARES + " percent.");
      }
    }
  }
}
