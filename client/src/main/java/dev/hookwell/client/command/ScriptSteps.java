package dev.hookwell.client.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.client.Header;
import dev.hookwell.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Steps of a script from words of a command line: {@code 503x3}, {@code 503x2m}, {@code 500x30%},
 * {@code 503x2026-12-01T12:00:00Z}, {@code 200}, each with {@code +3s} for a delay.
 */
final class ScriptSteps {
  private static final Pattern WORD =
      Pattern.compile("([0-9]{3})(?:x(.+?))?(?:\\+([0-9]{1,9}(?:ms|s|m)))?");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SHARE = Pattern.compile("([0-9]{1,9})%");

  private final List<Step> steps = new ArrayList<>();

  /** A step that is being written: options that follow it on the command line belong to it. */
  private static final class Step {
    private final String word;
    private final String status;
    private final Optional<JsonMember> end;
    private final Optional<Duration> delay;
    private final List<Header> headers = new ArrayList<>();
    private Optional<String> body = Optional.empty();

    private Step(String word, String status, Optional<JsonMember> end, Optional<Duration> delay) {
      this.word = word;
      this.status = status;
      this.end = end;
      this.delay = delay;
    }
  }

  /** A member of a step, written by itself. */
  @FunctionalInterface
  private interface JsonMember {
    void writeTo(JsonGenerator json) throws IOException;
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  void add(String word) {
    Matcher matcher = WORD.matcher(word);
    if (!matcher.matches()) {
      throw noStep(word);
    }
    steps.add(
        new Step(
            word,
            matcher.group(1),
            Optional.ofNullable(matcher.group(2)).map(end -> end(word, end)),
            Optional.ofNullable(matcher.group(3)).map(Values::duration)));
  }

  private static JsonMember end(String word, String end) {
    if (COUNT.matcher(end).matches()) {
      return json -> json.writeNumberField("times", Long.parseLong(end));
    }
    Matcher share = SHARE.matcher(end);
    if (share.matches()) {
      return json -> json.writeNumberField("percent", Long.parseLong(share.group(1)));
    }
    Optional<Instant> until = time(end);
    if (until.isPresent()) {
      return json -> json.writeStringField("until", until.get().toString());
    }
    try {
      String lasting = Values.duration(end).toString();
      return json -> json.writeStringField("for", lasting);
    } catch (RuntimeException e) {
      throw noStep(word);
    }
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static CommandException noStep(String word) {
    return CommandException.usage(
        "'"
            + word
            + "' is no step: a status, then x3 for three requests, x30% for a share, x2m or"
            + " x2026-12-01T12:00:00Z for a time; +3s is a delay");
  }

  void header(Header header) {
    last("--header").headers.add(header);
  }

  void body(String body) {
    Step step = last("--body");
    if (step.body.isPresent()) {
      throw CommandException.usage("the step " + step.word + " has a body already");
    }
    step.body = Optional.of(body);
  }

  private Step last(String option) {
    if (steps.isEmpty()) {
      throw CommandException.usage(option + " comes after the step that it belongs to");
    }
    return steps.get(steps.size() - 1);
  }

  /** As the API takes it. */
  byte[] toJson(Optional<String> handshakes) {
    requireAnOpenEnd();
    return Json.line(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("steps");
              for (Step step : steps) {
                write(json, step);
              }
              json.writeEndArray();
              if (handshakes.isPresent()) {
                writeHandshakes(json, handshakes.get());
              }
              json.writeEndObject();
            })
        .getBytes(StandardCharsets.UTF_8);
  }

  private void requireAnOpenEnd() {
    Step last = steps.get(steps.size() - 1);
    if (last.end.isPresent()) {
      throw CommandException.usage(
          "what comes after "
              + last.word
              + "? The last step goes on for ever: end with one like 200");
    }
    for (Step step : steps.subList(0, steps.size() - 1)) {
      if (step.end.isEmpty()) {
        throw CommandException.usage(
            step.word
                + " goes on for ever, so that no step after it is reached: it takes x3, x2m …");
      }
    }
  }

  private static void write(JsonGenerator json, Step step) throws IOException {
    json.writeStartObject();
    json.writeNumberField("status", Integer.parseInt(step.status));
    if (step.end.isPresent()) {
      step.end.get().writeTo(json);
    }
    if (step.delay.isPresent()) {
      json.writeStringField("delay", step.delay.get().toString());
    }
    if (!step.headers.isEmpty()) {
      json.writeArrayFieldStart("headers");
      for (Header header : step.headers) {
        json.writeStartArray();
        json.writeString(header.name());
        json.writeString(header.value());
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    if (step.body.isPresent()) {
      json.writeStringField("body", step.body.get());
    }
    json.writeEndObject();
  }

  private static void writeHandshakes(JsonGenerator json, String mode) throws IOException {
    if (mode.equals("strava")) {
      json.writeStringField("handshakes", mode);
    } else {
      json.writeBooleanField("handshakes", mode.equals("on"));
    }
  }
}
