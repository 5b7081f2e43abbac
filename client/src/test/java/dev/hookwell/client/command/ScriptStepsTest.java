package dev.hookwell.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.client.Header;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScriptStepsTest {
  private final ScriptSteps steps = new ScriptSteps();

  private void assertWritten(String json, String... words) {
    for (String word : words) {
      steps.add(word);
    }
    assertEquals(json, new String(steps.toJson(Optional.empty()), UTF_8));
  }

  @Test
  void aStepEndsByCountShareDurationOrTime() {
    assertWritten(
        "{\"steps\":[{\"status\":503,\"times\":3},{\"status\":500,\"percent\":30},"
            + "{\"status\":502,\"for\":\"PT2M\"},{\"status\":429,\"for\":\"PT1H30M\"},"
            + "{\"status\":410,\"until\":\"2026-12-01T11:00:00Z\"},{\"status\":200}]}",
        "503x3",
        "500x30%",
        "502x2m",
        "429xPT1H30M",
        "410x2026-12-01T12:00:00+01:00",
        "200");
  }

  @Test
  void everyEndTakesADelay() {
    assertWritten(
        "{\"steps\":[{\"status\":503,\"times\":3,\"delay\":\"PT0.5S\"},"
            + "{\"status\":410,\"until\":\"2026-12-01T12:00:00Z\",\"delay\":\"PT2S\"},"
            + "{\"status\":200,\"delay\":\"PT3S\"}]}",
        "503x3+500ms",
        "410x2026-12-01T12:00:00Z+2s",
        "200+3s");
  }

  @Test
  void headersAndABodyBelongToTheStepBeforeThem() {
    steps.add("429x5");
    steps.header(new Header("Retry-After", "5"));
    steps.header(new Header("X-A", "b"));
    steps.add("200");
    steps.body("\"é\u0085");

    assertEquals(
        "{\"steps\":[{\"status\":429,\"times\":5,"
            + "\"headers\":[[\"Retry-After\",\"5\"],[\"X-A\",\"b\"]]},"
            + "{\"status\":200,\"body\":\"\\\"é\\u0085\"}],\"handshakes\":false}",
        new String(steps.toJson(Optional.of("off")), UTF_8));
  }
}
