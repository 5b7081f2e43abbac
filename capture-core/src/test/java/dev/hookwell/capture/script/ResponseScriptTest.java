package dev.hookwell.capture.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ResponseScriptTest {
  private static final Instant SET = Instant.parse("2026-11-24T08:00:00Z");

  @Test
  void aCountedStepLastsForItsNumberOfRequests() {
    ResponseScript script =
        script("{\"status\":503,\"times\":3},{\"status\":429,\"times\":2},{\"status\":200}");

    assertEquals(List.of(1), inTurn(script, 0, Duration.ZERO));
    assertEquals(List.of(1), inTurn(script, 2, Duration.ZERO));
    assertEquals(List.of(2), inTurn(script, 3, Duration.ZERO));
    assertEquals(List.of(2), inTurn(script, 4, Duration.ZERO));
    assertEquals(List.of(3), inTurn(script, 5, Duration.ZERO));
    assertEquals(3, script.inTurn(3, SET, SET).getFirst().before());
  }

  @Test
  void aStepLastsForItsTimeOrUntilIt() {
    ResponseScript script =
        script(
            "{\"status\":503,\"for\":\"PT2M\"},{\"status\":500,\"until\":\"2026-11-24T08:05:00Z\"},"
                + "{\"status\":200}");

    assertEquals(List.of(1), inTurn(script, 0, Duration.ofSeconds(119)));
    assertEquals(List.of(2), inTurn(script, 0, Duration.ofMinutes(2)));
    assertEquals(List.of(2), inTurn(script, 0, Duration.ofSeconds(299)));
    assertEquals(List.of(3), inTurn(script, 0, Duration.ofMinutes(5)));
  }

  @Test
  void sharesFollowOneAnotherAndTheFirstCertainStepEndsTheTurn() {
    ResponseScript script =
        script(
            "{\"status\":500,\"percent\":30},{\"status\":429,\"percent\":20},{\"status\":503,\"times\":1},"
                + "{\"status\":200}");

    assertEquals(List.of(1, 2, 3), inTurn(script, 0, Duration.ZERO));
    assertEquals(List.of(1, 2, 4), inTurn(script, 1, Duration.ZERO));
    assertEquals(30, script.inTurn(0, SET, SET).get(1).before());
  }

  @Test
  void afterADayEverythingThatFailsIsPassedOver() {
    ResponseScript script =
        script(
            "{\"status\":503,\"times\":1000},{\"status\":500,\"percent\":50},{\"status\":202,\"times\":5},"
                + "{\"status\":200,\"delay\":\"PT0.999S\",\"times\":1},{\"status\":200,\"delay\":\"PT1S\"}");
    Duration day = Duration.ofHours(24);

    assertEquals(List.of(1), inTurn(script, 0, day.minusMillis(1)));
    assertEquals(List.of(3), inTurn(script, 0, day));
    assertEquals(1000, script.inTurn(0, SET, SET.plus(day)).getFirst().before());
    assertEquals(List.of(4), inTurn(script, 1005, day));
    assertEquals(List.of(), inTurn(script, 1006, day));
    assertEquals(List.of(2, 5), inTurn(script, 1006, day.minusMillis(1)));
    assertEquals(Optional.of(SET.plus(day)), script.failuresEndAt(SET));
    assertEquals(Optional.empty(), script("{\"status\":299}").failuresEndAt(SET));
  }

  private static List<Integer> inTurn(ResponseScript script, long taken, Duration after) {
    return script.inTurn(taken, SET, SET.plus(after)).stream().map(StepInTurn::number).toList();
  }

  private static ResponseScript script(String steps) {
    return ScriptReader.read(
        ("{\"steps\":[" + steps + "]}").getBytes(StandardCharsets.UTF_8),
        Duration.ofSeconds(3),
        SET);
  }
}
