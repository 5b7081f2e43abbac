package dev.hookwell.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hookwell.capture.BadEventException;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.GatewayEvent;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.Origin;
import dev.hookwell.capture.Shows;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** From the bytes of an event to the capture that persist reads: nothing fails, nothing changes. */
final class EventFuzzTest {
  private static final Set<Integer> STATUSES = Set.of(200, 400, 404, 410, 413, 431);

  private final Clock clock = Clock.fixed(Captures.RECEIVED_AT, ZoneOffset.UTC);
  private final CaptureIds ids = new CaptureIds(clock, new Random(1));

  @FuzzTest(maxDuration = "3m")
  @Shows({"H43", "S09"})
  void anEventIsRefusedOrItsCaptureArrivesAsItWasDelivered(byte[] event) {
    List<String> log = new ArrayList<>();
    InMemoryCaptureQueue queue = new InMemoryCaptureQueue();
    Intake intake =
        new Intake(
            HookPath.PLAIN,
            IntakeSettings.from(new Environment(Map.of("HOOK_KEYS", Captures.HOOK_KEYS))),
            queue,
            Optional.empty(),
            ids,
            clock,
            new EventLog(log::add, clock),
            Responder.BY_SHAPE);

    int status = intake.respond(new ByteArrayInputStream(event)).response().status();

    assertTrue(STATUSES.contains(status), () -> status + " " + log);
    log.forEach(EventFuzzTest::assertPrintableAscii);
    queue.drain().forEach(EventFuzzTest::assertPrintableAscii);
    read(event)
        .ifPresent(request -> {
          assertArrives(request, Origin.UNPROVEN);
          assertArrives(request, Origin.PROVEN);
        });
  }

  private void assertArrives(GatewayRequest request, Origin origin) {
    Capture recorded = new Recorder(ids).record(Captures.hook(1), request, origin);
    Envelope envelope = EnvelopeWriter.write(recorded);

    assertPrintableAscii(envelope.text());
    assertEquals(
        new EnvelopeReading.Read(envelope.capture()), EnvelopeReader.read(envelope.text()));
    assertEquals(recorded.request(), envelope.capture().request());
    assertEquals(request.method(), recorded.request().method());
    assertEquals(request.query(), recorded.request().query());
    assertEquals(request.cookies(), recorded.request().cookies());
    if (origin == Origin.UNPROVEN) {
      assertEquals(request.path(), recorded.request().path());
      // An edge's secret is never captured.
      assertEquals(
          request.headers().stream().filter(h -> !h.name().equals("x-hookwell-origin")).toList(),
          recorded.request().headers());
      assertEquals(request.sourceIp(), recorded.request().sourceIp());
    }
    assertEquals(delivered(request, recorded), envelope.capture().body().delivered().orElseThrow());
  }

  private static Body delivered(GatewayRequest request, Capture capture) {
    boolean decoded = request.bodyIsBase64() && !capture.notes().contains(Note.BODY_NOT_BASE64);
    return Body.copyOf(
        decoded
            ? Base64.getDecoder().decode(request.bodyText())
            : request.bodyText().getBytes(UTF_8));
  }

  private static Optional<GatewayRequest> read(byte[] event) {
    try {
      return Optional.of(GatewayEvent.read(new ByteArrayInputStream(event)));
    } catch (BadEventException e) {
      return Optional.empty();
    }
  }

  private static void assertPrintableAscii(String text) {
    assertTrue(text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E), text);
  }
}
