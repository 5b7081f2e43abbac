package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.CorruptBodyException;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.store.StoredCapture;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Bodies as they were delivered, from their rows or from the body store. */
final class KeptBodies {
  private final Optional<BodyStore> apart;
  private final Clock clock;
  private final EventLog log;

  /**
   * @param apart the store of large bodies; empty where there is none
   */
  KeptBodies(Optional<BodyStore> apart, Clock clock, EventLog log) {
    this.apart = apart;
    this.clock = clock;
    this.log = log;
  }

  /**
   * The bytes, or nothing when they were not kept, or were deleted together with their row.
   *
   * @param isThere whether the row still exists; called only where the bytes are missing
   * @param deadline when a wait for the bytes has to end; without time for {@link
   *     BodyStore#READ_PATIENCE} the body store is not called
   * @throws ProblemException when they cannot be read, or are not those that were delivered
   */
  Optional<Body> delivered(
      StoredCapture capture, CapturedBody body, BooleanSupplier isThere, Instant deadline) {
    if (body.encoding() == BodyEncoding.OBJECT) {
      return object(capture, body, isThere, deadline);
    }
    try {
      return body.delivered();
    } catch (CorruptBodyException _) {
      throw damaged(
          capture,
          "altered",
          "What is there does not unpack to what was received; it is not shown.");
    }
  }

  private BodyStore.Got get(StoredCapture capture, CapturedBody body, Instant deadline) {
    if (apart.isEmpty()) {
      return new BodyStore.Got.Unavailable("not-configured");
    }
    if (clock.instant().plus(BodyStore.READ_PATIENCE).isAfter(deadline)) {
      return new BodyStore.Got.Unavailable("no-time");
    }
    ObjectKey key = new ObjectKey(capture.hook(), capture.id());
    return apart.get().get(key, body.size(), body.sha256());
  }

  private Optional<Body> object(
      StoredCapture capture, CapturedBody body, BooleanSupplier isThere, Instant deadline) {
    return switch (get(capture, body, deadline)) {
      case BodyStore.Got.Found(Body bytes) -> Optional.of(bytes);
      case BodyStore.Got.Missing _ -> {
        // Deleted or evicted since its row was read.
        if (!isThere.getAsBoolean()) {
          yield Optional.empty();
        }
        throw damaged(capture, "missing", "Its bytes are no longer where they were kept.");
      }
      case BodyStore.Got.Damaged _ ->
          throw damaged(
              capture,
              "altered",
              "What is there has another size or another SHA-256; it is not shown.");
      case BodyStore.Got.Unavailable(String cause) -> {
        log.warn("api.body-unavailable", Map.of("captureId", capture.id(), "cause", cause));
        throw new ProblemException(
            ProblemType.BODY_UNAVAILABLE, "Its bytes lie apart from its row. Try again later.");
      }
    };
  }

  private ProblemException damaged(StoredCapture capture, String cause, String detail) {
    log.measure(
        "api.body-damaged",
        Map.of("captureId", capture.id(), "cause", cause, "bodySize", capture.bodySize()),
        Map.of("BodyDamaged", 1L));
    return new ProblemException(ProblemType.BODY_DAMAGED, detail);
  }
}
