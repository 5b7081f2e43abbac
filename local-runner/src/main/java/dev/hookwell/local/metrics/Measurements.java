package dev.hookwell.local.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hookwell.local.queue.Outbox;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Figures of the functions' log lines for Prometheus: how often each event happened and when last,
 * and the same metrics that CloudWatch makes of the lines. All names are ours; none comes from a
 * sender. Thread-safe.
 */
public final class Measurements {
  private final JsonFactory json = new JsonFactory();
  private final Map<String, AtomicLong> events = new ConcurrentSkipListMap<>();
  private final Map<String, Instant> last = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicLong> sums = new ConcurrentSkipListMap<>();
  private final Map<String, Long> latest = new ConcurrentSkipListMap<>();

  /** Takes a line of the log. */
  public void accept(String line) {
    Map<String, String> fields = new TreeMap<>();
    Map<String, String> units = new TreeMap<>();
    try (JsonParser parser = json.createParser(line)) {
      read(parser, fields, units);
    } catch (IOException _) {
      return;
    }
    String event = fields.getOrDefault("event", "");
    events.computeIfAbsent(event, _ -> new AtomicLong()).incrementAndGet();
    last.put(event, Instant.parse(fields.getOrDefault("time", "1970-01-01T00:00:00Z")));
    units.forEach((name, unit) -> {
      long value = Long.parseLong(fields.getOrDefault(name, "0"));
      if (unit.equals("Count") && !name.equals("HookRows")) {
        sums.computeIfAbsent(name, _ -> new AtomicLong()).addAndGet(value);
      } else {
        latest.put(name, value);
      }
    });
  }

  /** All fields of the line itself, and the units of those that are metrics. */
  private static void read(JsonParser parser, Map<String, String> fields, Map<String, String> units)
      throws IOException {
    String metric = "";
    int depth = 0;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token.isScalarValue() && parser.currentName() != null) {
        if (depth == 1) {
          fields.put(parser.currentName(), parser.getText());
        } else if (parser.currentName().equals("Name")) {
          metric = parser.getText();
        } else if (parser.currentName().equals("Unit")) {
          units.put(metric, parser.getText());
        }
      }
    }
  }

  /**
   * The state at this moment.
   *
   * @param accepted captures that the outbox took since the start
   * @param oldest the age of the oldest message; empty when it cannot be read
   * @param databaseUp whether the database took a statement just now
   */
  public record Now(
      long accepted,
      Outbox.Counts outbox,
      Optional<Duration> oldest,
      boolean databaseUp,
      long freeBytes) {}

  /** In Prometheus's text format. */
  public String text(Now now) {
    StringBuilder text = new StringBuilder();
    text.append("# TYPE hookwell_events_total counter\n");
    events.forEach((event, count) ->
        text.append("hookwell_events_total{event=\"%s\"} %d%n".formatted(event, count.get())));
    text.append("# TYPE hookwell_event_last_seconds gauge\n");
    last.forEach((event, time) ->
        text.append(
            "hookwell_event_last_seconds{event=\"%s\"} %d%n"
                .formatted(event, time.getEpochSecond())));
    sums.forEach((name, sum) -> append(text, name(name) + "_total", "counter", sum.get()));
    latest.forEach((name, value) -> append(text, name(name), "gauge", value));
    append(text, "hookwell_accepted_total", "counter", now.accepted());
    append(text, "hookwell_outbox_waiting", "gauge", now.outbox().waiting());
    append(text, "hookwell_outbox_dead", "gauge", now.outbox().dead());
    append(text, "hookwell_outbox_bytes", "gauge", now.outbox().bytes());
    append(text, "hookwell_outbox_file_bytes", "gauge", now.outbox().fileBytes());
    now.oldest()
        .ifPresent(age -> append(text, "hookwell_outbox_oldest_seconds", "gauge", age.toSeconds()));
    append(text, "hookwell_database_up", "gauge", now.databaseUp() ? 1 : 0);
    append(text, "hookwell_disk_free_bytes", "gauge", now.freeBytes());
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String type, long value) {
    text.append("# TYPE %s %s%n%s %d%n".formatted(name, type, name, value));
  }

  /** {@code LagMillis} is {@code hookwell_lag_millis}. */
  private static String name(String metric) {
    return "hookwell" + metric.replaceAll("(\\p{Lu})", "_$1").toLowerCase(Locale.ROOT);
  }
}
