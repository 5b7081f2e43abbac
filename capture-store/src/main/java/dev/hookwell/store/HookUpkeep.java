package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Looks after single hooks, in statements of bounded size, until a deadline. The next run finds the
 * work that is left then.
 */
final class HookUpkeep {
  /** Clocks differ: until then the writer may still take something for a hook that has ended. */
  static final Duration GRACE = Duration.ofDays(1);

  private final Database database;
  private final HookLimits limits;
  private final Retention.Batches batches;
  private final Clock clock;
  private final Retries retries;

  HookUpkeep(
      Database database,
      HookLimits limits,
      Retention.Batches batches,
      Clock clock,
      Retries retries) {
    this.database = database;
    this.limits = limits;
    this.batches = batches;
    this.clock = clock;
    this.retries = retries;
  }

  record Due(
      HookUid hook,
      Instant expiresAt,
      long lastSeq,
      long floorSeq,
      long sweptSeq,
      long storedFloor,
      Instant dueAt) {
    /** Whether an older version moved the floor, which left the count of stored bytes behind. */
    boolean isMiscounted() {
      return storedFloor != floorSeq;
    }
  }

  /** Counts the work of one run, which is one thread. */
  static final class Tally {
    long evicted;
    long freedBytes;
    long swept;
    int dropped;
  }

  private record Step(long seq, long count, long bytes) {}

  /** Hooks that are due by then, the longest overdue first. */
  List<Due> due(Instant until, int limit, Instant deadline) throws SQLException {
    return retries.until(
        deadline,
        database,
        RetentionSql.DUE.rows(
            to -> to.setTime("until", until).setInt("limit", limit),
            row ->
                new Due(
                    new HookUid(row.getObject("hook_id", UUID.class)),
                    Utc.read(row, "expires_at"),
                    row.getLong("last_seq"),
                    row.getLong("floor_seq"),
                    row.getLong("swept_seq"),
                    row.getLong("stored_floor"),
                    Utc.read(row, "due_at"))));
  }

  /**
   * Evicts captures that are over quota or expired, sweeps, and sets when the hook is due again.
   *
   * @return whether nothing is left to do; false when the deadline came first
   */
  boolean lookAfter(Due due, Instant deadline, Tally tally) throws SQLException {
    Instant now = clock.instant();
    if (due.expiresAt().plus(GRACE).isBefore(now)) {
      // From the start, although rows were swept before: the hook's row goes only after all others.
      boolean swept = sweep(due.hook(), 0, due.lastSeq(), deadline, tally);
      if (swept && drop(due.hook(), deadline)) {
        tally.dropped++;
      }
      return swept;
    }
    // Else a hook that gets more than can be evicted would never be swept.
    Instant middle = now.plus(Duration.between(now, deadline).dividedBy(2));
    return evictAndSweep(
        due, now.minus(limits.captureLife()), () -> Long.MAX_VALUE, middle, deadline, tally);
  }

  /**
   * The same as if captures lived less long, until enough was freed. A hook that is not done at the
   * deadline is due at once.
   *
   * @param receivedUntil captures received until then go, however young they are
   * @param excess bytes that are still to be freed
   */
  void shorten(Due due, Instant receivedUntil, LongSupplier excess, Instant deadline, Tally tally)
      throws SQLException {
    var _ = evictAndSweep(due, receivedUntil, excess, deadline, deadline, tally);
  }

  private boolean evictAndSweep(
      Due due,
      Instant receivedUntil,
      LongSupplier excess,
      Instant evictingEnds,
      Instant deadline,
      Tally tally)
      throws SQLException {
    long floor = due.floorSeq();
    boolean evicted = false;
    while (!evicted && hasTime(evictingEnds) && excess.getAsLong() > 0) {
      Optional<Step> step = evict(due.hook(), floor, receivedUntil, deadline);
      evicted = step.isEmpty();
      if (step.isPresent()) {
        floor = step.get().seq();
        tally.evicted += step.get().count();
        tally.freedBytes += step.get().bytes();
      }
    }
    boolean enough = evicted || excess.getAsLong() <= 0;
    boolean swept = sweep(due.hook(), due.sweptSeq(), floor, deadline, tally);
    if (enough && swept) {
      if (due.isMiscounted()) {
        tally.freedBytes += recount(due.hook(), deadline);
      }
      settle(due.hook(), floor, deadline);
    }
    return enough && swept;
  }

  private boolean hasTime(Instant deadline) {
    return clock.instant().isBefore(deadline);
  }

  /** False when the deadline came first. */
  private boolean sweep(HookUid hook, long sweptSeq, long floor, Instant deadline, Tally tally)
      throws SQLException {
    long from = sweptSeq;
    while (hasTime(deadline)) {
      Optional<Step> step = sweepStep(hook, from, floor, deadline);
      if (step.isEmpty()) {
        return true;
      }
      from = step.get().seq();
      tally.swept += step.get().count();
    }
    return false;
  }

  private Optional<Step> evict(HookUid hook, long floor, Instant receivedUntil, Instant deadline)
      throws SQLException {
    return retries.until(
        deadline,
        database,
        RetentionSql.EVICT.row(
            to ->
                to.setUuid("hook", hook.value())
                    .setLong("most_captures", limits.captures())
                    .setLong("most_bytes", limits.bytes())
                    .setLong("floor", floor)
                    .setInt("limit", batches.evictedRows())
                    .setTime("received_until", receivedUntil)
                    .setTime("now", clock.instant()),
            row -> new Step(row.getLong("floor_seq"), row.getLong("n"), row.getLong("stored"))));
  }

  private Optional<Step> sweepStep(HookUid hook, long from, long floor, Instant deadline)
      throws SQLException {
    return retries.until(
        deadline,
        database,
        RetentionSql.SWEEP.row(
            to ->
                to.setUuid("hook", hook.value())
                    .setLong("swept", from)
                    .setLong("floor", floor)
                    .setInt("limit", batches.sweptRows()),
            row -> new Step(row.getLong("seq"), row.getLong("n"), 0)));
  }

  /** By how many bytes the count was too high. */
  private long recount(HookUid hook, Instant deadline) throws SQLException {
    return retries
        .until(
            deadline,
            database,
            RetentionSql.RECOUNT.row(
                to -> to.setUuid("hook", hook.value()), row -> row.getLong("excess")))
        .orElse(0L);
  }

  private void settle(HookUid hook, long sweptUpTo, Instant deadline) throws SQLException {
    retries.until(
        deadline,
        database,
        RetentionSql.SETTLE.count(to ->
            to.setUuid("hook", hook.value())
                .setLong("swept", sweptUpTo)
                .setLong("most_captures", limits.captures())
                .setLong("most_bytes", limits.bytes())
                .setLong("life", limits.captureLife().toSeconds())));
  }

  /** A hook that took all its time waits for its next turn behind those that are due now. */
  void requeue(HookUid hook, Instant deadline) throws SQLException {
    Instant now = clock.instant();
    retries.until(
        deadline,
        database,
        RetentionSql.REQUEUE.count(to -> to.setTime("now", now).setUuid("hook", hook.value())));
  }

  /** Scripts that nobody used for long, a bounded number of them. */
  void sweepScripts(Instant deadline) throws SQLException {
    Instant now = clock.instant();
    retries.until(
        deadline,
        database,
        ScriptSql.SWEEP.count(to -> to.setTime("now", now).setInt("limit", batches.sweptRows())));
  }

  private boolean drop(HookUid hook, Instant deadline) throws SQLException {
    return retries.until(
            deadline,
            database,
            RetentionSql.DROP_HOOK.count(to ->
                to.setUuid("hook", hook.value())
                    .setTime("ended_before", clock.instant().minus(GRACE))))
        > 0;
  }
}
