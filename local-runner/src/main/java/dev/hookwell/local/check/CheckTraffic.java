package dev.hookwell.local.check;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.HookState;
import dev.hookwell.store.Retries;
import dev.hookwell.store.SaveOutcome;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The captures that {@link DatabaseCheck} writes to one hook and reads again, by the store's own
 * writer and reader, and the checks of the results. Thread-safe.
 */
final class CheckTraffic {
  static final int CONNECTIONS = 8;

  private static final int BATCHES_EACH = 5;
  private static final int BATCH = 25;

  /** One in so many captures has a body that is kept apart from its row. */
  private static final int LARGE_EVERY = 20;

  /** Lengths of bodies, in ids of 37 characters. */
  private static final int LARGE = 600;

  private static final int SMALL = 5;
  private static final int PAGE = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Clock clock;
  private final HookId hook;
  private final CaptureIds ids;
  private final AtomicInteger conflicts = new AtomicInteger();
  private final Retries retries;
  private final Map<UUID, Capture> sent = new ConcurrentHashMap<>();
  private final Queue<Capture> largeOnes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger expected = new AtomicInteger(Integer.MAX_VALUE);

  CheckTraffic(Clock clock, SecureRandom random) {
    this.clock = clock;
    byte[] key = new byte[32];
    random.nextBytes(key);
    this.hook =
        HookKeys.parse("1:" + Base64.getUrlEncoder().withoutPadding().encodeToString(key))
            .issue(clock.instant().plus(Duration.ofDays(1)), random);
    this.ids = new CaptureIds(clock, random);
    this.retries =
        new Retries(
            clock,
            random,
            pause -> {
              conflicts.incrementAndGet();
              Thread.sleep(pause);
            });
  }

  /** The database did something that it must not do. */
  static final class BrokenPromiseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenPromiseException(String message) {
      super(message);
    }
  }

  HookId hook() {
    return hook;
  }

  /** These count the conflicts that {@link #write} reports. */
  Retries retries() {
    return retries;
  }

  Instant deadline() {
    return clock.instant().plus(PATIENCE);
  }

  /** Writes to one hook from as many connections at once as Hookwell may use. */
  String write(Database database) {
    int before = conflicts.get();
    Instant start = clock.instant();
    CaptureWriter writer = writer(database);
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      writers.add(() -> {
        for (int batch = 0; batch < BATCHES_EACH; batch++) {
          List<Capture> captures = newCaptures();
          for (SaveOutcome outcome : writer.save(captures, deadline())) {
            require(outcome == SaveOutcome.STORED, "a new capture was " + outcome);
          }
        }
        return true;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (Future<Boolean> done : threads.invokeAll(writers)) {
        await(done);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return "%d captures to one hook from %d connections in %d ms, %d conflicts repeated"
        .formatted(
            CONNECTIONS * BATCHES_EACH * BATCH,
            CONNECTIONS,
            Duration.between(start, clock.instant()).toMillis(),
            conflicts.get() - before);
  }

  private List<Capture> newCaptures() {
    List<Capture> captures = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      UUID id = ids.next();
      boolean large = i % LARGE_EVERY == 0;
      byte[] bytes = (id + " ").repeat(large ? LARGE : SMALL).getBytes(StandardCharsets.US_ASCII);
      Capture capture =
          new Capture(
              id,
              hook,
              clock.instant().truncatedTo(ChronoUnit.MILLIS),
              new RequestHead(
                  "apigw-http-2.0",
                  "POST",
                  HookPath.PLAIN.to(hook.text()),
                  "",
                  "HTTP/1.1",
                  "192.0.2.1",
                  List.of(new Header("content-type", "text/plain")),
                  List.of()),
              CapturedBody.of(Body.copyOf(bytes)),
              List.of());
      captures.add(capture);
      sent.put(id, capture);
      if (large) {
        largeOnes.add(capture);
      }
    }
    return captures;
  }

  /** Writes some of the captures a second time. */
  String writeAgain(Database database) {
    List<Capture> some = sent.values().stream().limit(BATCH).toList();
    List<SaveOutcome> outcomes = writer(database).save(some, deadline());
    require(
        outcomes.stream().allMatch(SaveOutcome.DUPLICATE::equals),
        "storing again gave " + outcomes);
    return BATCH + " captures a second time: none stored twice";
  }

  /** Starts a reader that goes on until it has seen all captures sent before {@link #allIsSent}. */
  Future<List<UUID>> startReading(Database database) {
    CaptureReader reader = reader(database);
    return CompletableFuture.supplyAsync(() -> readByCursor(reader));
  }

  void allIsSent() {
    expected.set(sent.size());
  }

  String checkWhatWasSeen(Future<List<UUID>> reader) {
    List<UUID> seen = await(reader);
    require(seen.size() == sent.size(), seen.size() + " of " + sent.size() + " were seen");
    require(new HashSet<>(seen).equals(sent.keySet()), "others were seen than were sent");
    return "by cursor, beside the writers: 1 to " + seen.size() + ", none missed, none twice";
  }

  /**
   * Reads by cursor until {@code expected} captures were seen. Each number has to follow the one
   * before.
   */
  private List<UUID> readByCursor(CaptureReader reader) {
    List<UUID> seen = new ArrayList<>();
    Instant end = deadline().plus(PATIENCE);
    while (seen.size() < expected.get()) {
      require(clock.instant().isBefore(end), "only " + seen.size() + " were seen");
      pause();
      reader
          .hook(hook.uid())
          .ifPresent(state ->
              reader
                  .after(state, seen.size(), PAGE)
                  .forEach(capture -> {
                    require(
                        capture.seq() == seen.size() + 1,
                        "after %d came %d".formatted(seen.size(), capture.seq()));
                    seen.add(capture.id());
                  }));
    }
    return seen;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  String checkBodies(Database database) {
    CaptureReader reader = reader(database);
    HookState state = state(reader);
    for (Capture capture : largeOnes) {
      boolean same =
          reader
              .byId(state, capture.id())
              .flatMap(stored -> reader.body(state, stored.seq()))
              .flatMap(CapturedBody::delivered)
              .equals(capture.body().delivered());
      require(same, "a body did not come back as it was stored");
    }
    return largeOnes.size() + " that are kept apart from their rows, byte for byte";
  }

  String checkCounts(Database database, int dropped) {
    HookState state = state(reader(database));
    require(state.lastSeq() == sent.size(), "the last number is " + state.lastSeq());
    require(state.available() == sent.size(), state.available() + " are available");
    long bytes = sent.values().stream().mapToLong(c -> c.body().size()).sum();
    require(state.bytes() == bytes, state.bytes() + " bytes are counted, not " + bytes);
    require(state.dropped() == dropped, "the conflict counted to " + state.dropped());
    return state.available() + " captures, " + state.bytes() + " bytes, as sent";
  }

  private HookState state(CaptureReader reader) {
    return reader
        .hook(hook.uid())
        .orElseThrow(() -> new BrokenPromiseException("the hook has no row"));
  }

  private CaptureWriter writer(Database database) {
    return new CaptureWriter(database, HookLimits.DEFAULT, clock, retries);
  }

  private CaptureReader reader(Database database) {
    return new CaptureReader(database, HookLimits.DEFAULT, clock, retries);
  }

  private static <T> T await(Future<T> result) {
    try {
      return result.get(PATIENCE.multipliedBy(2).toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException e) {
      throw new BrokenPromiseException("it did not end in time");
    } catch (ExecutionException e) {
      // The other thread's exception is one of ours, or a bug.
      throw e.getCause() instanceof RuntimeException ours ? ours : new IllegalStateException(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }

  static void require(boolean kept, String otherwise) {
    if (!kept) {
      throw new BrokenPromiseException(otherwise);
    }
  }
}
