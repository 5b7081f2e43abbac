package dev.hookwell.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.store.CaptureList;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureRemoval;
import dev.hookwell.store.HookState;
import dev.hookwell.store.Sleeper;
import dev.hookwell.store.StoredCapture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.Function;

/** Lists captures, shows one, and deletes one or all. */
final class CaptureCalls {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final CaptureReader reader;
  private final CaptureRemoval removal;
  private final KeptBodies bodies;
  private final SearchMode search;
  private final Duration longestWait;
  private final Clock clock;
  private final Sleeper sleeper;

  CaptureCalls(
      CaptureReader reader,
      CaptureRemoval removal,
      KeptBodies bodies,
      SearchMode search,
      Duration longestWait,
      Clock clock,
      Sleeper sleeper) {
    this.reader = reader;
    this.removal = removal;
    this.bodies = bodies;
    this.search = search;
    this.longestWait = longestWait;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * @param deadline when a wait has to end, before the invocation does
   */
  GatewayResponse list(GatewayRequest request, HookId hook, Instant deadline) {
    ListQuery query = ListQuery.of(request);
    if (!query.filters().isNone()) {
      return find(hook, query, deadline);
    }
    HookState state = state(hook);
    ETag known = ETag.of(state, query);
    if (query.waitFor().isZero()) {
      Optional<String> unchanged =
          known.match(request.header("if-none-match").orElse(""), clock.instant());
      if (unchanged.isPresent()) {
        return GatewayResponse.empty(304).with(Map.of("etag", unchanged.get(), "vary", "accept"));
      }
    }
    Looked looked = await(hook, query, state, deadline, now -> read(query, now));
    CapturePage page = CapturePage.of(hook, looked.found(), query, looked.state(), reader);
    boolean timedOut = looked.found().captures().isEmpty() && !query.waitFor().isZero();
    long next = page.lastSeq().orElse(query.cursor());
    return (query.ndjson()
            ? ndjson(page)
            : json(page, looked.state(), next, page.more(), timedOut, Optional.empty()))
        .with(
            Map.of(
                "etag",
                ETag.of(looked.state(), query).text(looked.found().firstExpiry()),
                "vary",
                "accept"));
  }

  /**
   * The captures that meet filters. The response has no ETag: to check one, all bodies would have
   * to be searched again.
   */
  private GatewayResponse find(HookId hook, ListQuery query, Instant deadline) {
    CaptureSearch going = new CaptureSearch(reader::bodies, hook, query, search);
    Looked looked = await(hook, query, state(hook), deadline, now -> going.look(now, this::read));
    CaptureList found = looked.found();
    CapturePage page = CapturePage.of(hook, found, going.senders(), query, looked.state(), reader);
    boolean cut = page.captures().size() < found.captures().size();
    long next = cut ? page.lastSeq().orElseThrow() : going.lastLooked();
    boolean timedOut = found.captures().isEmpty() && !found.more() && !query.waitFor().isZero();
    return (query.ndjson()
            ? ndjson(page)
            : json(
                page,
                looked.state(),
                next,
                page.more(),
                timedOut,
                Optional.of(going.partialUpTo(next))))
        .with(Map.of("vary", "accept"));
  }

  /**
   * The result of a read.
   *
   * @param state the hook's state at that time
   */
  private record Looked(HookState state, CaptureList found) {}

  /** Reads until there are captures, or more to search in another call, or the time is up. */
  private Looked await(
      HookId hook,
      ListQuery query,
      HookState first,
      Instant deadline,
      Function<HookState, CaptureList> look) {
    Duration wait = query.waitFor().compareTo(longestWait) < 0 ? query.waitFor() : longestWait;
    Instant until = earlier(clock.instant().plus(wait), deadline);
    HookState state = first;
    CaptureList found = look.apply(state);
    Duration pause = FIRST_PAUSE;
    while (found.captures().isEmpty() && !found.more() && pauseUntil(until, pause)) {
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      HookState now = state(hook);
      if (now.revision() != state.revision()) {
        state = now;
        found = look.apply(state);
      }
    }
    return new Looked(state, found);
  }

  /** Reads no more than a response can hold, since all of it is in memory. */
  private CaptureList read(ListQuery query, HookState state) {
    long from = query.after().or(query::before).orElse(Long.MAX_VALUE);
    return read(state, query.after().isPresent(), from, query.limit());
  }

  private CaptureList read(HookState state, boolean ascending, long from, int limit) {
    if (state.available() == 0) {
      return CaptureList.EMPTY;
    }
    return ascending
        ? reader.listAfter(state, from, limit, CapturePage.MAX_BYTES)
        : reader.listBefore(state, from, limit, CapturePage.MAX_BYTES);
  }

  /** False when the time is up. Holds no connection. */
  private boolean pauseUntil(Instant until, Duration pause) {
    Duration left = Duration.between(clock.instant(), until);
    if (left.isZero() || left.isNegative()) {
      return false;
    }
    try {
      sleeper.sleep(left.compareTo(pause) < 0 ? left : pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static GatewayResponse json(
      CapturePage page,
      HookState state,
      long next,
      boolean more,
      boolean timedOut,
      Optional<SortedSet<Long>> partial) {
    return GatewayResponse.json(
        200,
        json -> {
          json.writeArrayFieldStart("captures");
          for (byte[] capture : page.captures()) {
            json.writeRawValue(new String(capture, StandardCharsets.UTF_8));
          }
          json.writeEndArray();
          json.writeNumberField("next", next);
          json.writeBooleanField("more", more);
          json.writeBooleanField("timedOut", timedOut);
          if (partial.isPresent()) {
            json.writeArrayFieldStart("partial");
            for (long seq : partial.get()) {
              json.writeNumber(seq);
            }
            json.writeEndArray();
          }
          CaptureJson.counts(json, state);
        });
  }

  private static GatewayResponse ndjson(CapturePage page) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try {
      for (byte[] capture : page.captures()) {
        lines.write(capture);
        lines.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return GatewayResponse.text(200, "application/x-ndjson", Body.copyOf(lines.toByteArray()));
  }

  GatewayResponse show(HookId hook, String ref) {
    HookState state = state(hook);
    StoredCapture capture = find(state, ref);
    Optional<CapturedBody> body =
        CaptureJson.showsData(capture)
            ? reader.body(state, capture.seq()).filter(CaptureJson::isReadable)
            : Optional.empty();
    return GatewayResponse.json(200, json -> whole(json, hook, capture, body));
  }

  private static void whole(
      JsonGenerator json, HookId hook, StoredCapture capture, Optional<CapturedBody> body)
      throws IOException {
    Optional<Sender> sender = Sender.of(capture).map(known -> known.completedBy(body));
    CaptureJson.summary(json, hook, capture, sender);
    CaptureJson.headers(json, capture);
    CaptureJson.body(json, capture, body);
  }

  /**
   * @param deadline when a wait for the body has to end
   */
  GatewayResponse body(HookId hook, String ref, Instant deadline) {
    HookState state = state(hook);
    StoredCapture capture = find(state, ref);
    if (capture.bodyEncoding() == BodyEncoding.NONE) {
      throw new ProblemException(
          ProblemType.BODY_NOT_KEPT,
          "It was over the limit: its size and SHA-256 were kept, its bytes were not.");
    }
    Body bytes =
        reader
            .body(state, capture.seq())
            .flatMap(body ->
                bodies.delivered(
                    capture,
                    body,
                    () -> reader.bySeq(state(hook), capture.seq()).isPresent(),
                    deadline))
            .orElseThrow(CaptureCalls::notFound);
    return GatewayResponse.binary(200, "application/octet-stream", bytes)
        .with(
            Map.of(
                "content-disposition",
                "attachment; filename=\"" + capture.id() + ".bin\"",
                "content-security-policy",
                "sandbox; default-src 'none'"));
  }

  /** Deletes all captures received until now, including those still on their way to the store. */
  GatewayResponse clear(GatewayRequest request, HookId hook) {
    state(hook);
    // By the gateway's clock, from which the captures' times of receipt come, too.
    removal.clear(hook, request.receivedAt());
    return GatewayResponse.empty(204);
  }

  GatewayResponse delete(HookId hook, String ref) {
    StoredCapture capture = find(state(hook), ref);
    if (!removal.deleteOne(hook.uid(), capture.seq())) {
      throw notFound();
    }
    return GatewayResponse.empty(204);
  }

  private HookState state(HookId hook) {
    return HookCalls.state(hook, reader.hook(hook.uid()));
  }

  /** A capture by its id or number, or the latest one. */
  private StoredCapture find(HookState state, String ref) {
    OptionalLong number = number(ref);
    Optional<StoredCapture> found;
    if (ref.equals("latest")) {
      found = reader.latest(state);
    } else if (number.isPresent()) {
      found = reader.bySeq(state, number.getAsLong());
    } else {
      found = uuid(ref).flatMap(id -> reader.byId(state, id));
    }
    return found.orElseThrow(CaptureCalls::notFound);
  }

  /** The capture's number, if {@code ref} is one. */
  static OptionalLong number(String ref) {
    return ref.matches("[1-9][0-9]{0,17}")
        ? OptionalLong.of(Long.parseLong(ref))
        : OptionalLong.empty();
  }

  private static Optional<UUID> uuid(String text) {
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.toString().equals(text) ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(
        ProblemType.CAPTURE_NOT_FOUND,
        "It never was, was deleted, was evicted, or its time is over.");
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
