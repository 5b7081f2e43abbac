package dev.hookwell.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Counts the totals of all hooks, and keeps them in one row. A count reads every row of hooks, so
 * many rows are counted less often: {@value #ROWS_A_MINUTE} a minute on average, unless bytes are
 * over their bound. Thread-safe.
 */
public final class UsageCount {
  static final long ROWS_A_MINUTE = 20_000;

  /** Shorter than retention's interval, so that few hooks are counted at each run. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(30);

  private static final Duration BUDGET = Duration.ofSeconds(2);

  private final Database database;
  private final Clock clock;
  private final Retries retries;

  public UsageCount(Database database, Clock clock, Retries retries) {
    this.database = database;
    this.clock = clock;
    this.retries = retries;
  }

  /**
   * The last count; zeros before the first one.
   *
   * @throws StoreUnavailableException when the database failed
   */
  public StoreUsage last() {
    return retries.within(BUDGET, database, read(RetentionSql.USAGE_READ));
  }

  /** Whether it is time to count; of several callers at once, one is told so. */
  boolean claim(Instant deadline) throws SQLException {
    Instant now = clock.instant();
    return retries
        .until(
            deadline,
            database,
            RetentionSql.USAGE_CLAIM.row(
                to -> to.setTime("next", now.plus(SHORTEST_INTERVAL)).setTime("now", now),
                row -> row.getString("name")))
        .isPresent();
  }

  StoreUsage count(Instant deadline) throws SQLException {
    return retries.until(deadline, database, read(RetentionSql.USAGE_COUNT));
  }

  void keep(StoreUsage usage, StoreLimits limits, Instant deadline) throws SQLException {
    Instant next = clock.instant().plus(interval(usage, limits));
    retries.until(
        deadline,
        database,
        RetentionSql.USAGE_KEEP.count(to ->
            to.setLong("hook_rows", usage.hooks())
                .setLong("stored_bytes", usage.storedBytes())
                .setTime("next", next)));
  }

  /** Until the next count. As long as room is to be made, each run has to know how much. */
  static Duration interval(StoreUsage usage, StoreLimits limits) {
    return usage.excess(limits) > 0 ? SHORTEST_INTERVAL : interval(usage.hooks());
  }

  static Duration interval(long rows) {
    Duration share = Duration.ofMinutes(1).multipliedBy(rows).dividedBy(ROWS_A_MINUTE);
    return share.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : share;
  }

  private static Database.Work<StoreUsage> read(NamedStatement usage) {
    return connection ->
        usage
            .row(
                NamedStatement.Bind.NOTHING,
                row -> new StoreUsage(row.getLong("hook_rows"), row.getLong("stored_bytes")))
            .run(connection)
            .orElse(StoreUsage.NONE);
  }
}
