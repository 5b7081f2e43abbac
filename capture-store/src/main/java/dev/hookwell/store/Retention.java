package dev.hookwell.store;

import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.HookUid;
import dev.hookwell.store.HookUpkeep.Due;
import dev.hookwell.store.HookUpkeep.Tally;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes room: moves the floor of hooks over captures that are expired or over quota, oldest first,
 * and counts them; sweeps the rows below the floor; drops hooks a day after their end. Where all
 * hooks together take more bytes than the operator allows, the oldest captures of all of them go,
 * until they don't. To be run every minute, beside writers and readers, and by several at once
 * without harm; a run that was killed is continued by the next. Until it ran, quotas are not
 * enforced.
 */
public final class Retention {
  /** How long one hook may keep a run from the others that are due. */
  public static final Duration HOOK_BUDGET = Duration.ofSeconds(10);

  /** One hook takes no more than this part of the time that a run has left. */
  private static final int LARGEST_SHARE = 4;

  /**
   * In steps so fine the oldest captures are looked for: a part of the time since their receipt.
   */
  private static final int STEPS = 32;

  private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);

  private final HookLimits limits;
  private final StoreLimits storeLimits;
  private final Batches batches;
  private final Duration hookBudget;
  private final Clock clock;
  private final HookUpkeep upkeep;
  private final UsageCount usage;
  private final Optional<ObjectUpkeep> objects;

  /** With bounds on all hooks that no test comes near. */
  public Retention(
      Database database, HookLimits limits, Batches batches, Clock clock, Retries retries) {
    this(database, limits, StoreLimits.DEFAULT, batches, HOOK_BUDGET, clock, retries);
  }

  /** Where no body lies apart. */
  public Retention(
      Database database,
      HookLimits limits,
      StoreLimits storeLimits,
      Batches batches,
      Duration hookBudget,
      Clock clock,
      Retries retries) {
    this(database, limits, storeLimits, Optional.empty(), batches, hookBudget, clock, retries);
  }

  /**
   * @param bodies where bodies lie apart
   * @param hookBudget how long a run may look after one hook; another run goes on
   */
  public Retention(
      Database database,
      HookLimits limits,
      StoreLimits storeLimits,
      Optional<BodyStore> bodies,
      Batches batches,
      Duration hookBudget,
      Clock clock,
      Retries retries) {
    this.limits = limits;
    this.storeLimits = storeLimits;
    this.batches = batches;
    this.hookBudget = hookBudget;
    this.clock = clock;
    this.upkeep = new HookUpkeep(database, limits, batches, clock, retries);
    this.usage = new UsageCount(database, clock, retries);
    this.objects =
        bodies.map(store ->
            new ObjectUpkeep(database, limits, store, batches.sweptRows(), clock, retries));
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
   * The work of a run.
   *
   * @param hooks looked after
   * @param evicted captures that were available until then
   * @param swept rows deleted
   * @param droppedHooks rows of hooks that ended a day ago
   * @param objects bodies deleted that lay apart
   * @param objectsLeft bodies that should have been deleted and were not, by the cause: a short
   *     word of ours or an AWS error code
   * @param finished whether nothing was left to do; false when the deadline, or a hook's budget,
   *     came first, or objects were not deleted
   */
  public record Report(
      int hooks,
      long evicted,
      long swept,
      int droppedHooks,
      long objects,
      Map<String, Long> objectsLeft,
      boolean finished) {
    public Report {
      objectsLeft = Map.copyOf(objectsLeft);
    }
  }

  /**
   * Looks after the hooks that are due, the longest overdue first, and then after the bound on all
   * of them.
   *
   * @param deadline after which no further statement is started
   * @throws StoreUnavailableException when the database failed
   */
  public Report run(Instant deadline) {
    return Retries.unchecked(new Run(deadline)::all);
  }

  /**
   * The totals of all hooks at the last count of a run, less the captures freed since.
   *
   * @throws StoreUnavailableException when the database failed
   */
  public StoreUsage usage() {
    return usage.last();
  }

  /** The bounds on all hooks that it holds. */
  public StoreLimits storeLimits() {
    return storeLimits;
  }

  private final class Run {
    private final Instant deadline;
    private final Tally tally = new Tally();
    private final Set<HookUid> seen = new HashSet<>();
    private @Nullable SQLException failure;
    private boolean unfinished;

    /** By the last count of this run; null before it, and after one that failed. */
    private @Nullable StoreUsage counted;

    private long freedBeforeCount;
    private int droppedBeforeCount;
    private final ObjectUpkeep.Tally objectTally = new ObjectUpkeep.Tally();

    Run(Instant deadline) {
      this.deadline = deadline;
    }

    Report all() throws SQLException {
      attempt(() -> upkeep.sweepScripts(deadline));
      // The objects that an earlier run left come before a flood that takes the time; those that
      // this run leaves come after it.
      Instant start = clock.instant();
      deleteObjects(start.plus(Duration.between(start, deadline).dividedBy(LARGEST_SHARE)));
      attempt(() -> {
        if (usage.claim(deadline)) {
          count();
        }
      });
      if (excess() == 0) {
        allDue(deadline);
      } else {
        Instant now = clock.instant();
        // A flood must keep neither part from the other.
        allDue(now.plus(Duration.between(now, deadline).dividedBy(2)));
        // Expired hooks and owners freed bytes meanwhile: other hooks must not free them once more.
        attempt(this::count);
        withinBound();
      }
      StoreUsage left = left();
      if (left != null) {
        attempt(() -> usage.keep(left, storeLimits, deadline));
      }
      if (tally.swept > 0) {
        deleteObjects(deadline);
      }
      if (failure != null) {
        throw failure;
      }
      return new Report(
          seen.size(),
          tally.evicted,
          tally.swept,
          tally.dropped,
          objectTally.deleted(),
          objectTally.left(),
          !unfinished);
    }

    private void deleteObjects(Instant end) throws SQLException {
      if (objects.isPresent()) {
        attempt(() -> unfinished |= !objects.get().run(end, objectTally));
      }
    }

    /** When it fails, hooks are looked after all the same, and the bound by another run. */
    private void count() throws SQLException {
      counted = null;
      counted = usage.count(deadline);
      freedBeforeCount = tally.freedBytes;
      droppedBeforeCount = tally.dropped;
    }

    /** The last count, less the captures that this run freed since; null before a count. */
    private @Nullable StoreUsage left() {
      return counted == null
          ? null
          : new StoreUsage(
              Math.max(0, counted.hooks() - (tally.dropped - droppedBeforeCount)),
              Math.max(0, counted.storedBytes() - (tally.freedBytes - freedBeforeCount)));
    }

    private long excess() {
      StoreUsage left = left();
      return left == null ? 0 : left.excess(storeLimits);
    }

    private void allDue(Instant end) throws SQLException {
      int before = -1;
      while (seen.size() > before && hasTime(end)) {
        before = seen.size();
        // Those that were seen may still be due, and must not hide the others.
        for (Due due : upkeep.due(clock.instant(), batches.hooks() + seen.size(), deadline)) {
          // Once a run: a hook that stays due, by a writer's doing, must not keep it for itself.
          if (hasTime(end) && seen.add(due.hook())) {
            oneOfMany(due, end);
          }
        }
      }
      unfinished |= !hasTime(end);
    }

    /**
     * Within its budget, and a part of the time that is left: many floods leave time for others.
     */
    private void oneOfMany(Due due, Instant end) throws SQLException {
      Instant now = clock.instant();
      Duration share = Duration.between(now, end).dividedBy(LARGEST_SHARE);
      Instant budget = now.plus(share.compareTo(hookBudget) < 0 ? share : hookBudget);
      boolean[] done = new boolean[1];
      attempt(() -> done[0] = upkeep.lookAfter(due, budget, tally));
      if (!done[0]) {
        unfinished = true;
        if (hasTime(end)) {
          attempt(() -> upkeep.requeue(due.hook(), deadline));
        }
      }
    }

    /**
     * The oldest captures of all hooks go, until the rest fits. A hook is due when its oldest
     * capture expires, so hooks that are due by a certain time have all that were received a
     * capture's life before it.
     */
    private void withinBound() throws SQLException {
      Instant now = clock.instant();
      // Not before it: a capture may have been received by a clock that is ahead.
      Instant last = now.plus(HookUpkeep.GRACE);
      List<Due> first = upkeep.due(last.plus(limits.captureLife()), 1, deadline);
      if (excess() == 0 || first.isEmpty()) {
        return;
      }
      Instant cut = first.getFirst().dueAt().minus(limits.captureLife());
      while (excess() > 0 && cut.isBefore(last) && hasTime(deadline)) {
        Duration step = Duration.between(cut, now).dividedBy(STEPS);
        cut = cut.plus(step.compareTo(SHORTEST_STEP) < 0 ? SHORTEST_STEP : step);
        if (!cut.isBefore(now)) {
          cut = last;
        }
        shortenAll(cut);
      }
      unfinished |= excess() > 0;
    }

    private void shortenAll(Instant cut) throws SQLException {
      Set<HookUid> shortened = new HashSet<>();
      int before = -1;
      while (shortened.size() > before && excess() > 0 && hasTime(deadline)) {
        before = shortened.size();
        for (Due due :
            upkeep.due(
                cut.plus(limits.captureLife()), batches.hooks() + shortened.size(), deadline)) {
          if (excess() > 0 && hasTime(deadline) && shortened.add(due.hook())) {
            attempt(() -> upkeep.shorten(due, cut, this::excess, deadline, tally));
          }
        }
      }
    }

    /** A failure at one hook must not keep the others from their turn. */
    private void attempt(Work work) throws SQLException {
      try {
        work.run();
      } catch (SQLException e) {
        switch (SqlFailure.of(e)) {
          case RETRY -> unfinished = true;
          case POISON, CLASH -> failure = e;
          case OUTAGE -> {
            if (!isTimeout(e)) {
              throw e;
            }
            failure = e;
          }
        }
      }
    }

    private boolean hasTime(Instant end) {
      return clock.instant().isBefore(end);
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws SQLException;
  }

  /** The server gave up a statement that took too long: it is there, and others are shorter. */
  private static boolean isTimeout(SQLException e) {
    return "57014".equals(e.getSQLState());
  }
}
