package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The one log: a JSON object a line, ASCII only. Fields are ids, hashes, sizes, durations and our
 * own words; never anything that a sender sent and never a key. Thread-safe.
 */
public final class EventLog {
  private static final String NAMESPACE = "Hookwell";

  private final Consumer<String> lines;
  private final Clock clock;

  /**
   * @param lines takes one whole line, without its end; thread-safe
   */
  public EventLog(Consumer<String> lines, Clock clock) {
    this.lines = lines;
    this.clock = clock;
  }

  public void info(String event, Map<String, ?> fields) {
    write("INFO", event, fields);
  }

  /**
   * The same with numbers that CloudWatch turns into metrics (its embedded metric format), without
   * dimensions: a hook must not become one.
   *
   * @param metrics by name, {@code Stored}; a name that ends with {@code Millis}, {@code Bytes} or
   *     {@code Percent} says its unit, any other is a count
   */
  public void measure(String event, Map<String, ?> fields, Map<String, Long> metrics) {
    write("INFO", event, fields, metrics);
  }

  public void warn(String event, Map<String, ?> fields) {
    write("WARN", event, fields);
  }

  /**
   * Logs the class names of a failure and of its causes. Messages are left out, since those of
   * drivers and clients may hold captured data; only that of a wrong setting, which is ours, is
   * logged.
   */
  public void error(String event, Map<String, ?> fields, Throwable failure) {
    StringBuilder causes = new StringBuilder();
    for (Throwable t = failure; t != null && causes.length() < 500; t = t.getCause()) {
      causes.append(causes.isEmpty() ? "" : " < ").append(t.getClass().getName());
    }
    LinkedHashMap<String, Object> all = new LinkedHashMap<>(fields);
    all.put("failure", causes.toString());
    if (failure instanceof ConfigurationException) {
      all.put("reason", failure.getMessage());
    }
    write("ERROR", event, all);
  }

  private void write(String level, String event, Map<String, ?> fields) {
    write(level, event, fields, Map.of());
  }

  private void write(String level, String event, Map<String, ?> fields, Map<String, Long> metrics) {
    lines.accept(
        JsonBytes.text(
            WireJson.ASCII,
            512,
            json -> {
              json.writeStringField(
                  "time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
              json.writeStringField("level", level);
              json.writeStringField("event", event);
              for (Map.Entry<String, ?> field : fields.entrySet()) {
                json.writeFieldName(field.getKey());
                if (field.getValue() instanceof Long number) {
                  json.writeNumber(number);
                } else if (field.getValue() instanceof Integer number) {
                  json.writeNumber(number);
                } else if (field.getValue() instanceof Boolean flag) {
                  json.writeBoolean(flag);
                } else {
                  json.writeString(String.valueOf(field.getValue()));
                }
              }
              if (!metrics.isEmpty()) {
                writeMetrics(json, metrics);
              }
            }));
  }

  private static String unit(String metric) {
    if (metric.endsWith("Millis")) {
      return "Milliseconds";
    }
    if (metric.endsWith("Percent")) {
      return "Percent";
    }
    return metric.endsWith("Bytes") ? "Bytes" : "Count";
  }

  private void writeMetrics(JsonGenerator json, Map<String, Long> metrics) throws IOException {
    json.writeObjectFieldStart("_aws");
    json.writeNumberField("Timestamp", clock.millis());
    json.writeArrayFieldStart("CloudWatchMetrics");
    json.writeStartObject();
    json.writeStringField("Namespace", NAMESPACE);
    json.writeArrayFieldStart("Dimensions");
    json.writeStartArray();
    json.writeEndArray();
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    for (String name : metrics.keySet()) {
      json.writeStartObject();
      json.writeStringField("Name", name);
      json.writeStringField("Unit", unit(name));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    for (Map.Entry<String, Long> metric : metrics.entrySet()) {
      json.writeNumberField(metric.getKey(), metric.getValue());
    }
  }
}
