package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Looks after single hooks, in statements of bounded size, until a deadline; whatever is left then
 * is found again by the next look.
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

  /** What was done; to be filled by the looks of one run, which is one thread. */
  static final class Tally {
    long evicted;
    long freedBytes;
    long swept;
    int dropped;
  }

  private record Step(long seq, long count, long bytes) {}

  @FunctionalInterface
  private interface Statement<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  /** Hooks that are due by then, the longest overdue first. */
  List<Due> due(Instant until, int limit, Instant deadline) throws SQLException {
    return call(
        RetentionSql.DUE,
        deadline,
        due -> {
          due.setObject(1, utc(until));
          due.setInt(2, limit);
          List<Due> hooks = new ArrayList<>();
          try (ResultSet rows = due.executeQuery()) {
            while (rows.next()) {
              hooks.add(
                  new Due(
                      new HookUid(rows.getObject(1, UUID.class)),
                      rows.getObject(2, OffsetDateTime.class).toInstant(),
                      rows.getLong(3),
                      rows.getLong(4),
                      rows.getLong(5),
                      rows.getLong(6),
                      rows.getObject(7, OffsetDateTime.class).toInstant()));
            }
          }
          return hooks;
        });
  }

  /**
   * Evicts what is over quota or expired, sweeps, and says when to look again.
   *
   * @return whether nothing is left to do; false when the deadline came first
   */
  boolean lookAfter(Due due, Instant deadline, Tally tally) throws SQLException {
    Instant now = clock.instant();
    if (due.expiresAt().plus(GRACE).isBefore(now)) {
      // From the start, whatever was swept before: the row goes only when nothing is left.
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
   * The same as if captures lived less long, until enough was freed. What is left at the deadline
   * is due at once.
   *
   * @param receivedUntil goes, however young it is
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
    return call(
        RetentionSql.EVICT,
        deadline,
        evict -> {
          evict.setObject(1, hook.value());
          evict.setLong(2, limits.captures());
          evict.setLong(3, limits.bytes());
          evict.setObject(4, hook.value());
          evict.setObject(5, hook.value());
          evict.setLong(6, floor);
          evict.setInt(7, batches.evictedRows());
          evict.setObject(8, utc(receivedUntil));
          evict.setObject(9, utc(clock.instant()));
          evict.setObject(10, hook.value());
          evict.execute();
          try (ResultSet rows = SecondStatement.rows(evict)) {
            return rows.next()
                ? Optional.of(new Step(rows.getLong(1), rows.getLong(2), rows.getLong(3)))
                : Optional.empty();
          }
        });
  }

  private Optional<Step> sweepStep(HookUid hook, long from, long floor, Instant deadline)
      throws SQLException {
    return call(
        RetentionSql.SWEEP,
        deadline,
        sweep -> {
          sweep.setObject(1, hook.value());
          sweep.setLong(2, from);
          sweep.setLong(3, floor);
          sweep.setInt(4, batches.sweptRows());
          sweep.setObject(5, hook.value());
          sweep.setObject(6, hook.value());
          sweep.setObject(7, hook.value());
          try (ResultSet rows = sweep.executeQuery()) {
            return rows.next()
                ? Optional.of(new Step(rows.getLong(1), rows.getLong(2), 0))
                : Optional.empty();
          }
        });
  }

  /** By how many bytes the count was too high. */
  private long recount(HookUid hook, Instant deadline) throws SQLException {
    return call(
        RetentionSql.RECOUNT,
        deadline,
        recount -> {
          for (int i = 1; i <= 4; i++) {
            recount.setObject(i, hook.value());
          }
          recount.execute();
          try (ResultSet rows = SecondStatement.rows(recount)) {
            return rows.next() ? rows.getLong(1) : 0;
          }
        });
  }

  private void settle(HookUid hook, long sweptUpTo, Instant deadline) throws SQLException {
    call(
        RetentionSql.SETTLE,
        deadline,
        settle -> {
          settle.setObject(1, hook.value());
          settle.setLong(2, sweptUpTo);
          settle.setLong(3, sweptUpTo);
          settle.setLong(4, limits.captures());
          settle.setLong(5, limits.bytes());
          settle.setObject(6, hook.value());
          settle.setLong(7, sweptUpTo);
          settle.setLong(8, limits.captureLife().toSeconds());
          settle.setObject(9, hook.value());
          return settle.execute();
        });
  }

  /** A hook that took all its time waits for its next turn behind those that are due now. */
  void requeue(HookUid hook, Instant deadline) throws SQLException {
    OffsetDateTime now = utc(clock.instant());
    call(
        RetentionSql.REQUEUE,
        deadline,
        requeue -> {
          requeue.setObject(1, now);
          requeue.setObject(2, hook.value());
          requeue.setObject(3, now);
          return requeue.executeUpdate();
        });
  }

  /** Scripts that nobody used for long, a bounded number of them. */
  void sweepScripts(Instant deadline) throws SQLException {
    OffsetDateTime now = utc(clock.instant());
    call(
        ScriptSql.SWEEP,
        deadline,
        sweep -> {
          sweep.setObject(1, now);
          sweep.setInt(2, batches.sweptRows());
          sweep.setObject(3, now);
          return sweep.executeUpdate();
        });
  }

  private boolean drop(HookUid hook, Instant deadline) throws SQLException {
    return call(
        RetentionSql.DROP_HOOK,
        deadline,
        drop -> {
          drop.setObject(1, hook.value());
          drop.setObject(2, utc(clock.instant().minus(GRACE)));
          return drop.executeUpdate() > 0;
        });
  }

  private <T> T call(String sql, Instant deadline, Statement<T> statement) throws SQLException {
    return retries.until(
        deadline,
        () ->
            database.call(connection -> {
              try (PreparedStatement prepared = connection.prepareStatement(sql)) {
                return statement.run(prepared);
              }
            }));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
