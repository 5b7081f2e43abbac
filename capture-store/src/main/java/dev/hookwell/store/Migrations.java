package dev.hookwell.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Brings the schema to the state that this version needs. May be run at any time, by several at
 * once: one works, under a lease that expires by itself, so that a killed one never blocks the next
 * for longer than that; the others wait for it. Every statement is idempotent, so the next run goes
 * on where a killed one stopped.
 */
public final class Migrations {
  private static final Duration LONGEST_POLL = Duration.ofMillis(500);
  private static final int BOOTSTRAP_ATTEMPTS = 5;
  private static final String UNDEFINED_TABLE = "42P01";

  private final Database database;
  private final Settings settings;
  private final Clock clock;
  private final Retries retries;
  private final Supplier<UUID> holders;

  /**
   * For one database.
   *
   * @param holders makes the name of a run, for its lease: {@code UUID::randomUUID}
   * @throws IllegalArgumentException when the lease could end within one statement
   */
  public Migrations(
      Database database, Settings settings, Clock clock, Retries retries, Supplier<UUID> holders) {
    if (settings.lease().compareTo(database.settings().statementTimeout()) <= 0) {
      throw new IllegalArgumentException("the lease has to outlast a statement's timeout");
    }
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.retries = retries;
    this.holders = holders;
  }

  /**
   * Patience with other runs.
   *
   * @param lease how long a run that was killed blocks others; renewed before every statement
   * @param longestWait for another run, before giving up
   */
  public record Settings(Duration lease, Duration longestWait) {
    public static final Settings DEFAULT =
        new Settings(Duration.ofSeconds(60), Duration.ofSeconds(90));
  }

  /** Names the schema: changes whenever a migration is added. 64 hexadecimal digits. */
  public static String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Migration migration : Migration.ALL) {
        String line = migration.version() + "\n" + migration.name() + "\n" + migration.sql() + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Returns when a program of this version may use the schema, or there is none yet. In the cloud a
   * version that was rolled back works on a newer schema. On one machine nobody rolls back: an
   * older version on a newer schema is a mistake there. Changes nothing.
   *
   * @throws NewerSchemaException when a newer version changed it
   * @throws StoreUnavailableException when the database failed
   */
  public void refuseNewer() {
    int known = newest();
    try {
      Set<Integer> versions = history(clock.instant().plus(settings.longestWait()));
      versions.stream()
          .max(Integer::compare)
          .filter(version -> version > known)
          .ifPresent(version -> {
            throw new NewerSchemaException(version, known);
          });
    } catch (SQLException e) {
      if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
        throw Retries.asUnchecked(e);
      }
    }
  }

  /**
   * Returns when the schema is there, by this run's doing or another's.
   *
   * @return how many changes this run made
   * @throws StoreUnavailableException when the database failed, or another run took too long
   */
  public int run() {
    return runUpTo(newest());
  }

  /** The last change of the schema that this version knows. */
  public static int newest() {
    return Migration.ALL.getLast().version();
  }

  /** The same up to an earlier change, for rows of that time, which the others then follow. */
  public int runUpTo(int version) {
    UUID holder = holders.get();
    Instant deadline = clock.instant().plus(settings.longestWait());
    try {
      createOwnTables(deadline);
      int done = 0;
      for (Migration migration : Migration.ALL) {
        if (migration.version() > version) {
          break;
        }
        // Before every look: another holder of the lease may have made this change meanwhile.
        awaitLease(holder, deadline);
        if (!history(deadline).contains(migration.version())) {
          execute(migration.statement(), deadline);
          call(
              deadline,
              Sql.HISTORY_ADD.count(to ->
                  to.setInt("version", migration.version()).setString("name", migration.name())));
          done++;
        }
      }
      call(deadline, Sql.LEASE_GIVE.count(to -> to.setUuid("holder", holder)));
      return done;
    } catch (SQLException e) {
      throw Retries.asUnchecked(e);
    }
  }

  /** Without a lease, which lives in one of them. */
  private void createOwnTables(Instant deadline) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        execute(Sql.SCHEMA_LEASE, deadline);
        execute(Sql.SCHEMA_HISTORY, deadline);
        return;
      } catch (SQLException e) {
        // Two that create one table at once: IF NOT EXISTS does not keep PostgreSQL from telling
        // one of them that its catalogue has the name already.
        if (SqlFailure.of(e) != SqlFailure.CLASH || attempt == BOOTSTRAP_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void awaitLease(UUID holder, Instant deadline) throws SQLException {
    Duration poll = settings.lease().dividedBy(10);
    Database.Work<Optional<UUID>> take =
        Sql.LEASE_TAKE.row(
            to -> to.setUuid("holder", holder).setLong("millis", settings.lease().toMillis()),
            row -> row.getObject("holder", UUID.class));
    while (call(deadline, take).isEmpty()) {
      if (!clock.instant().isBefore(deadline)) {
        throw new StoreUnavailableException("another migration is still running");
      }
      if (!retries.sleep(poll.compareTo(LONGEST_POLL) < 0 ? poll : LONGEST_POLL)) {
        throw new StoreUnavailableException("interrupted while another migration was running");
      }
    }
  }

  private Set<Integer> history(Instant deadline) throws SQLException {
    return Set.copyOf(
        call(
            deadline,
            Sql.HISTORY_READ.rows(NamedStatement.Bind.NOTHING, row -> row.getInt("version"))));
  }

  private void execute(NamedStatement change, Instant deadline) throws SQLException {
    call(deadline, change.count(NamedStatement.Bind.NOTHING));
  }

  private <T> T call(Instant deadline, Database.Work<T> work) throws SQLException {
    return retries.until(deadline, database, work);
  }
}
