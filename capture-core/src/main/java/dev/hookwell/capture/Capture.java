package dev.hookwell.capture;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One recorded HTTP request.
 *
 * @param id UUIDv7, made once in ingest; storing is idempotent by it
 * @param receivedAt the edge's own time, in milliseconds
 */
public record Capture(
    UUID id,
    HookId hook,
    Instant receivedAt,
    CapturedRequest request,
    CapturedBody body,
    List<Note> notes) {
  public Capture {
    notes = List.copyOf(notes);
  }
}
