package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.InMemoryBodyStore;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.capture.Shows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to hooks, in whatever order, their counts are those of the captures that are
 * there. {@code -Dhookwell.seed=N} repeats a history.
 */
abstract class RandomHistoryContract extends StoreContract {
  private static final int STEPS = 120;
  private static final Duration LIFE = Duration.ofHours(1);
  private static final HookLimits LIMITS = new HookLimits(LIFE, 12, 60_000);

  private final SettableClock clock = new SettableClock(NOW);
  private InMemoryBodyStore objects = new InMemoryBodyStore();
  private long lastId;

  RandomHistoryContract(String url) {
    super(url);
  }

  @BeforeEach
  void emptyTables() {
    PostgresServer.execute(url, "TRUNCATE hooks, captures, bodies, body_objects, store_usage");
    clock.set(NOW);
    objects = new InMemoryBodyStore();
  }

  static IntStream seeds() {
    int seed = Integer.getInteger("hookwell.seed", new Random().nextInt());
    return IntStream.range(seed, seed + 4);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Shows({"F66", "S10b"})
  void countsAreThoseOfTheCapturesThatAreThere(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<HookId> hooks = List.of(anotherHook(), anotherHook(), anotherHook());
    List<Capture> sent = new ArrayList<>();
    CaptureWriter saving = new CaptureWriter(database, LIMITS, clock, Stores.retries(clock));
    CaptureRemoval removing = new CaptureRemoval(database, clock, Stores.retries(clock));
    CaptureReader reading = new CaptureReader(database, LIMITS, clock, Stores.retries(clock));
    for (int step = 0; step < STEPS; step++) {
      String history = "seed " + seed + ", step " + step;
      HookId one = hooks.get(random.nextInt(hooks.size()));
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          List<Capture> batch = new ArrayList<>();
          for (int i = 0; i < 1 + random.nextInt(6); i++) {
            batch.add(
                !sent.isEmpty() && random.nextInt(6) == 0
                    ? pick(sent, random)
                    : capture(hooks.get(random.nextInt(hooks.size())), random));
          }
          sent.addAll(batch);
          saving.save(batch, clock.instant().plusSeconds(60));
        }
        case 4, 5 -> {
          long last = reading.hook(one.uid()).map(HookState::lastSeq).orElse(0L);
          removing.deleteOne(one.uid(), 1 + random.nextLong(last + 1));
        }
        case 6 -> {
          if (random.nextInt(3) == 0) {
            removing.clear(one, clock.instant());
          }
        }
        case 7 -> clock.pass(Duration.ofMinutes(random.nextInt(20)));
        case 8 -> retain(Long.MAX_VALUE);
        default -> {
          if (random.nextInt(20) == 0) {
            removing.deleteHook(one);
          } else {
            retain(1 + random.nextInt(40_000));
          }
        }
      }
      assertEquals(0, wrongRows(), history);
      assertTrue(objects.keys().containsAll(pointedTo()), history + ": a row points to nothing");
      for (HookId hook : hooks) {
        reading
            .hook(hook.uid())
            .ifPresent(state -> {
              assertTrue(state.available() >= 0 && state.bytes() >= 0, history);
              assertTrue(
                  reading.after(state, 0, 1000).size() <= state.available(),
                  history + ": more is read than there is");
            });
      }
    }
  }

  /** With a bound on the bytes of all hooks. */
  private void retain(long storedBytes) {
    // The count of the run before is not waited for.
    PostgresServer.execute(url, "DELETE FROM store_usage");
    new Retention(
            database,
            LIMITS,
            new StoreLimits(1000, storedBytes),
            Optional.of(objects),
            new Retention.Batches(2, 4, 3),
            Duration.ofSeconds(10),
            clock,
            Stores.retries(clock))
        .run(clock.instant().plusSeconds(60));
    long bytes = PostgresServer.number(url, "SELECT coalesce(sum(stored_bytes), 0) FROM hooks");
    assertTrue(bytes <= storedBytes, bytes + " bytes are left of " + storedBytes);
    assertEquals(bytes, PostgresServer.number(url, "SELECT stored_bytes FROM store_usage"));
    assertEquals(pointedTo(), objects.keys(), "an object outlived its row by a run");
  }

  /** The objects that a row points to, whether it can be read or not. */
  private Set<ObjectKey> pointedTo() {
    Set<ObjectKey> keys = new TreeSet<>(Comparator.comparing(ObjectKey::path));
    PostgresServer.texts(
            url, "SELECT hook_id || '/' || capture_id FROM captures WHERE body_enc = 3")
        .forEach(path -> {
          String[] ids = path.split("/", 2);
          keys.add(new ObjectKey(HookUid.parse(ids[0]), UUID.fromString(ids[1])));
        });
    return keys;
  }

  private Capture capture(HookId hook, SplittableRandom random) {
    int size = random.nextInt(3) == 0 ? random.nextInt(20_000) : random.nextInt(300);
    Capture plain = Captures.capture(hook, ++lastId, new byte[size]);
    CapturedBody body = plain.body();
    CapturedBody kept =
        switch (random.nextInt(4)) {
          case 0 -> new CapturedBody(BodyEncoding.NONE, Body.EMPTY, body.size(), body.sha256());
          // What it holds is nobody's concern here.
          case 1 ->
              new CapturedBody(
                  BodyEncoding.GZIP, Body.copyOf(new byte[size / 3]), body.size(), body.sha256());
          case 2 -> {
            objects.put(ObjectKey.of(plain), body.data(), body.sha256());
            yield new CapturedBody(BodyEncoding.OBJECT, Body.EMPTY, body.size(), body.sha256());
          }
          default -> body;
        };
    Instant receivedAt = clock.instant().minus(Duration.ofMinutes(random.nextInt(10)));
    return new Capture(
        plain.id(), hook, receivedAt.plusMillis(lastId), plain.request(), kept, List.<Note>of());
  }

  private static Capture pick(List<Capture> captures, SplittableRandom random) {
    return captures.get(random.nextInt(captures.size()));
  }
}
