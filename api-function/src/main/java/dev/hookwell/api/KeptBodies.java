package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.store.StoredCapture;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Bodies as they were delivered, wherever their bytes lie. */
final class KeptBodies {
  private final Optional<BodyStore> apart;
  private final EventLog log;

  /**
   * @param apart where large bodies lie; empty where there are none
   */
  KeptBodies(Optional<BodyStore> apart, EventLog log) {
    this.apart = apart;
    this.log = log;
  }

  /**
   * The bytes, or nothing when they were not kept, or are gone together with their row.
   *
   * @param isThere whether the row is still there; asked only where the bytes are not
   * @throws ProblemException when they lie apart and cannot be read, or are not those that were
   *     delivered
   */
  Optional<Body> delivered(StoredCapture capture, CapturedBody body, BooleanSupplier isThere) {
    return body.encoding() == BodyEncoding.OBJECT
        ? object(capture, body, isThere)
        : body.delivered();
  }

  private Optional<Body> object(StoredCapture capture, CapturedBody body, BooleanSupplier isThere) {
    ObjectKey key = new ObjectKey(capture.hook(), capture.id());
    BodyStore.Got got =
        apart
            .map(store -> store.get(key, body.size(), body.sha256()))
            .orElseGet(() -> new BodyStore.Got.Unavailable("not-configured"));
    return switch (got) {
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
