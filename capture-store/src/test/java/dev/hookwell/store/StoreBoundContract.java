package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.capture.Shows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all hooks together may take. */
abstract class StoreBoundContract extends StoreContract {
  private static final Duration LIFE = HookLimits.DEFAULT.captureLife();
  private static final Retention.Batches BATCHES = new Retention.Batches(3, 4, 3);

  private final SettableClock clock = new SettableClock(NOW);

  StoreBoundContract(String url) {
    super(url);
  }

  @BeforeEach
  void emptyTables() {
    PostgresServer.execute(url, "TRUNCATE hooks, captures, bodies, store_usage");
    clock.set(NOW);
  }

  private Retention retention(long hooks, long bytes) {
    return new Retention(
        database,
        HookLimits.DEFAULT,
        new StoreLimits(hooks, bytes),
        BATCHES,
        Duration.ofSeconds(10),
        clock,
        Stores.retries(clock));
  }

  private Retention.Report retain(Retention retention) {
    clock.pass(Duration.ofMinutes(1));
    return retention.run(clock.instant().plusSeconds(54));
  }

  private long bytes() {
    return PostgresServer.number(url, "SELECT coalesce(sum(stored_bytes), 0) FROM hooks");
  }

  /** One capture a minute to each of the hooks in turn; the oldest first. */
  private List<HookId> spread(int hooks, int captures) {
    List<HookId> all = new ArrayList<>();
    for (int i = 0; i < hooks; i++) {
      all.add(anotherHook());
    }
    for (int i = 0; i < captures; i++) {
      writer.save(
          List.of(Captures.capture(all.get(i % hooks), 60_000L * i + 1, new byte[1000])), DEADLINE);
    }
    return all;
  }

  @Test
  void whatAllHooksTakeIsCountedAtEachRun() {
    spread(3, 7);
    Retention retention = retention(10, 1_000_000);
    assertEquals(StoreUsage.NONE, retention.usage());

    retain(retention);

    assertEquals(new StoreUsage(3, bytes()), retention.usage());
    assertTrue(retention.usage().storedBytes() > 7 * 1256, "bodies, heads and rows");
    assertFalse(retention.usage().isOver(new StoreLimits(3, bytes())), "at the bound");
    assertTrue(retention.usage().isOver(new StoreLimits(2, bytes())), "one hook past it");
    assertTrue(retention.usage().isOver(new StoreLimits(3, bytes() - 1)), "one byte past it");

    removal.deleteHook(hook);
    retain(retention);
    assertEquals(4, retention.usage().hooks(), "a mark of deletion is a row too");
  }

  @Test
  @Shows("S10b")
  void atTheBoundNothingGoesAndOneByteOverItTheOldestDoes() {
    List<HookId> hooks = spread(3, 9);
    long all = bytes();

    assertEquals(0, retain(retention(10, all)).evicted());
    assertEquals(all, bytes());

    Retention.Report report = retain(retention(10, all - 1));
    assertEquals(1, report.evicted());
    assertTrue(report.finished());
    HookState first = reader.hook(hooks.get(0).uid()).orElseThrow();
    assertEquals(List.of(2L, 3L), seqs(reader.after(first, 0, 100)), "the oldest of all");
    assertEquals(1, first.evicted());
    assertEquals(0, wrongRows());
  }

  @Test
  @Shows("S10b")
  void theOldestOfAllHooksGoUntilTheRestFits() {
    List<HookId> hooks = spread(7, 70);
    long half = bytes() / 2;
    Retention retention = retention(10, half);

    Retention.Report report = retain(retention);

    assertTrue(bytes() <= half, bytes() + " of " + half);
    assertTrue(report.finished());
    assertEquals(new StoreUsage(7, bytes()), retention.usage());
    assertEquals(
        report.evicted(), PostgresServer.number(url, "SELECT sum(evicted_count) FROM hooks"));
    assertEquals(report.evicted(), report.swept());
    // 35 of 70, and what is in one step of the search.
    assertTrue(report.evicted() >= 35 && report.evicted() <= 40, report.toString());
    Instant lastGone = Captures.RECEIVED_AT.plusMillis(60_000 * (report.evicted() - 1) + 1);
    for (HookId one : hooks) {
      HookState state = reader.hook(one.uid()).orElseThrow();
      assertTrue(
          reader.after(state, 0, 1).getFirst().receivedAt().isAfter(lastGone.minusSeconds(360)),
          "a capture is left that is older than those that went");
    }
    assertEquals(0, wrongRows());
    assertEquals(0, retain(retention).evicted(), "the bound is held");
  }

  @Test
  void aHookAloneGivesWayTooAndOthersThatHaveNothingDoNotStopIt() {
    for (int i = 0; i < 10; i++) {
      removal.clear(anotherHook(), NOW);
    }
    writer.save(captures(1, 100), DEADLINE);
    long limit = bytes() / 10;

    Retention.Report report = retain(retention(100, limit));

    assertTrue(bytes() <= limit, bytes() + " of " + limit);
    assertEquals(report.evicted(), state().evicted());
    assertEquals(numbers(report.evicted() + 1, 100), availableSeqs());
    assertEquals(0, wrongRows());
  }

  @Test
  void whatExpiredFreesTheRest() {
    spread(3, 9);
    clock.set(NOW.plus(LIFE).plusSeconds(3600));
    long all = bytes();

    Retention.Report report = retain(retention(10, all / 2));

    assertEquals(9, report.evicted());
    assertEquals(0, bytes());
  }

  /** It is still counted when the run begins, and its bytes go with its row. */
  @Test
  void whatAHookThatEndedFreesIsNotFreedAgainByOthers() {
    hook = HookKeys.parse(Captures.HOOK_KEYS).issue(NOW.plusSeconds(60), new Random(2));
    writer.save(captures(1, 20), DEADLINE);
    long ended = bytes();
    List<HookId> others = spread(3, 9);
    long all = bytes();
    clock.set(NOW.plus(Duration.ofDays(1)).plusSeconds(61));

    Retention.Report report = retain(retention(10, all - ended));

    assertEquals(new Retention.Report(1, 0, 20, 1, 0, Map.of(), true), report);
    for (HookId other : others) {
      assertEquals(0, reader.hook(other.uid()).orElseThrow().evicted());
    }
    assertEquals(all - ended, bytes());
    assertEquals(0, wrongRows());
  }

  /** A run that has time for some sixty looks at the clock, or for ten times as many. */
  private Retention.Report retainSlowly(long bytes, Duration budget) {
    Clock slow = new TickingClock(clock.instant(), Duration.ofMillis(100));
    return new Retention(
            database,
            HookLimits.DEFAULT,
            new StoreLimits(100_000, bytes),
            BATCHES,
            Duration.ofSeconds(10),
            slow,
            Stores.retries(clock))
        .run(clock.instant().plus(budget));
  }

  private long secondsUntilTheNextCount() {
    return PostgresServer.number(
        url,
        "SELECT extract(epoch FROM next_at) - %d FROM store_usage"
            .formatted(clock.instant().getEpochSecond()));
  }

  @Test
  void whatIsLeftOverTheBoundIsGoneOnWithAtTheNextRun() {
    // So many that a count is due every two minutes only.
    PostgresServer.execute(
        url,
        """
        INSERT INTO hooks (hook_id, expires_at, last_seq, floor_seq, swept_seq, evicted_count, deleted_count,
          dropped_count, available_bytes, due_at)
        SELECT gen_random_uuid(), '2100-01-01', 0, 0, 0, 0, 0, 0, 0, '2100-01-01'
        FROM generate_series(1, 40000)
        """);
    writer.save(captures(1, 400), DEADLINE);
    long half = bytes() / 2;

    Retention.Report first = retainSlowly(half, Duration.ofSeconds(6));

    assertFalse(first.finished());
    assertTrue(first.evicted() > 0 && bytes() > half, first.toString());
    assertTrue(secondsUntilTheNextCount() <= 36, secondsUntilTheNextCount() + " s");

    clock.pass(Duration.ofMinutes(1));
    while (!retainSlowly(half, Duration.ofSeconds(54)).finished()) {
      clock.pass(Duration.ofMinutes(1));
    }
    assertTrue(bytes() <= half, bytes() + " of " + half);
    assertTrue(secondsUntilTheNextCount() >= 120, "at ease again");
    assertEquals(0, wrongRows());
  }

  @Test
  void whatARunEvictedButHadNoTimeToSweepIsSweptByTheNext() {
    writer.save(captures(1, 200), DEADLINE);

    Retention.Report first = retainSlowly(bytes() / 2, Duration.ofSeconds(6));

    assertTrue(first.evicted() > first.swept(), first.toString());
    Retention.Report next = retain(retention(10, 1_000_000));
    assertEquals(first.evicted(), first.swept() + next.swept());
    assertEquals(state().available(), rows("captures"));
    assertEquals(0, wrongRows());
  }

  /** What an older version writes, which does not know {@code stored_bytes}. */
  private static final String OLD_CLEAR =
      """
      UPDATE hooks SET deleted_count = last_seq - evicted_count, floor_seq = last_seq, available_bytes = 0,
        due_at = '2026-01-01'
      """;

  private static final String OLD_EVICTION =
      """
      UPDATE hooks SET floor_seq = 4, evicted_count = 4, available_bytes = (
          SELECT sum(body_size) FROM captures AS c WHERE c.hook_id = hooks.hook_id AND c.seq > 4),
        due_at = '2026-01-01'
      """;

  @ParameterizedTest
  @ValueSource(strings = {OLD_CLEAR, OLD_EVICTION})
  void whatAnOlderVersionFreesIsTakenFromTheCount(String old) {
    writer.save(captures(1, 10), DEADLINE);
    PostgresServer.execute(url, old);
    assertEquals(1, wrongRows());

    Retention retention = retention(10, 1_000_000);
    retain(retention);

    assertEquals(0, wrongRows());
    assertEquals(bytes(), retention.usage().storedBytes(), "what is kept of the count too");
  }

  @Test
  void aFloorThatThisVersionMovedNextHidesNothing() {
    writer.save(captures(1, 10), DEADLINE);
    PostgresServer.execute(url, OLD_EVICTION);
    HookLimits five = new HookLimits(LIFE, 5, 1_000_000);

    Retention.Report report =
        new Retention(database, five, BATCHES, clock, Stores.retries(clock))
            .run(NOW.plusSeconds(60));

    assertEquals(1, report.evicted());
    assertEquals(0, wrongRows());
  }

  @Test
  void nothingIsEvictedForBytesThatOnlyAnOlderVersionsCountHolds() {
    writer.save(captures(1, 50), DEADLINE);
    long cleared = bytes();
    PostgresServer.execute(url, OLD_CLEAR);
    List<HookId> others = spread(3, 9);

    Retention.Report report = retain(retention(10, bytes() - cleared));

    assertEquals(0, report.evicted());
    others.forEach(o -> assertEquals(0, reader.hook(o.uid()).orElseThrow().evicted()));
    assertEquals(0, wrongRows());
  }

  @Test
  void tooManyHooksEvictNothing() {
    spread(5, 10);
    Retention retention = retention(4, 1_000_000);

    assertEquals(0, retain(retention).evicted());
    assertEquals(5, retention.usage().hooks());
  }

  @Test
  void ofSeveralRunsAtOnceOneMakesRoom() throws Exception {
    spread(4, 80);
    long half = bytes() / 2;
    clock.pass(Duration.ofMinutes(1));
    Instant end = clock.instant().plusSeconds(54);

    Callable<Long> run = () -> retention(10, half).run(end).evicted();
    long evicted = inThreads(List.of(run, run, run)).stream().mapToLong(Long::longValue).sum();

    assertTrue(evicted >= 40 && evicted <= 45, evicted + " of 80");
    assertEquals(0, wrongRows());
  }

  @Test
  void rowsOfTheTimeBeforeCountAsNothingAndStaySo() {
    writer.save(captures(1, 10), DEADLINE);
    PostgresServer.execute(
        url, "UPDATE captures SET stored_size = NULL; UPDATE hooks SET stored_bytes = 0");
    writer.save(captures(11, 20), DEADLINE);
    long counted = bytes();
    removal.deleteOne(hook.uid(), 3);
    assertEquals(counted, bytes());

    PostgresServer.execute(url, "UPDATE hooks SET due_at = '2026-01-01'");
    new Retention(
            database, new HookLimits(LIFE, 5, 1_000_000), BATCHES, clock, Stores.retries(clock))
        .run(NOW.plusSeconds(60));

    assertEquals(numbers(16, 20), availableSeqs());
    assertEquals(counted / 2, bytes());
  }

  @Test
  void manyHooksAreCountedLessOften() {
    assertEquals(Duration.ofSeconds(30), UsageCount.interval(0));
    assertEquals(Duration.ofSeconds(30), UsageCount.interval(UsageCount.ROWS_A_MINUTE / 2));
    assertEquals(Duration.ofMinutes(50), UsageCount.interval(50 * UsageCount.ROWS_A_MINUTE));

    Retention retention = retention(10, 1_000_000);
    retain(retention);
    PostgresServer.execute(url, "UPDATE store_usage SET hook_rows = 77, next_at = '2100-01-01'");
    retain(retention);
    assertEquals(77, retention.usage().hooks(), "not counted before it is time");
  }
}
