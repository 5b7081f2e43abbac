package dev.hookwell.respond;

import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.script.HandshakeMode;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ResponseStep;
import dev.hookwell.capture.script.ScriptException;
import dev.hookwell.capture.script.ScriptSettings;
import dev.hookwell.capture.script.StepInTurn;
import dev.hookwell.intake.Decision;
import dev.hookwell.intake.Handshake;
import dev.hookwell.intake.Received;
import dev.hookwell.intake.Responder;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.StoredScript;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32;

/**
 * Decides by the script in the store, within a second. A store that does not answer by then changes
 * the response and nothing else: the sender gets the script's open step as last read, or the plain
 * response, and the capture gets a note. Thread-safe.
 */
final class ScriptResponder implements Responder {
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int REMEMBERED_HOOKS = 256;
  private static final List<Note> UNAVAILABLE = List.of(Note.RESPONSE_UNAVAILABLE);

  private final ResponseScripts scripts;
  private final ScriptSettings settings;
  private final Clock clock;
  private final EventLog log;
  private final LastScripts last = new LastScripts(REMEMBERED_HOOKS);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  ScriptResponder(ResponseScripts scripts, ScriptSettings settings, Clock clock, EventLog log) {
    this.scripts = scripts;
    this.settings = settings;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Decision decide(Received received) {
    if (takesNoStep(received) && received.handshake().isEmpty()) {
      return Decision.Plain.USUAL;
    }
    Instant deadline = clock.instant().plus(PATIENCE);
    Future<Decision> decision = threads.submit(() -> byScript(received, deadline));
    try {
      return decision.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return withoutScript(received, e);
    } catch (ExecutionException e) {
      return withoutScript(received, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return withoutScript(received, e);
    } finally {
      // A hanging call must not hold the connection that the next request needs.
      decision.cancel(true);
    }
  }

  private static boolean takesNoStep(Received received) {
    return received.method().equals("HEAD") || received.method().equals("OPTIONS");
  }

  private Decision byScript(Received received, Instant deadline) {
    Optional<StoredScript> found = scripts.read(received.hook(), deadline);
    if (found.isEmpty()) {
      last.forget(received.hook());
      return BY_SHAPE.decide(received);
    }
    ResponseScript script = found.get().script();
    last.keep(received.hook(), found.get(), clock.instant());
    Optional<Handshake> handshake = handshake(received, script.handshakes());
    if (handshake.isPresent()) {
      return new Decision.OfHandshake(handshake.get(), List.of());
    }
    if (takesNoStep(received)) {
      return Decision.Plain.USUAL;
    }
    Optional<StepInTurn> step =
        scripts.take(received.hook(), found.get(), share(received.captureId()), deadline);
    return step.<Decision>map(taken -> decision(taken.step(), taken.number(), List.of()))
        .orElse(Decision.Plain.USUAL);
  }

  private static Optional<Handshake> handshake(Received received, HandshakeMode mode) {
    return switch (mode) {
      case ON -> received.handshake();
      case OFF -> Optional.empty();
      case STRAVA -> received.handshake().map(Handshake::asStrava);
    };
  }

  private Decision decision(ResponseStep step, int number, List<Note> notes) {
    Duration longest = settings.longestDelay();
    Duration delay = step.delay().compareTo(longest) > 0 ? longest : step.delay();
    return new Decision.OfScript(step.response(), number, delay, notes);
  }

  private Decision withoutScript(Received received, Throwable failure) {
    String cause =
        failure instanceof ScriptException ? "damaged" : failure.getClass().getSimpleName();
    log.measure(
        "respond.unavailable",
        Map.of("hook", received.hook().logHash(), "cause", cause),
        Map.of("ResponseUnavailable", 1L));
    Instant now = clock.instant();
    Optional<LastScripts.Seen> seen = last.find(received.hook(), now);
    Optional<Handshake> handshake =
        handshake(received, seen.map(LastScripts.Seen::handshakes).orElse(HandshakeMode.ON));
    if (handshake.isPresent()) {
      return new Decision.OfHandshake(handshake.get(), UNAVAILABLE);
    }
    Optional<ResponseStep> open = seen.flatMap(script -> script.success(now));
    return open.isEmpty() || takesNoStep(received)
        ? new Decision.Plain(UNAVAILABLE)
        : decision(open.get(), seen.orElseThrow().number(), UNAVAILABLE);
  }

  /** From 0 to 99, evenly distributed, and always the same for an id. */
  static int share(UUID captureId) {
    CRC32 hash = new CRC32();
    hash.update(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(captureId.getMostSignificantBits())
            .putLong(captureId.getLeastSignificantBits())
            .flip());
    return (int) (hash.getValue() % ResponseScript.SHARES);
  }
}
