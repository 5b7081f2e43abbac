package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.Shows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own, stopped, hung and started again while a store uses it. */
final class OutageIT {
  private static final HookUid HOOK = Captures.hook(2).uid();
  private static final Instant NOW = Captures.RECEIVED_AT.plusSeconds(3600);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Database.Settings QUICK = settings(4, 3);
  private static final Database.Settings PATIENT = settings(90, 60);

  @TempDir private Path data;

  private static Database.Settings settings(int socketSeconds, int statementSeconds) {
    return new Database.Settings(
        1,
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        Duration.ofSeconds(socketSeconds),
        Duration.ofSeconds(statementSeconds),
        "outage");
  }

  private EmbeddedPostgres start(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data.resolve("pg"))
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofSeconds(60))
        // Off by default here: a killed server would lose what it had committed.
        .setServerConfig("synchronous_commit", "on")
        .setPort(port)
        .start();
  }

  private static List<SaveOutcome> save(CaptureWriter writer, long... ids) {
    List<Capture> batch =
        LongStream.of(ids).mapToObj(id -> Captures.capture(2, id, "body " + id)).toList();
    return writer.save(batch, NOW.plusSeconds(8));
  }

  @Test
  void aStoppedServerIsAnOutageAndTheNextCallAfterItsReturnSucceeds() throws Exception {
    EmbeddedPostgres server = start(0);
    int port = server.getPort();
    String url = "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=disable".formatted(port);
    Stores.migrate(url);
    try (Database database = new Database(url, QUICK, true)) {
      CaptureWriter writer =
          new CaptureWriter(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));
      CaptureReader reader =
          new CaptureReader(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));
      save(writer, 1, 2);

      server.close();
      assertThrows(StoreUnavailableException.class, () -> save(writer, 3));
      assertThrows(StoreUnavailableException.class, () -> reader.hook(HOOK));

      server = start(port);
      assertEquals(List.of(SaveOutcome.DUPLICATE, SaveOutcome.STORED), save(writer, 2, 3));
      assertEquals(3, reader.hook(HOOK).orElseThrow().lastSeq());
    } finally {
      server.close();
    }
  }

  @Test
  @Shows({"F10", "F14"})
  void aServerThatHangsOrDiesWithinAStatementLeavesNothingHalf() throws Exception {
    EmbeddedPostgres server = start(0);
    int port = server.getPort();
    String url = "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=disable".formatted(port);
    Stores.migrate(url);
    try (Database database = new Database(url, QUICK, true)) {
      CaptureWriter writer =
          new CaptureWriter(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));
      CaptureReader reader =
          new CaptureReader(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));
      save(writer, 1);

      signal("-STOP");
      try {
        assertThrows(StoreUnavailableException.class, () -> save(writer, 2));
      } finally {
        signal("-CONT");
      }
      // What the server did of it after it woke up does no harm.
      assertTrue(save(writer, 2).getFirst().isDone());
      assertEquals(2, reader.hook(HOOK).orElseThrow().lastSeq());

      // The way of an immediate stop: no server process finishes what it is at.
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            """
            CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF new.seq = 4 THEN PERFORM pg_sleep(30); END IF;
              RETURN new;
            END $$
            """);
        statement.execute(
            "CREATE TRIGGER fault AFTER INSERT ON captures FOR EACH ROW EXECUTE FUNCTION fault()");
      }
      try (Database patient = new Database(url, PATIENT, true);
          ExecutorService background = Executors.newSingleThreadExecutor()) {
        // By a clock that stands still it has all its time; the server ends it before.
        CaptureWriter waiting =
            new CaptureWriter(patient, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));
        Future<List<SaveOutcome>> saving = background.submit(() -> save(waiting, 3, 4, 5));
        awaitSleep(server);
        signal("-QUIT");
        ExecutionException failed = assertThrows(ExecutionException.class, saving::get);
        assertInstanceOf(StoreUnavailableException.class, failed.getCause());
      }
      server.close();
      server = start(port);
      assertEquals(2, reader.hook(HOOK).orElseThrow().lastSeq());
      assertEquals(2, reader.newest(reader.hook(HOOK).orElseThrow(), 10).size());
    } finally {
      server.close();
    }
  }

  private static void awaitSleep(EmbeddedPostgres server) throws Exception {
    Instant deadline = Instant.now().plusSeconds(20);
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      boolean sleeping = false;
      while (!sleeping) {
        assertTrue(Instant.now().isBefore(deadline), "the trigger did not run");
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")) {
          rows.next();
          sleeping = rows.getBoolean(1);
        }
      }
    }
  }

  /** To all of its processes: the one that serves us is among them. */
  private void signal(String signal) throws Exception {
    String pid = Files.readAllLines(data.resolve("pg/postmaster.pid")).getFirst();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    List<String> command = new ArrayList<>(List.of("kill", signal, pid));
    postmaster.descendants().forEach(process -> command.add(String.valueOf(process.pid())));
    new ProcessBuilder(command).start().waitFor();
  }

  @Test
  void aDatabaseThatIsNotThereIsNoticedWhenItIsNeeded() {
    try (Database database =
        new Database("postgresql://u@127.0.0.1:1/d?sslmode=disable", QUICK, true)) {
      CaptureWriter writer =
          new CaptureWriter(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));

      assertThrows(StoreUnavailableException.class, () -> save(writer, 1));
      assertEquals(List.of(), save(writer));
    }
  }
}
