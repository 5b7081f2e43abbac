package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MigrationsIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final int ALL = Migration.ALL.size();
  private static final String DEAD_HOLDER =
      """
      INSERT INTO schema_lease VALUES ('migration', '0d05b3a4-c2f1-4d5e-9a7b-1f2e3d4c5b6a',
        now() + INTERVAL '6 seconds')
      """;

  @Test
  @Shows("F47")
  void aSecondRunChangesNothing() {
    try (Database database = Stores.open(POSTGRES.freshDatabase(), 1)) {
      Migrations migrations = Stores.migrations(database, Duration.ofSeconds(60));

      assertEquals(ALL, migrations.run());
      assertEquals(0, migrations.run());
    }
  }

  @Test
  void aSchemaOfANewerVersionIsRefusedAndStaysAsItIs() {
    String url = POSTGRES.freshSchema();
    PostgresServer.execute(
        url, "INSERT INTO schema_history (version, name) VALUES (" + (ALL + 1) + ", 'later')");
    PostgresServer.execute(url, "DROP INDEX hooks_due");
    PostgresServer.execute(url, "DELETE FROM schema_history WHERE version = 2");
    try (Database database = Stores.open(url, 1)) {
      NewerSchemaException refused =
          assertThrows(
              NewerSchemaException.class,
              () -> Stores.migrations(database, Duration.ofSeconds(60)).refuseNewer());

      assertEquals(
          "the database was used by a newer Hookwell (schema "
              + (ALL + 1)
              + ", and this one knows "
              + ALL
              + "): run that one, or name another database",
          refused.getMessage());
    }
    assertEquals(
        0,
        PostgresServer.number(
            url, "SELECT count(*) FROM pg_indexes WHERE indexname = 'hooks_due'"));
  }

  @Test
  void aSchemaOfThisVersionOrNoneIsNotRefused() {
    String empty = POSTGRES.freshDatabase();
    try (Database none = Stores.open(empty, 1);
        Database same = Stores.open(POSTGRES.freshSchema(), 1)) {
      Stores.migrations(none, Duration.ofSeconds(60)).refuseNewer();
      Stores.migrations(same, Duration.ofSeconds(60)).refuseNewer();
    }
    assertEquals(
        0,
        PostgresServer.number(empty, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
  }

  @Test
  @Shows("S08")
  void whatIsCapturedLiesInColumnsOfBytes() {
    String url = POSTGRES.freshSchema();

    assertEquals(
        0,
        PostgresServer.number(
            url,
            """
            SELECT count(*) FROM information_schema.columns
            WHERE table_name IN ('hooks', 'captures', 'bodies')
              AND data_type NOT IN
                ('uuid', 'bigint', 'integer', 'bytea', 'timestamp with time zone')
            """));
    assertEquals(
        6,
        PostgresServer.number(
            url,
            """
            SELECT count(*) FROM information_schema.columns
            WHERE table_name = 'captures' AND data_type = 'bytea'
            """));
  }

  @Test
  void theLeaseIsGivenBack() {
    String url = POSTGRES.freshSchema();

    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM schema_lease"));
    assertEquals(ALL, PostgresServer.number(url, "SELECT count(*) FROM schema_history"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&options=-c%20default_transaction_isolation%3Dserializable"})
  @Shows("F47")
  void ofSeveralAtOnceEachChangeIsMadeByOne(String options) throws Exception {
    String url = POSTGRES.freshDatabase() + options;
    try (Database database = Stores.open(url, 4);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> run = () -> Stores.migrations(database, Duration.ofSeconds(60)).run();
      int done = 0;
      for (Future<Integer> result : threads.invokeAll(List.of(run, run, run, run))) {
        done += result.get();
      }

      assertEquals(ALL, done);
    }
  }

  /** Every statement of a run, as it stands in the database when the run is killed behind it. */
  private static List<String> statementsOfARun() {
    List<String> statements = new ArrayList<>();
    statements.add(Sql.SCHEMA_LEASE.jdbc());
    statements.add(Sql.SCHEMA_HISTORY.jdbc());
    statements.add(DEAD_HOLDER);
    for (Migration migration : Migration.ALL) {
      statements.add(migration.sql());
      statements.add(
          "INSERT INTO schema_history (version, name) VALUES (%d, '%s')"
              .formatted(migration.version(), migration.name()));
    }
    return statements;
  }

  static IntStream statementCounts() {
    return IntStream.rangeClosed(0, statementsOfARun().size());
  }

  @ParameterizedTest
  @MethodSource("statementCounts")
  @Shows("F48")
  void aRunKilledAfterAnyStatementIsContinuedWhenItsLeaseEnds(int statements) {
    String url = POSTGRES.freshDatabase();
    statementsOfARun().stream().limit(statements).forEach(s -> PostgresServer.execute(url, s));
    boolean leased = statements > 2;
    if (leased) {
      // The rest of the lease, without waiting for it.
      PostgresServer.execute(
          url, "UPDATE schema_lease SET expires_at = now() + INTERVAL '300 milliseconds'");
    }

    try (Database database = Stores.open(url, 1)) {
      Stores.migrations(database, Duration.ofSeconds(60)).run();
    }

    assertEquals(ALL, PostgresServer.number(url, "SELECT count(*) FROM schema_history"));
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM captures"));
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM bodies"));
  }

  @Test
  void aConnectionLostInTheMiddleIsReplaced() {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(url, Sql.SCHEMA_HISTORY.jdbc());
    PostgresServer.execute(url, "CREATE SEQUENCE killed");
    PostgresServer.execute(
        url,
        """
        CREATE FUNCTION kill_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF new.version = 2 AND nextval('killed') = 1 THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
          END IF;
          RETURN new;
        END $$
        """);
    PostgresServer.execute(
        url,
        "CREATE TRIGGER kill_once BEFORE INSERT ON schema_history FOR EACH ROW EXECUTE FUNCTION"
            + " kill_once()");

    try (Database database = Stores.open(url, 1)) {
      Stores.migrations(database, Duration.ofSeconds(60)).run();
    }

    assertEquals(ALL, PostgresServer.number(url, "SELECT count(*) FROM schema_history"));
    assertEquals(2, PostgresServer.number(url, "SELECT nextval('killed') - 1"));
  }

  @Test
  void waitingForAnotherRunIsBounded() {
    String url = POSTGRES.freshDatabase();
    PostgresServer.execute(url, Sql.SCHEMA_LEASE.jdbc());
    PostgresServer.execute(url, DEAD_HOLDER.replace("6 seconds", "1 hour"));
    try (Database database = Stores.open(url, 1)) {
      Migrations migrations =
          new Migrations(
              database,
              new Migrations.Settings(Duration.ofSeconds(60), Duration.ofMillis(200)),
              Clock.systemUTC(),
              Stores.retries(Clock.systemUTC()),
              UUID::randomUUID);

      assertThrows(StoreUnavailableException.class, migrations::run);
    }
    assertEquals(1, PostgresServer.number(url, "SELECT count(*) FROM schema_lease"));
  }

  @Test
  void aLeaseThatAStatementCouldOutliveIsRefused() {
    try (Database database = Stores.open(POSTGRES.freshDatabase(), 1)) {
      assertThrows(
          IllegalArgumentException.class, () -> Stores.migrations(database, Duration.ofSeconds(5)));
    }
  }

  @Test
  void theHashNamesTheSchema() {
    assertTrue(Migrations.hash().matches("[0-9a-f]{64}"));
    assertEquals(Migrations.hash(), Migrations.hash());
  }

  @Test
  void versionsCountFromOne() {
    assertEquals(
        IntStream.rangeClosed(1, ALL).boxed().toList(),
        Migration.ALL.stream().map(Migration::version).toList());
  }
}
