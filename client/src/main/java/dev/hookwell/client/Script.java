package dev.hookwell.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The script of a hook's second URL, as its server describes it.
 *
 * @param url the second URL
 * @param steps none when every request gets the plain response
 * @param handshakes which handshakes are passed: true, false or a name
 * @param failuresEndAt the time from which failing steps are no longer served
 * @param json all of it
 */
public record Script(
    String url,
    List<Step> steps,
    String handshakes,
    Next next,
    Optional<String> failuresEndAt,
    Json json) {
  /**
   * One step.
   *
   * @param end empty when it goes on for ever
   * @param bodySize in characters of the JSON
   */
  public record Step(
      long status, Optional<End> end, Optional<String> delay, List<String> headers, int bodySize) {}

  /**
   * How long a step lasts.
   *
   * @param member of the JSON: times, for, until or percent
   */
  public record End(String member, String value) {}

  /**
   * The response that the next request gets.
   *
   * @param step its number; empty for the plain response
   * @param left how many requests it still takes
   * @param until the time of its end
   * @param chances steps that may take it before, by their share
   */
  public record Next(
      OptionalLong step,
      long status,
      OptionalLong left,
      Optional<String> until,
      List<Chance> chances) {}

  /** A step that takes a share of the requests. */
  public record Chance(long step, long status, long percent) {}

  static Script of(Json json) {
    return new Script(
        json.text("url"),
        json.objects("steps").stream().map(Script::step).toList(),
        json.value("handshakes").map(Object::toString).orElse("true"),
        next(json.object("next")),
        json.optionalText("failuresEndAt"),
        json);
  }

  /**
   * The JSON that sets a script, from a text that a person wrote. The output of {@code show --json}
   * is taken, too: only its steps and handshakes are kept.
   */
  public static byte[] toSet(byte[] text) {
    try {
      Json json = Json.parse(text);
      return json.names().contains("setAt")
          ? json.only(Set.of("steps", "handshakes")).toLine().getBytes(StandardCharsets.UTF_8)
          : text.clone();
    } catch (MalformedJsonException e) {
      // The server says what is wrong with it.
      return text.clone();
    }
  }

  private static Step step(Json json) {
    Optional<End> end = Optional.empty();
    for (String name : List.of("times", "for", "until", "percent")) {
      Optional<Object> value = json.value(name);
      if (value.isPresent()) {
        end = Optional.of(new End(name, value.get().toString()));
      }
    }
    List<String> headers = new ArrayList<>();
    for (Object header : json.items("headers")) {
      if (header instanceof List<?> pair && pair.size() == 2) {
        headers.add(pair.get(0) + ": " + pair.get(1));
      }
    }
    int bodySize =
        json.optionalText("body").or(() -> json.optionalText("bodyBase64")).orElse("").length();
    return new Step(json.number("status"), end, json.optionalText("delay"), headers, bodySize);
  }

  private static Next next(Json json) {
    return new Next(
        json.optionalNumber("step"),
        json.number("status"),
        json.optionalNumber("left"),
        json.optionalText("until"),
        json.objects("chances").stream()
            .map(chance ->
                new Chance(
                    chance.number("step"), chance.number("status"), chance.number("percent")))
            .toList());
  }
}
