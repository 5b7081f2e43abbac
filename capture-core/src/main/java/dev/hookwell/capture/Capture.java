package dev.hookwell.capture;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One recorded HTTP request.
 *
 * @param id UUIDv7, made once in ingest; storing is idempotent by it
 * @param receivedAt the edge's own time, in milliseconds
 * @param response empty for the plain 200
 */
public record Capture(
    UUID id,
    HookId hook,
    Instant receivedAt,
    RequestHead request,
    CapturedBody body,
    Optional<DecidedResponse> response,
    List<Note> notes) {
  public Capture {
    notes = List.copyOf(notes);
  }

  /** A capture whose sender gets the plain 200. */
  public Capture(
      UUID id,
      HookId hook,
      Instant receivedAt,
      RequestHead request,
      CapturedBody body,
      List<Note> notes) {
    this(id, hook, receivedAt, request, body, Optional.empty(), notes);
  }

  /** The same capture with this response. */
  public Capture with(Optional<DecidedResponse> decided) {
    return with(decided, List.of());
  }

  /** The same capture with this response, and with these notes besides its own. */
  public Capture with(Optional<DecidedResponse> decided, List<Note> more) {
    List<Note> all = Stream.concat(notes.stream(), more.stream()).toList();
    return new Capture(id, hook, receivedAt, request, body, decided, all);
  }
}
