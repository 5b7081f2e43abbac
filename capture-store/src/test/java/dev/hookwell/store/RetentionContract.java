package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.InMemoryBodyStore;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Shows;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What making room means. Small batches, so that every loop goes round more than once. */
abstract class RetentionContract extends StoreContract {
  private static final Retention.Batches BATCHES = new Retention.Batches(2, 4, 3);
  private static final Duration LIFE = HookLimits.DEFAULT.captureLife();

  RetentionContract(String url) {
    super(url);
  }

  /** Hooks of other tests would be due too. */
  @BeforeEach
  void emptyTables() {
    PostgresServer.execute(url, "TRUNCATE hooks, captures, bodies, body_objects, store_usage");
  }

  private Retention.Report retain(long captures, long bytes, Instant at) {
    Clock clock = Clock.fixed(at, ZoneOffset.UTC);
    return new Retention(
            database, new HookLimits(LIFE, captures, bytes), BATCHES, clock, Stores.retries(clock))
        .run(at.plusSeconds(60));
  }

  private CaptureWriter writer(long captures, long bytes) {
    return new CaptureWriter(
        database, new HookLimits(LIFE, captures, bytes), CLOCK, Stores.retries(CLOCK));
  }

  private long dueInSeconds() {
    return PostgresServer.number(
        url,
        "SELECT extract(epoch FROM due_at) - %d FROM hooks WHERE hook_id = '%s'"
            .formatted(NOW.getEpochSecond(), hook.uid()));
  }

  @Test
  void nothingIsDueAtFirst() {
    writer.save(captures(1, 5), DEADLINE);

    assertEquals(report(0, 0, 0, 0, 0), retain(10_000, Long.MAX_VALUE, NOW));
  }

  @Test
  @Shows("S10c")
  void overTheQuotaOfCapturesTheOldestGo() {
    writer(10, 1_000_000).save(captures(1, 25), DEADLINE);

    assertEquals(report(1, 15, 15, 0, 0), retain(10, 1_000_000, NOW));

    assertEquals(numbers(16, 25), availableSeqs());
    assertEquals(15, state().evicted());
    assertEquals(10, rows("captures"));
    assertCountsAreExact();
    assertEquals(report(0, 0, 0, 0, 0), retain(10, 1_000_000, NOW));
  }

  @Test
  @Shows("S10c")
  void overTheQuotaOfBytesTheOldestGo() {
    CaptureWriter small = writer(1000, 30_000);
    for (int i = 1; i <= 7; i++) {
      small.save(List.of(Captures.capture(hook, i, new byte[9000])), DEADLINE);
    }

    retain(1000, 30_000, NOW);

    assertEquals(List.of(5L, 6L, 7L), availableSeqs());
    assertEquals(3, rows("bodies"));
    assertCountsAreExact();
  }

  @Test
  void whatWasDeletedDoesNotCountAgainstTheQuota() {
    CaptureWriter small = writer(5, 1_000_000);
    small.save(captures(1, 5), DEADLINE);
    removal.deleteOne(hook.uid(), 2);
    removal.deleteOne(hook.uid(), 4);
    small.save(captures(6, 8), DEADLINE);

    retain(5, 1_000_000, NOW);

    assertEquals(List.of(3L, 5L, 6L, 7L, 8L), availableSeqs());
    assertEquals(1, state().evicted());
    assertEquals(2, state().deleted());
    assertCountsAreExact();
  }

  @Test
  void expiredCapturesCountAsEvicted() {
    writer.save(captures(1, 9), DEADLINE);
    save(capture(7_200_000));

    Instant weekLater = NOW.plus(LIFE).plusSeconds(60);
    assertEquals(report(1, 9, 9, 0, 0), retain(10_000, Long.MAX_VALUE, weekLater));

    assertEquals(List.of(10L), availableSeqs());
    assertEquals(9, state().evicted());
    assertCountsAreExact();
    // Next when the one that is left expires.
    assertEquals(LIFE.toSeconds() + 3600, dueInSeconds());
  }

  @Test
  void whatExpiresBehindAYoungerCaptureWaitsForIt() {
    save(capture(7_200_000));
    save(capture(1));

    retain(10_000, Long.MAX_VALUE, NOW.plus(LIFE).plusSeconds(60));
    assertEquals(0, state().evicted());

    retain(10_000, Long.MAX_VALUE, NOW.plus(LIFE).plusSeconds(3660));
    assertEquals(2, state().evicted());
    assertCountsAreExact();
  }

  @Test
  void aClearedHookIsSwept() {
    writer.save(captures(1, 8), DEADLINE);
    save(Captures.capture(hook, 9, new byte[9000]));
    removal.clear(hook, NOW);
    save(capture(3_700_000));

    assertEquals(report(1, 0, 9, 0, 0), retain(10_000, Long.MAX_VALUE, NOW));

    assertEquals(1, rows("captures"));
    assertEquals(0, rows("bodies"));
    assertEquals(List.of(10L), availableSeqs());
    assertEquals(9, state().deleted());
    assertCountsAreExact();
  }

  @Test
  void aDeletedHookKeepsItsMarkUntilADayAfterItsEnd() {
    writer.save(captures(1, 4), DEADLINE);
    removal.deleteHook(hook);

    retain(10_000, Long.MAX_VALUE, NOW);
    assertEquals(0, rows("captures"));
    assertEquals(List.of(SaveOutcome.DROPPED), save(capture(5)));

    retain(10_000, Long.MAX_VALUE, Captures.EXPIRES_AT.plus(Duration.ofHours(23)));
    assertEquals(1, rows("hooks"));

    assertEquals(
        report(1, 0, 0, 1, 0),
        retain(10_000, Long.MAX_VALUE, Captures.EXPIRES_AT.plus(Duration.ofHours(25))));
    assertTrue(reader.hook(hook.uid()).isEmpty());
  }

  @Test
  @Shows("S11")
  void aHookThatEndedGoesWithItsCaptures() {
    writer.save(captures(1, 8), DEADLINE);

    assertEquals(
        report(1, 0, 8, 1, 0),
        retain(10_000, Long.MAX_VALUE, Captures.EXPIRES_AT.plus(Duration.ofHours(25))));

    assertEquals(0, rows("captures"));
    assertEquals(0, rows("hooks"));
  }

  @Test
  void aHookThatEndsBeforeItsCapturesExpireGoesADayAfterItsEnd() {
    hook = HookKeys.parse(Captures.HOOK_KEYS).issue(NOW.plusSeconds(60), new Random(2));
    writer.save(captures(1, 3), DEADLINE);
    assertEquals(Duration.ofDays(1).toSeconds() + 60, dueInSeconds());

    // A look in between leaves that as it is.
    PostgresServer.execute(url, "UPDATE hooks SET due_at = expires_at");
    retain(10_000, Long.MAX_VALUE, NOW.plusSeconds(60));
    assertEquals(Duration.ofDays(1).toSeconds() + 60, dueInSeconds());

    retain(10_000, Long.MAX_VALUE, NOW.plus(Duration.ofDays(1)).plusSeconds(61));
    assertEquals(0, rows("hooks"));
    assertEquals(0, rows("captures"));
  }

  @Test
  void everyDueHookIsLookedAfter() {
    for (int i = 0; i < 7; i++) {
      writer(1, 1_000_000).save(captures(1, 3), DEADLINE);
      hook = anotherHook();
    }

    assertEquals(report(7, 14, 14, 0, 0), retain(1, 1_000_000, NOW));
  }

  @Test
  @Shows("F67")
  void objectsThatCouldNotBeDeletedAreFoundByTheNextRun() {
    InMemoryBodyStore objects = new InMemoryBodyStore();
    writer(1, 1_000_000).save(List.of(apart(1, objects), apart(2, objects)), DEADLINE);

    objects.goDown();
    assertEquals(
        new Retention.Report(1, 1, 1, 0, 0, Map.of("down", 1L), false), retain(1, objects));
    assertEquals(List.of(2L), availableSeqs());

    objects.comeBack();
    assertEquals(report(0, 0, 0, 0, 1), retain(1, objects));
    assertEquals(Set.of(ObjectKey.of(captures(2, 2).getFirst())), objects.keys());
    assertEquals(report(0, 0, 0, 0, 0), retain(1, objects));
    assertCountsAreExact();
  }

  /** They would come first again in every run, and there are more of them than a batch. */
  @Test
  @Shows("F67")
  void objectsThatAreRefusedKeepNoOthersFromBeingDeletedAndAreTriedAgain() {
    InMemoryBodyStore objects = new InMemoryBodyStore();
    List<Capture> all = new ArrayList<>();
    for (int id = 1; id <= 4 * BATCHES.sweptRows(); id++) {
      all.add(apart(id, objects));
    }
    writer(1, 1_000_000).save(all, DEADLINE);
    // Whichever come first: every second one.
    Set<ObjectKey> locked = new HashSet<>();
    for (int i = 0; i < all.size() - 1; i += 2) {
      locked.add(ObjectKey.of(all.get(i)));
    }
    objects.lock(locked);
    long refused = locked.size();

    Retention.Report first = retain(1, objects);

    assertEquals(Map.of("locked", refused), first.objectsLeft(), first.toString());
    assertEquals(all.size() - 1 - refused, first.objects());
    assertFalse(first.finished());
    Set<ObjectKey> left = new HashSet<>(locked);
    left.add(ObjectKey.of(all.getLast()));
    assertEquals(left, objects.keys());

    // One whose row goes now has its turn, though the refused are older.
    Capture late = apart(9_000, objects);
    writer(1, 1_000_000).save(List.of(late), DEADLINE);
    left.remove(ObjectKey.of(all.getLast()));
    left.add(ObjectKey.of(late));
    assertEquals(report(1, 1, 1, 0, 1), retain(1, objects));
    assertEquals(left, objects.keys());

    objects.unlock();
    Instant justBefore = NOW.plus(ObjectUpkeep.NEXT_TRY).minusMillis(1);
    assertEquals(report(0, 0, 0, 0, 0), retain(1, objects, justBefore));
    Retention.Report again = retain(1, objects, NOW.plus(ObjectUpkeep.NEXT_TRY));
    assertEquals(refused, again.objects());
    assertEquals(Map.of(), again.objectsLeft());
    assertEquals(Set.of(ObjectKey.of(late)), objects.keys());
  }

  /** Its object is as old as it is, and was not deleted before: the bucket's rule waits longer. */
  @Test
  void aDeadLetterThatIsFedAgainAfterThirteenDaysHasItsObjectOrLeavesNone() {
    Instant fed = NOW.plus(Duration.ofDays(13));
    for (Duration life : List.of(Duration.ofDays(7), Duration.ofDays(30))) {
      emptyTables();
      InMemoryBodyStore objects = new InMemoryBodyStore();
      Capture letter = apart(1, objects);
      HookLimits limits = new HookLimits(life, 10, 1_000_000);
      Clock then = Clock.fixed(fed, ZoneOffset.UTC);
      new CaptureWriter(database, limits, then, Stores.retries(then))
          .save(List.of(letter), fed.plusSeconds(60));
      Set<ObjectKey> rows = rows("captures") == 1 ? Set.of(ObjectKey.of(letter)) : Set.of();
      assertEquals(life.toDays() == 30, rows.size() == 1, "stored");

      new Retention(
              database,
              limits,
              new StoreLimits(1000, 1_000_000),
              Optional.of(objects),
              BATCHES,
              Duration.ofSeconds(10),
              then,
              Stores.retries(then))
          .run(fed.plusSeconds(60));

      assertEquals(rows, objects.keys());
    }
  }

  /** What a run did that left no object behind. */
  private static Retention.Report report(
      int hooks, long evicted, long swept, int droppedHooks, long objects) {
    return new Retention.Report(hooks, evicted, swept, droppedHooks, objects, Map.of(), true);
  }

  private Capture apart(int id, InMemoryBodyStore objects) {
    return objects.takeBodyOf(captures(id, id).getFirst());
  }

  private Retention.Report retain(long captures, InMemoryBodyStore objects) {
    return retain(captures, objects, NOW);
  }

  private Retention.Report retain(long captures, InMemoryBodyStore objects, Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Retention(
            database,
            new HookLimits(LIFE, captures, 1_000_000),
            new StoreLimits(1000, 1_000_000),
            Optional.of(objects),
            BATCHES,
            Duration.ofSeconds(10),
            clock,
            Stores.retries(clock))
        .run(now.plusSeconds(60));
  }

  @Test
  void aRunWithoutTimeIsContinuedByTheNext() {
    writer(2, 1_000_000).save(captures(1, 20), DEADLINE);
    // A clock that has time for the first few statements only.
    Instant end = NOW.plusSeconds(20);
    Clock running = new TickingClock(NOW, Duration.ofMillis(400));
    Retention.Report first =
        new Retention(
                database,
                new HookLimits(LIFE, 2, 1_000_000),
                BATCHES,
                running,
                Stores.retries(CLOCK))
            .run(end);

    assertFalse(first.finished());
    assertTrue(first.evicted() > 0 && first.evicted() < 18, first.toString());
    assertCountsAreExact();
    Retention.Report second = retain(2, 1_000_000, end);
    assertEquals(18, first.evicted() + second.evicted());
    assertEquals(18, first.swept() + second.swept());
    assertTrue(second.finished());
    assertEquals(numbers(19, 20), availableSeqs());
    assertCountsAreExact();
  }

  @Test
  @Shows("S10b")
  void floodsOfSomeHooksKeepNoOtherWaiting() {
    List<HookId> floods = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      floods.add(hook);
      writer(5, 1_000_000).save(captures(1, 400), DEADLINE);
      hook = anotherHook();
    }
    List<HookId> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(hook);
      writer(5, 1_000_000).save(captures(1, 8), DEADLINE);
      hook = anotherHook();
    }
    PostgresServer.execute(url, "UPDATE hooks SET due_at = '2026-11-24 08:00Z'");
    for (HookId flood : floods) {
      PostgresServer.execute(
          url,
          "UPDATE hooks SET due_at = '2026-11-24 07:00Z' WHERE hook_id = '%s'"
              .formatted(flood.uid()));
    }

    Clock running = new TickingClock(NOW, Duration.ofMillis(100));
    Retention.Report report =
        new Retention(
                database,
                new HookLimits(LIFE, 5, 1_000_000),
                StoreLimits.DEFAULT,
                BATCHES,
                Duration.ofSeconds(10),
                running,
                Stores.retries(CLOCK))
            .run(NOW.plusSeconds(54));

    assertFalse(report.finished());
    for (HookId other : others) {
      assertEquals(3, reader.hook(other.uid()).orElseThrow().evicted(), "the flood came first");
    }
    for (HookId flood : floods) {
      HookState state = reader.hook(flood.uid()).orElseThrow();
      assertTrue(state.evicted() > 0 && state.evicted() < 395, "evicted " + state.evicted());
    }
    long swept = 6 * 400 + 5 * 8 - PostgresServer.number(url, "SELECT count(*) FROM captures");
    assertEquals(report.swept(), swept);
    assertTrue(swept > 5 * 3, "a flood is swept while it is evicted");
    assertEquals(0, wrongRows());

    assertTrue(retain(5, 1_000_000, NOW.plusSeconds(60)).finished(), "the next run goes on");
    assertEquals(11 * 5, PostgresServer.number(url, "SELECT count(*) FROM captures"));
    assertEquals(0, wrongRows());
  }

  @Test
  void aHookThatTookItsTimeWaitsBehindTheOthers() {
    writer(1, 1_000_000).save(captures(1, 300), DEADLINE);
    HookId flood = hook;
    hook = anotherHook();
    writer(1, 1_000_000).save(captures(1, 2), DEADLINE);
    PostgresServer.execute(url, "UPDATE hooks SET due_at = '2026-11-24 08:00Z'");

    new Retention(
            database,
            new HookLimits(LIFE, 1, 1_000_000),
            StoreLimits.DEFAULT,
            BATCHES,
            Duration.ofMillis(900),
            new TickingClock(NOW, Duration.ofMillis(100)),
            Stores.retries(CLOCK))
        .run(NOW.plusSeconds(54));

    assertEquals(1, state().evicted());
    assertTrue(reader.hook(flood.uid()).orElseThrow().evicted() < 299);
    assertEquals(
        1,
        PostgresServer.number(
            url,
            "SELECT count(*) FROM hooks WHERE hook_id = '%s' AND due_at > '%s'"
                .formatted(flood.uid(), NOW)));
  }

  @Test
  void goingOverQuotaBetweenEvictingAndSettlingIsNotForgotten() throws Exception {
    writer(5, 1_000_000).save(captures(1, 6), DEADLINE);
    retain(5, 1_000_000, NOW);
    writer(5, 1_000_000).save(captures(7, 9), DEADLINE);
    assertEquals(0, dueInSeconds());

    settleAsOfBefore(1);

    assertEquals(0, dueInSeconds());
    assertEquals(3, retain(5, 1_000_000, NOW).evicted());
  }

  @Test
  void clearingBetweenEvictingAndSettlingIsNotForgotten() throws Exception {
    writer.save(captures(1, 6), DEADLINE);
    removal.clear(hook, NOW);

    settleAsOfBefore(0);

    assertEquals(0, dueInSeconds());
    assertEquals(6, retain(10_000, Long.MAX_VALUE, NOW).swept());
  }

  /** The last step of a run that was overtaken since it looked. */
  private void settleAsOfBefore(long sweptUpTo) throws SQLException {
    database.call(
        RetentionSql.SETTLE.count(to ->
            to.setUuid("hook", hook.uid().value())
                .setLong("swept", sweptUpTo)
                .setLong("most_captures", 5)
                .setLong("most_bytes", 1_000_000)
                .setLong("life", LIFE.toSeconds())));
  }

  @Test
  @Shows("F46")
  void runningBesideWritersAndEachOtherKeepsTheCountsExact() throws Exception {
    CaptureWriter small = writer(20, 1_000_000);
    List<Callable<Long>> work = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      long first = w * 200L + 1;
      work.add(() -> {
        for (long id = first; id < first + 200; id += 10) {
          small.save(captures(id, id + 9), DEADLINE);
        }
        return 0L;
      });
    }
    for (int r = 0; r < 2; r++) {
      work.add(() -> {
        long evicted = 0;
        for (int i = 0; i < 20; i++) {
          evicted += retain(20, 1_000_000, NOW).evicted();
        }
        return evicted;
      });
    }
    long evicted = inThreads(work).stream().mapToLong(Long::longValue).sum();
    evicted += retain(20, 1_000_000, NOW).evicted();

    assertEquals(800, state().lastSeq());
    assertEquals(780, evicted);
    assertEquals(780, state().evicted());
    assertEquals(numbers(781, 800), availableSeqs());
    assertEquals(20, rows("captures"));
    assertCountsAreExact();
  }
}
