package dev.hookwell.intake;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.HookPath;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that get a line in the log. */
final class IntakeLogTest {
  private static final Events REQUEST = event("GET", "/h/" + Captures.hook(1).text());

  private final InMemoryCaptureQueue queue = new InMemoryCaptureQueue();
  private final List<String> log = new ArrayList<>();
  private final Clock clock = Clock.fixed(Captures.RECEIVED_AT, ZoneOffset.UTC);

  @Test
  void allThatWereKeptAreLoggedUnlessTheLogIsToHaveFewer() {
    send(intake(Map.of()), REQUEST, 50);

    assertEquals(keptIds(), loggedIds());
  }

  @Test
  void oneInSoManyThatWereKeptIsLoggedByTheLastBitsOfItsId() {
    send(intake(Map.of("LOG_ONE_IN", "4")), REQUEST, 400);

    List<UUID> kept = keptIds();
    assertEquals(400, kept.size());
    List<UUID> logged = loggedIds();
    assertEquals(
        kept.stream().filter(id -> id.getLeastSignificantBits() % 4 == 0).toList(), logged);
    assertTrue(logged.size() > 60 && logged.size() < 140, () -> logged.size() + " of 400");
  }

  @Test
  void allThatWereRefusedOrNotKeptAreLogged() {
    Intake intake = intake(Map.of("LOG_ONE_IN", "1000000"));

    send(intake, event("GET", "/h/nothing"), 3);
    assertEquals(3, linesOf("ingest.refused"));

    queue.goDown();
    send(intake, REQUEST, 3);
    assertEquals(3, linesOf("ingest.not-kept"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1000001", "99999999999999999999", "1.5", "all"})
  void aNumberThatIsNoneIsRefused(String number) {
    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> intake(Map.of("LOG_ONE_IN", number)));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith("LOG_ONE_IN"));
  }

  private Intake intake(Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("HOOK_KEYS", Captures.HOOK_KEYS);
    return new Intake(
        HookPath.PLAIN,
        IntakeSettings.from(new Environment(environment)),
        queue,
        Optional.empty(),
        new CaptureIds(clock, new Random(5)),
        clock,
        new EventLog(log::add, clock),
        Responder.BY_SHAPE);
  }

  private static void send(Intake intake, Events request, int times) {
    for (int i = 0; i < times; i++) {
      assertFalse(intake.respond(request.open()).response().headers().isEmpty());
    }
  }

  private List<UUID> keptIds() {
    return queue.messages().stream()
        .map(message ->
            assertInstanceOf(EnvelopeReading.Read.class, EnvelopeReader.read(message))
                .capture()
                .id())
        .toList();
  }

  private List<UUID> loggedIds() {
    return log.stream()
        .map(line -> UUID.fromString(line.replaceFirst(".*\"captureId\":\"([^\"]+)\".*", "$1")))
        .toList();
  }

  private long linesOf(String event) {
    return log.stream().filter(line -> line.contains("\"event\":\"" + event + "\"")).count();
  }
}
