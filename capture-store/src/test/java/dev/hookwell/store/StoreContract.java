package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A store, a fresh hook for every test, and words for what tests do with them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {
  static final int WRITERS = 8;
  static final Instant NOW = Captures.RECEIVED_AT.plusSeconds(3600);
  static final Instant DEADLINE = NOW.plusSeconds(60);
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  final String url;
  final Database database;
  final CaptureWriter writer;
  final CaptureReader reader;
  final CaptureRemoval removal;

  /** Pauses after a conflict with another transaction. */
  final AtomicInteger conflicts = new AtomicInteger();

  HookId hook = Captures.hook(1);
  private int lastHook = 1;

  StoreContract(String url) {
    this.url = url;
    this.database = Stores.open(url, WRITERS + 2);
    Retries retries =
        new Retries(
            CLOCK,
            new Random(1),
            pause -> {
              conflicts.incrementAndGet();
              Thread.sleep(pause);
            });
    this.writer = new CaptureWriter(database, HookLimits.DEFAULT, CLOCK, retries);
    this.reader = readerAt(CLOCK);
    this.removal = new CaptureRemoval(database, CLOCK, Stores.retries(CLOCK));
  }

  @AfterAll
  void closePool() {
    database.close();
  }

  @BeforeEach
  void freshHook() {
    hook = anotherHook();
  }

  final HookId anotherHook() {
    return Captures.hook(++lastHook);
  }

  final CaptureReader readerAt(Clock clock) {
    return new CaptureReader(database, HookLimits.DEFAULT, clock, Stores.retries(clock));
  }

  final Capture capture(long id) {
    return Captures.capture(hook, id, ("body " + id).getBytes(StandardCharsets.UTF_8));
  }

  final List<Capture> captures(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(this::capture).toList();
  }

  final List<SaveOutcome> save(Capture... captures) {
    return writer.save(List.of(captures), DEADLINE);
  }

  final HookState state() {
    return reader.hook(hook.uid()).orElseThrow();
  }

  final List<Long> availableSeqs() {
    return seqs(reader.after(state(), 0, 10_000));
  }

  final List<UUID> storedIds() {
    return reader.after(state(), 0, 10_000).stream().map(StoredCapture::id).toList();
  }

  /** Rows in a table, of the test's hook. */
  final long rows(String table) {
    return PostgresServer.number(
        url, "SELECT count(*) FROM %s WHERE hook_id = '%s'".formatted(table, hook.uid()));
  }

  final void assertCountsAreExact() {
    HookState state = state();
    List<StoredCapture> available = reader.after(state, 0, 10_000);
    assertEquals(state.available(), available.size());
    assertEquals(state.lastSeq(), state.available() + state.evicted() + state.deleted());
    assertEquals(0, wrongRows(), "hooks whose counts are not those of their captures");
  }

  /**
   * How many hooks have counts that are not those of their captures, by a look at every row. A body
   * that was not kept counts nothing.
   */
  final long wrongRows() {
    return PostgresServer.number(
        url,
        """
        SELECT count(*) FROM (
          SELECT h.last_seq - h.evicted_count - h.deleted_count AS available, h.available_bytes, h.stored_bytes,
            count(c.seq) FILTER (WHERE c.deleted_at IS NULL) AS rows,
            coalesce(sum(c.body_size) FILTER (WHERE c.deleted_at IS NULL AND c.body_enc <> 0), 0) AS bytes,
            coalesce(sum(256 + length(c.method) + length(c.path) + length(c.query) + length(c.head)
              + coalesce(length(c.body), 0) + coalesce(length(b.body), 0)
              + CASE WHEN c.body_enc = 3 THEN c.body_size ELSE 0 END), 0) AS stored
          FROM hooks AS h
          LEFT JOIN captures AS c ON c.hook_id = h.hook_id AND c.seq > h.floor_seq
          LEFT JOIN bodies AS b ON b.hook_id = c.hook_id AND b.seq = c.seq
          GROUP BY h.hook_id) AS x
        WHERE available <> rows OR available_bytes <> bytes OR stored_bytes <> stored
        """);
  }

  static List<UUID> ids(List<Capture> captures) {
    return captures.stream().map(Capture::id).toList();
  }

  static List<Long> seqs(List<StoredCapture> captures) {
    return captures.stream().map(StoredCapture::seq).toList();
  }

  static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  static <T> List<T> inThreads(List<Callable<T>> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(work)) {
        results.add(result.get());
      }
      return results;
    }
  }
}
