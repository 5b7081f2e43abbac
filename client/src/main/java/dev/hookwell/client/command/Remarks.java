package dev.hookwell.client.command;

import dev.hookwell.client.Capture;
import dev.hookwell.client.Printable;
import dev.hookwell.client.delivery.Delivery;
import dev.hookwell.client.listen.Delivered;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Captures and deliveries as a person reads them: one line each, aligned. */
final class Remarks {
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colour;
  private final DateTimeFormatter time;
  private final DateTimeFormatter dateAndTime;

  Remarks(boolean colour, ZoneId zone) {
    this.colour = colour;
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
    this.dateAndTime =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  String time(Instant instant) {
    return time.format(instant);
  }

  /** Time, status, method, URL, milliseconds, number, then sender and event. */
  String of(Delivered delivered) {
    Capture capture = delivered.capture();
    List<String> remarks = new ArrayList<>(delivered.warnings());
    String status;
    if (delivered.outcome() instanceof Delivery.Responded responded) {
      status = coloured(responded.status());
      if (responded.location().isPresent() && responded.status() / 100 == 3) {
        remarks.add(0, "redirects to " + responded.location().get() + ", not followed");
      }
    } else {
      Delivery.Failed failed = (Delivery.Failed) delivered.outcome();
      status = paint(RED, failed.cause() == Delivery.Cause.TIMED_OUT ? "late" : "lost");
      remarks.add(0, failed.message());
    }
    if (delivered.tries() > 1) {
      remarks.add(delivered.tries() + " tries");
    }
    return "%s  %s%s  %-6s %s  %d ms  #%d%s%s"
        .formatted(
            time(delivered.at()),
            status,
            delivered.outcome() instanceof Delivery.Responded ? " " : "",
            Printable.line(capture.method()),
            Printable.line(url(delivered)),
            delivered.took().toMillis(),
            capture.seq(),
            kind(capture.readable()),
            remarks.isEmpty() ? "" : "  (" + String.join("; ", remarks) + ")");
  }

  /** Number, time, method, size, path and query below the hook, then sender and event. */
  String of(Capture kept) {
    Capture capture = kept.readable();
    String path = capture.pathTail().isEmpty() ? "/" : "";
    return "#%-6d %s  %-6s %9s  %s%s"
        .formatted(
            capture.seq(),
            dateAndTime.format(capture.receivedAt()),
            Printable.line(capture.method()),
            size(capture.bodySize()),
            Printable.line(path + below(capture)),
            kind(capture));
  }

  /** Path and query below the hook. */
  private static String below(Capture capture) {
    return capture.pathTail() + (capture.query().isEmpty() ? "" : "?" + capture.query());
  }

  /**
   * The URL of the delivery, with path and query in readable form; as sent where the delivery
   * changed them.
   */
  private static String url(Delivered delivered) {
    Capture kept = delivered.capture();
    Capture reads = kept.readable();
    int query = kept.query().isEmpty() ? 0 : 1 + kept.query().length();
    int end = delivered.url().length() - query;
    return ending(delivered.url().substring(0, end), kept.pathTail(), reads.pathTail())
        + (query == 0 ? "" : ending(delivered.url().substring(end), kept.query(), reads.query()));
  }

  private static String ending(String text, String kept, String reads) {
    return text.endsWith(kept) ? text.substring(0, text.length() - kept.length()) + reads : text;
  }

  private static String size(long bytes) {
    return bytes < 10_000 ? bytes + " B" : (bytes + 512) / 1024 + " KiB";
  }

  private static String kind(Capture capture) {
    return Printable.line(
        capture.sender().map(sender -> "  " + sender).orElse("")
            + capture.event().map(event -> " " + event).orElse(""));
  }

  private String coloured(int status) {
    return paint(status >= 500 ? RED : status >= 300 ? YELLOW : GREEN, String.valueOf(status));
  }

  private String paint(String colourCode, String text) {
    return colour ? colourCode + text + PLAIN : text;
  }
}
