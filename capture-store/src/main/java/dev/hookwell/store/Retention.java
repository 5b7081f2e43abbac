package dev.hookwell.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes room: moves the floor of hooks over what is expired or over quota, oldest first, and counts
 * it; sweeps the rows below the floor; drops hooks a day after their end. To be run every few
 * minutes, beside writers and readers, and by several at once without harm; a run that was killed
 * is continued by the next. Until it ran, quotas are not enforced.
 */
public final class Retention {
  /** Clocks differ: until then the writer may still take something for a hook that has ended. */
  static final Duration GRACE = Duration.ofDays(1);

  private final Database database;
  private final HookLimits limits;
  private final Batches batches;
  private final Clock clock;
  private final Retries retries;

  public Retention(
      Database database, HookLimits limits, Batches batches, Clock clock, Retries retries) {
    this.database = database;
    this.limits = limits;
    this.batches = batches;
    this.clock = clock;
    this.retries = retries;
  }

  /**
   * How much one statement does: it holds a hook's lock, for which savers wait.
   *
   * @param hooks read at once
   * @param evictedRows looked at under the lock
   * @param sweptRows deleted, without the lock
   */
  public record Batches(int hooks, int evictedRows, int sweptRows) {
    public static final Batches DEFAULT = new Batches(100, 1000, 500);
  }

  /**
   * What a run did.
   *
   * @param hooks looked after
   * @param evicted captures that were available until then
   * @param swept rows deleted
   * @param droppedHooks rows of hooks that ended a day ago
   * @param finished whether nothing was left to do; false when the deadline came first
   */
  public record Report(int hooks, long evicted, long swept, int droppedHooks, boolean finished) {}

  private record Due(UUID hook, Instant expiresAt, long lastSeq, long floorSeq, long sweptSeq) {}

  private record Step(long seq, long count) {}

  @FunctionalInterface
  private interface Statement<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  /**
   * Looks after the hooks that are due, the longest overdue first.
   *
   * @param deadline after which no further statement is started
   * @throws StoreUnavailableException when the database failed
   */
  public Report run(Instant deadline) {
    Run run = new Run(deadline);
    try {
      return run.all();
    } catch (SQLException e) {
      throw Retries.asUnchecked(e);
    }
  }

  private final class Run {
    private final Instant deadline;
    private final Set<UUID> seen = new HashSet<>();
    private long evicted;
    private long swept;
    private int dropped;
    private @Nullable SQLException failure;

    Run(Instant deadline) {
      this.deadline = deadline;
    }

    Report all() throws SQLException {
      boolean finished = false;
      while (!finished && hasTime()) {
        int before = seen.size();
        for (Due due : due()) {
          // Once a run: a hook that stays due, by a writer's doing, must not keep it for itself.
          if (hasTime() && seen.add(due.hook())) {
            oneOfMany(due);
          }
        }
        finished = hasTime() && seen.size() == before;
      }
      if (failure != null) {
        throw failure;
      }
      return new Report(seen.size(), evicted, swept, dropped, finished);
    }

    /** A hook that fails must not keep the others from being looked after. */
    private void oneOfMany(Due due) throws SQLException {
      try {
        one(due);
      } catch (SQLException e) {
        if (SqlFailure.of(e) == SqlFailure.OUTAGE) {
          throw e;
        }
        failure = e;
      }
    }

    private boolean hasTime() {
      return clock.instant().isBefore(deadline);
    }

    private void one(Due due) throws SQLException {
      if (due.expiresAt().plus(GRACE).isBefore(clock.instant())) {
        // From the start, whatever was swept before: the row goes only when nothing is left.
        if (sweep(due.hook(), 0, due.lastSeq()) && drop(due.hook())) {
          dropped++;
        }
        return;
      }
      long floor = due.floorSeq();
      while (true) {
        if (!hasTime()) {
          return;
        }
        Optional<Step> step = evict(due.hook(), floor);
        if (step.isEmpty()) {
          break;
        }
        floor = step.get().seq();
        evicted += step.get().count();
      }
      if (sweep(due.hook(), due.sweptSeq(), floor)) {
        settle(due.hook(), floor);
      }
    }

    /** False when the deadline came first. */
    private boolean sweep(UUID hook, long sweptSeq, long floor) throws SQLException {
      long from = sweptSeq;
      while (hasTime()) {
        Optional<Step> step = sweepStep(hook, from, floor);
        if (step.isEmpty()) {
          return true;
        }
        from = step.get().seq();
        swept += step.get().count();
      }
      return false;
    }

    private List<Due> due() throws SQLException {
      return call(
          Sql.DUE,
          due -> {
            due.setObject(1, utc(clock.instant()));
            // Those that were seen may still be due, and must not hide the others.
            due.setInt(2, batches.hooks() + seen.size());
            List<Due> hooks = new ArrayList<>();
            try (ResultSet rows = due.executeQuery()) {
              while (rows.next()) {
                hooks.add(
                    new Due(
                        rows.getObject(1, UUID.class),
                        rows.getObject(2, OffsetDateTime.class).toInstant(),
                        rows.getLong(3),
                        rows.getLong(4),
                        rows.getLong(5)));
              }
            }
            return hooks;
          });
    }

    private Optional<Step> evict(UUID hook, long floor) throws SQLException {
      return call(
          Sql.EVICT,
          evict -> {
            evict.setObject(1, hook);
            evict.setLong(2, limits.captures());
            evict.setLong(3, limits.bytes());
            evict.setObject(4, hook);
            evict.setObject(5, hook);
            evict.setLong(6, floor);
            evict.setInt(7, batches.evictedRows());
            evict.setObject(8, utc(clock.instant().minus(limits.captureLife())));
            evict.setObject(9, hook);
            evict.execute();
            try (ResultSet rows = SecondStatement.rows(evict)) {
              return step(rows);
            }
          });
    }

    private Optional<Step> sweepStep(UUID hook, long from, long floor) throws SQLException {
      return call(
          Sql.SWEEP,
          sweep -> {
            sweep.setObject(1, hook);
            sweep.setLong(2, from);
            sweep.setLong(3, floor);
            sweep.setInt(4, batches.sweptRows());
            sweep.setObject(5, hook);
            sweep.setObject(6, hook);
            try (ResultSet rows = sweep.executeQuery()) {
              return step(rows);
            }
          });
    }

    private static Optional<Step> step(ResultSet rows) throws SQLException {
      return rows.next()
          ? Optional.of(new Step(rows.getLong(1), rows.getLong(2)))
          : Optional.empty();
    }

    private void settle(UUID hook, long sweptUpTo) throws SQLException {
      call(
          Sql.SETTLE,
          settle -> {
            settle.setObject(1, hook);
            settle.setLong(2, sweptUpTo);
            settle.setLong(3, sweptUpTo);
            settle.setLong(4, limits.captures());
            settle.setLong(5, limits.bytes());
            settle.setObject(6, hook);
            settle.setLong(7, sweptUpTo);
            settle.setLong(8, limits.captureLife().toSeconds());
            settle.setObject(9, hook);
            return settle.execute();
          });
    }

    private boolean drop(UUID hook) throws SQLException {
      return call(
          Sql.DROP_HOOK,
          drop -> {
            drop.setObject(1, hook);
            drop.setObject(2, utc(clock.instant().minus(GRACE)));
            return drop.executeUpdate() > 0;
          });
    }

    private <T> T call(String sql, Statement<T> statement) throws SQLException {
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
}
