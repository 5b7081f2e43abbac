package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Shows;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a batch when the database fails, by a trigger of the test's own or for real. */
final class StoreFaultsIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Instant NOW = Captures.RECEIVED_AT.plusSeconds(3600);

  /** Time that passes only while somebody sleeps. */
  private static final class SleepingClock extends Clock {
    private Instant now = NOW;
    private int sleeps;

    void sleep(Duration duration) {
      now = now.plus(duration);
      sleeps++;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final String url = POSTGRES.freshSchema();
  private final SleepingClock clock = new SleepingClock();
  private final Retries retries = new Retries(clock, new Random(5), clock::sleep);
  private final Database database = Stores.open(url, 1);
  private final CaptureWriter writer =
      new CaptureWriter(database, HookLimits.DEFAULT, clock, retries);
  private final CaptureReader reader =
      new CaptureReader(database, HookLimits.DEFAULT, clock, retries);

  @AfterEach
  void closePool() {
    database.close();
  }

  /** Runs PL/pgSQL before each row of captures; {@code bad} tells a row that the test marked. */
  private void beforeEachRow(String code) {
    PostgresServer.execute(url, "CREATE SEQUENCE attempts");
    PostgresServer.execute(
        url,
        """
        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE bad boolean := position('bad' IN encode(new.body, 'escape')) > 0;
        BEGIN %s RETURN new; END $$
        """
            .formatted(code));
    PostgresServer.execute(
        url,
        "CREATE TRIGGER fault BEFORE INSERT ON captures FOR EACH ROW EXECUTE FUNCTION fault()");
  }

  private void repair() {
    PostgresServer.execute(url, "DROP TRIGGER fault ON captures");
  }

  private static List<Capture> batch(int size, Integer... bad) {
    List<Capture> batch = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      batch.add(Captures.capture(2, i, (List.of(bad).contains(i) ? "bad " : "good ") + i));
    }
    return batch;
  }

  private List<SaveOutcome> save(List<Capture> batch) {
    return writer.save(batch, clock.instant().plusSeconds(8));
  }

  private long storedRows() {
    return PostgresServer.number(url, "SELECT count(*) FROM captures");
  }

  @ParameterizedTest
  @ValueSource(strings = {"22P02", "23514", "23502", "54000"})
  @Shows("F19")
  void onlyThePoisonIsSetAside(String state) {
    beforeEachRow("IF bad THEN RAISE SQLSTATE '" + state + "'; END IF;");

    List<SaveOutcome> outcomes = save(batch(10, 4, 10));

    List<SaveOutcome> expected = new ArrayList<>(Collections.nCopies(10, SaveOutcome.STORED));
    expected.set(3, SaveOutcome.POISON);
    expected.set(9, SaveOutcome.POISON);
    assertEquals(expected, outcomes);
    HookState hook = reader.hook(Captures.hook(2).uid()).orElseThrow();
    assertEquals(8, hook.lastSeq());
    assertEquals(8, reader.after(hook, 0, 100).size());
  }

  @Test
  void aRealConstraintIsolatesItsRow() {
    PostgresServer.execute(
        url, "ALTER TABLE captures ADD CONSTRAINT no_nines CHECK (body_size <> 9)");

    // "good 1".."good 9" have 6 bytes, "good 10" has 7; "bad 12345" would have 9.
    List<Capture> batch = new ArrayList<>(batch(10));
    batch.add(5, Captures.capture(2, 99, "9 letters"));

    List<SaveOutcome> outcomes = save(batch);

    assertEquals(SaveOutcome.POISON, outcomes.get(5));
    assertEquals(10, Collections.frequency(outcomes, SaveOutcome.STORED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  @Shows("F16")
  void aConflictIsTriedAgainInPlace(String state) {
    beforeEachRow("IF nextval('attempts') <= 3 THEN RAISE SQLSTATE '" + state + "'; END IF;");

    assertEquals(Collections.nCopies(5, SaveOutcome.STORED), save(batch(5)));

    assertEquals(3, clock.sleeps);
    assertEquals(5, storedRows());
  }

  @Test
  @Shows("F16")
  void aConflictThatStaysIsNoPoison() {
    beforeEachRow("RAISE SQLSTATE '40001';");

    assertEquals(Collections.nCopies(5, SaveOutcome.RETRY_LATER), save(batch(5)));

    assertTrue(clock.instant().isBefore(NOW.plusSeconds(8)));
    assertTrue(clock.sleeps > 5, "tried " + clock.sleeps + " times");
    repair();
    assertEquals(Collections.nCopies(5, SaveOutcome.STORED), save(batch(5)));
  }

  @Test
  void aConflictWhileAPoisonIsSoughtLeavesTheRestForLater() {
    beforeEachRow(
        "IF bad THEN RAISE SQLSTATE '22P02'; END IF; IF new.capture_id = '%s' THEN RAISE SQLSTATE '40001'; END IF;"
            .formatted(Captures.id(8)));

    List<SaveOutcome> outcomes = save(batch(8, 1));

    assertEquals(SaveOutcome.POISON, outcomes.get(0));
    assertEquals(SaveOutcome.STORED, outcomes.get(1));
    assertEquals(SaveOutcome.RETRY_LATER, outcomes.get(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"40003", "08006", "57014", "25006", "53100", "53300", "58030", "XX000"})
  @Shows("F18")
  void anOutageBringsTheWholeBatchBack(String state) {
    beforeEachRow("IF bad THEN RAISE SQLSTATE '" + state + "'; END IF;");

    assertThrows(StoreUnavailableException.class, () -> save(batch(4, 3)));

    assertEquals(0, storedRows());
    assertEquals(0, clock.sleeps);
    repair();
    assertEquals(Collections.nCopies(4, SaveOutcome.STORED), save(batch(4, 3)));
  }

  @Test
  void aClashBringsTheWholeBatchBackWithAnAlarm() {
    beforeEachRow("IF bad THEN RAISE SQLSTATE '23505'; END IF;");

    assertThrows(StoreClashException.class, () -> save(batch(4, 3)));
    assertEquals(0, storedRows());
  }

  /** Retention may have swept a duplicate before it was looked for. */
  @Test
  void aClashThatNothingExplainsIsTriedOnceMore() {
    beforeEachRow("IF nextval('attempts') = 3 THEN RAISE SQLSTATE '23505'; END IF;");

    assertEquals(Collections.nCopies(4, SaveOutcome.STORED), save(batch(4)));
    assertEquals(4, storedRows());
  }

  @Test
  void duplicatesAndPoisonInOneBatchAreToldApart() {
    save(batch(2));
    beforeEachRow("IF bad THEN RAISE SQLSTATE '22P02'; END IF;");

    assertEquals(
        List.of(
            SaveOutcome.DUPLICATE, SaveOutcome.DUPLICATE, SaveOutcome.POISON, SaveOutcome.STORED),
        save(batch(4, 3)));
  }

  @Test
  void whatWasDroppedFromABatchThatComesBackIsCountedOnce() {
    HookId deleted = Captures.hook(3);
    new CaptureRemoval(database, clock, retries).deleteHook(deleted);
    save(batch(1));
    List<Capture> batch = new ArrayList<>(batch(2, 2));
    batch.add(Captures.capture(3, 9, "too late"));
    beforeEachRow("IF bad THEN RAISE SQLSTATE '53100'; END IF;");

    assertThrows(StoreUnavailableException.class, () -> save(batch));
    assertEquals(0, reader.hook(deleted.uid()).orElseThrow().dropped());

    repair();
    assertEquals(
        List.of(SaveOutcome.DUPLICATE, SaveOutcome.STORED, SaveOutcome.DROPPED), save(batch));
    assertEquals(1, reader.hook(deleted.uid()).orElseThrow().dropped());
  }

  @Test
  void whatWasDroppedIsCountedForAllHooksOrForNone() {
    CaptureRemoval removal = new CaptureRemoval(database, clock, retries);
    List<HookId> deleted = List.of(Captures.hook(3), Captures.hook(4), Captures.hook(5));
    deleted.forEach(removal::deleteHook);
    List<Capture> batch = new ArrayList<>(batch(1));
    for (int i = 0; i < 6; i++) {
      batch.add(Captures.capture(3 + i % 3, 10 + i, "too late"));
    }
    PostgresServer.execute(url, "CREATE SEQUENCE counted");
    PostgresServer.execute(
        url,
        """
        CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('counted') = 2 THEN RAISE SQLSTATE '53100'; END IF;
          RETURN new;
        END $$
        """);
    PostgresServer.execute(
        url,
        "CREATE TRIGGER no_space BEFORE UPDATE OF dropped_count ON hooks FOR EACH ROW EXECUTE FUNCTION"
            + " no_space()");

    assertThrows(StoreUnavailableException.class, () -> save(batch));

    List<SaveOutcome> expected = new ArrayList<>(Collections.nCopies(7, SaveOutcome.DROPPED));
    expected.set(0, SaveOutcome.DUPLICATE);
    assertEquals(expected, save(batch), "the batch comes back");
    for (HookId hook : deleted) {
      assertEquals(2, reader.hook(hook.uid()).orElseThrow().dropped());
    }
  }

  @Test
  void droppedCapturesThatCouldNotBeCountedComeAgain() {
    CaptureRemoval removal = new CaptureRemoval(database, clock, retries);
    removal.deleteHook(Captures.hook(3));
    removal.deleteHook(Captures.hook(4));
    List<Capture> batch = new ArrayList<>(batch(1));
    batch.add(Captures.capture(3, 9, "too late"));
    batch.add(Captures.capture(4, 10, "too late"));
    PostgresServer.execute(
        url,
        """
        CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE SQLSTATE '40001'; END $$
        """);
    PostgresServer.execute(
        url,
        "CREATE TRIGGER busy BEFORE UPDATE OF dropped_count ON hooks FOR EACH ROW EXECUTE FUNCTION"
            + " busy()");

    assertEquals(
        List.of(SaveOutcome.STORED, SaveOutcome.RETRY_LATER, SaveOutcome.RETRY_LATER), save(batch));

    PostgresServer.execute(url, "DROP TRIGGER busy ON hooks");
    assertEquals(
        List.of(SaveOutcome.DUPLICATE, SaveOutcome.DROPPED, SaveOutcome.DROPPED), save(batch));
    assertEquals(1, reader.hook(Captures.hook(3).uid()).orElseThrow().dropped());
    assertEquals(1, reader.hook(Captures.hook(4).uid()).orElseThrow().dropped());
  }

  @Test
  void anOccupiedNumberIsAClashAndNeverASilentLoss() {
    save(batch(2));
    PostgresServer.execute(url, "UPDATE hooks SET last_seq = 1");

    assertThrows(StoreClashException.class, () -> save(List.of(Captures.capture(2, 3, "third"))));
  }

  @Test
  void withoutASchemaItIsAnOutage() {
    PostgresServer.execute(url, "DROP TABLE captures");

    assertThrows(StoreUnavailableException.class, () -> save(batch(1)));
  }

  @Test
  @Shows("S30")
  void whatAFailureSaysHoldsNoCapturedData() {
    PostgresServer.execute(url, "ALTER TABLE captures ADD CONSTRAINT single UNIQUE (method)");

    StoreClashException clash = assertThrows(StoreClashException.class, () -> save(batch(2)));

    for (Throwable t = clash; t != null; t = t.getCause()) {
      assertTrue(!t.toString().contains("504f5354"), "the method in hexadecimal: " + t);
    }
  }

  @Test
  @Shows("F13")
  void aConnectionThatDiedBetweenTwoCallsIsReplaced() {
    save(batch(1));
    PostgresServer.terminateBackends(url);

    assertEquals(List.of(SaveOutcome.DUPLICATE, SaveOutcome.STORED), save(batch(2)));

    PostgresServer.terminateBackends(url);
    assertEquals(2, reader.hook(Captures.hook(2).uid()).orElseThrow().lastSeq());
  }

  @Test
  @Shows("F11")
  void aConnectionThatDiesWithinTheStatementLeavesNothingHalf() {
    beforeEachRow(
        "IF nextval('attempts') = 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;");

    assertEquals(Collections.nCopies(4, SaveOutcome.STORED), save(batch(4)));
    assertEquals(4, storedRows());
  }

  @Test
  @Shows("F11")
  void aServerThatEndsEveryConnectionIsAnOutageOfTwoAttempts() {
    beforeEachRow("PERFORM nextval('attempts'); PERFORM pg_terminate_backend(pg_backend_pid());");

    assertThrows(StoreUnavailableException.class, () -> save(batch(4)));
    assertEquals(3, PostgresServer.number(url, "SELECT nextval('attempts')"));

    repair();
    assertEquals(Collections.nCopies(4, SaveOutcome.STORED), save(batch(4)));
  }

  private Database impatient(Duration socketTimeout, Duration statementTimeout) {
    Duration connect = Duration.ofSeconds(3);
    return new Database(
        url,
        new Database.Settings(1, connect, connect, socketTimeout, statementTimeout, "impatient"),
        true);
  }

  @Test
  @Shows("F15")
  void aSlowStatementEndsWithTheDeadline() {
    beforeEachRow("PERFORM pg_sleep(20);");
    try (Database patient = impatient(Duration.ofSeconds(60), Duration.ofSeconds(50))) {
      CaptureWriter patientWriter = new CaptureWriter(patient, HookLimits.DEFAULT, clock, retries);

      // The clock stands still: the statement has what is left of its time, and then ends for real.
      assertThrows(
          StoreUnavailableException.class,
          () -> patientWriter.save(batch(1), clock.instant().plusMillis(700)));
    }
    assertEquals(0, storedRows());
    PostgresServer.terminateBackends(url);
  }

  @Test
  void aSlowStatementEndsWithTheServersTimeout() {
    beforeEachRow("PERFORM pg_sleep(20);");
    try (Database quick = impatient(Duration.ofSeconds(60), Duration.ofMillis(300))) {
      CaptureWriter quickWriter = new CaptureWriter(quick, HookLimits.DEFAULT, clock, retries);

      assertThrows(
          StoreUnavailableException.class,
          () -> quickWriter.save(batch(1), clock.instant().plusSeconds(120)));
    }
    assertEquals(0, storedRows());
  }

  @Test
  @Shows("F17")
  void tooManyConnectionsIsAnOutageThatPasses() throws Exception {
    PostgresServer.execute(
        url,
        """
        DROP ROLE IF EXISTS crowded;
        CREATE ROLE crowded LOGIN CONNECTION LIMIT 1;
        GRANT ALL ON ALL TABLES IN SCHEMA public TO crowded
        """);
    String crowdedUrl = url.replace("//postgres@", "//crowded@");
    try (Database only = Stores.open(crowdedUrl, 1);
        Database crowded = Stores.open(crowdedUrl, 1)) {
      CaptureWriter crowdedWriter = new CaptureWriter(crowded, HookLimits.DEFAULT, clock, retries);
      only.call(Connection::isReadOnly);

      assertThrows(
          StoreUnavailableException.class,
          () -> crowdedWriter.save(batch(1), clock.instant().plusSeconds(8)));

      PostgresServer.terminateBackends(url);
      assertEquals(List.of(SaveOutcome.STORED), saveOnceThereIsRoom(crowdedWriter));
    }
    PostgresServer.execute(url, "DROP OWNED BY crowded; DROP ROLE crowded");
  }

  /** The pool may just have begun a pause of seconds before it tries to connect again. */
  private List<SaveOutcome> saveOnceThereIsRoom(CaptureWriter crowded) {
    for (int attempt = 1; ; attempt++) {
      try {
        return crowded.save(batch(1), clock.instant().plusSeconds(8));
      } catch (StoreUnavailableException e) {
        if (attempt == 5) {
          throw e;
        }
      }
    }
  }
}
