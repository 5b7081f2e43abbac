package dev.hookwell.client.command;

import dev.hookwell.client.Printable;
import dev.hookwell.client.Script;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A script as a person reads it: the URL, the steps, and the response to the next request. */
final class ScriptText {
  private ScriptText() {}

  static String of(Script script, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(script.url());
    for (int i = 0; i < script.steps().size(); i++) {
      lines.add("%2d  %s".formatted(i + 1, step(script.steps().get(i), zone)));
    }
    lines.add("next: " + next(script, zone));
    script
        .failuresEndAt()
        .ifPresent(end -> lines.add("failing ends by itself at " + time(end, zone)));
    if (!script.handshakes().equals("true")) {
      lines.add(
          "handshakes: " + (script.handshakes().equals("false") ? "off" : script.handshakes()));
    }
    return Printable.lines(String.join("\n", lines));
  }

  private static String step(Script.Step step, ZoneId zone) {
    List<String> words = new ArrayList<>();
    words.add(step.status() + step.end().map(end -> " " + end(end, zone)).orElse(""));
    step.delay().ifPresent(delay -> words.add("after " + Values.text(delay)));
    words.addAll(step.headers());
    if (step.bodySize() > 0) {
      words.add("a body of " + step.bodySize() + " characters");
    }
    return String.join(", ", words);
  }

  private static String end(Script.End end, ZoneId zone) {
    return switch (end.member()) {
      case "times" -> end.value().equals("1") ? "once" : end.value() + " times";
      case "percent" -> "to " + end.value() + " of 100";
      case "until" -> "until " + time(end.value(), zone);
      default -> end.member() + " " + Values.text(end.value());
    };
  }

  private static String next(Script script, ZoneId zone) {
    Script.Next next = script.next();
    StringBuilder text = new StringBuilder();
    for (Script.Chance chance : next.chances()) {
      text.append(
          "step %d (%d) by %d of 100, else "
              .formatted(chance.step(), chance.status(), chance.percent()));
    }
    if (next.step().isEmpty()) {
      return text + "the plain 200";
    }
    text.append("step %d (%d)".formatted(next.step().getAsLong(), next.status()));
    next.left().ifPresent(left -> text.append(", for ").append(requests(left)));
    next.until().ifPresent(until -> text.append(", until ").append(time(until, zone)));
    return text.toString();
  }

  private static String requests(long left) {
    return left == 1 ? "1 more request" : left + " more requests";
  }

  private static String time(String text, ZoneId zone) {
    try {
      return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(zone)
          .format(Instant.parse(text));
    } catch (DateTimeException e) {
      return text;
    }
  }
}
