package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventLogTest {
  private final List<String> lines = new ArrayList<>();
  private final EventLog log =
      new EventLog(
          lines::add, Clock.fixed(Instant.parse("2026-11-24T10:15:30.120Z"), ZoneOffset.UTC));

  @Test
  @Shows("H51")
  void anEventIsOneLineOfPrintableAsciiJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("size", 12L);
    fields.put("odd", "\u001b[2J\n\u00e9\u007f\"");

    log.info("ingest.kept", fields);

    assertEquals(
        List.of(
            "{\"time\":\"2026-11-24T10:15:30.120Z\",\"level\":\"INFO\",\"event\":\"ingest.kept\","
                + "\"size\":12,\"odd\":\"\\u001B[2J\\n\\u00E9\\u007F\\\"\"}"),
        lines);
  }

  @Test
  void numbersThatAreMeasuredAreWrittenAsCloudWatchReadsThem() {
    Map<String, Long> metrics = new LinkedHashMap<>();
    metrics.put("Stored", 3L);
    metrics.put("LagMillis", 250L);

    log.measure("persist.saved", Map.of("messages", 4), metrics);

    assertEquals(
        List.of(
            "{\"time\":\"2026-11-24T10:15:30.120Z\",\"level\":\"INFO\",\"event\":\"persist.saved\","
                + "\"messages\":4,\"_aws\":{\"Timestamp\":1795515330120,\"CloudWatchMetrics\":["
                + "{\"Namespace\":\"Hookwell\",\"Dimensions\":[[]],\"Metrics\":["
                + "{\"Name\":\"Stored\",\"Unit\":\"Count\"},"
                + "{\"Name\":\"LagMillis\",\"Unit\":\"Milliseconds\"}]}]},"
                + "\"Stored\":3,\"LagMillis\":250}"),
        lines);
  }

  @Test
  @Shows("S30")
  void ofAFailureTheClassesAreNamedAndNothingThatItSays() {
    log.error(
        "failed",
        Map.of(),
        new IllegalStateException("secret row", new IllegalArgumentException("secret value")));

    assertFalse(lines.getFirst().contains("secret"), lines.getFirst());
    assertEquals(
        "{\"time\":\"2026-11-24T10:15:30.120Z\",\"level\":\"ERROR\",\"event\":\"failed\","
            + "\"failure\":\"java.lang.IllegalStateException < java.lang.IllegalArgumentException\"}",
        lines.getFirst());
  }

  @Test
  void aWrongSettingSaysWhich() {
    log.error("failed", Map.of(), new ConfigurationException("HOOK_KEYS is not set"));

    assertEquals(
        "{\"time\":\"2026-11-24T10:15:30.120Z\",\"level\":\"ERROR\",\"event\":\"failed\","
            + "\"failure\":\"dev.hookwell.capture.ConfigurationException\","
            + "\"reason\":\"HOOK_KEYS is not set\"}",
        lines.getFirst());
  }
}
