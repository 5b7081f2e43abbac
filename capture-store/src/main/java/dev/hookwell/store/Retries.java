package dev.hookwell.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Repeats a transaction that met another one, in place and with jitter, until a deadline.
 * Thread-safe if its clock, its random numbers and its sleeper are.
 */
public final class Retries {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
  private static final int DOUBLINGS = 6;

  private final Clock clock;
  private final RandomGenerator random;
  private final Sleeper sleeper;

  public Retries(Clock clock, RandomGenerator random, Sleeper sleeper) {
    this.clock = clock;
    this.random = random;
    this.sleeper = sleeper;
  }

  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /**
   * The work's result.
   *
   * @throws SQLException the last failure: {@link SqlFailure#RETRY} when the deadline came first
   */
  <T> T until(Instant deadline, Work<T> work) throws SQLException {
    for (int failures = 0; ; failures++) {
      try {
        return work.run();
      } catch (SQLException e) {
        if (SqlFailure.of(e) != SqlFailure.RETRY || !pause(failures, deadline)) {
          throw e;
        }
      }
    }
  }

  <T> T until(Instant deadline, Database database, Database.Work<T> work) throws SQLException {
    return until(deadline, () -> database.call(work));
  }

  /** The same for calls that have no deadline of their own and no captures at stake. */
  <T> T within(Duration budget, Database database, Database.Work<T> work) {
    return unchecked(() -> until(clock.instant().plus(budget), database, work));
  }

  /**
   * The work's result, by one try.
   *
   * @throws StoreUnavailableException when it failed
   * @throws StoreClashException when it failed with a clash
   */
  static <T> T unchecked(Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw asUnchecked(e);
    }
  }

  static RuntimeException asUnchecked(SQLException e) {
    return switch (SqlFailure.of(e)) {
      case CLASH -> new StoreClashException("the database has a clash", e);
      case RETRY, POISON, OUTAGE -> new StoreUnavailableException("the database failed", e);
    };
  }

  /** Full jitter: writers that met once shall not meet again. False when the time is up. */
  private boolean pause(int failures, Instant deadline) {
    long ceiling = FIRST_PAUSE.toNanos() << Math.min(failures, DOUBLINGS);
    Duration pause =
        Duration.ofNanos(1 + random.nextLong(Math.min(ceiling, LONGEST_PAUSE.toNanos())));
    if (!clock.instant().plus(pause).isBefore(deadline)) {
      return false;
    }
    return sleep(pause);
  }

  /** False when interrupted: it is time to end. */
  boolean sleep(Duration pause) {
    try {
      sleeper.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
