package dev.hookwell.local.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.local.Deadline;
import dev.hookwell.local.folder.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public final class LocalDatabaseIT {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** One folder for all: unpacking PostgreSQL takes longer than the tests. */
  @TempDir private static Path temporary;

  @SuppressWarnings("NullAway.Init")
  private DataFolder folder;

  @BeforeEach
  void openFolder() {
    folder = DataFolder.open(temporary.resolve("data"), RANDOM);
  }

  @AfterEach
  void closeFolder() {
    folder.close();
  }

  @Test
  void rowsSurviveARestart() throws SQLException {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      execute(database, "CREATE TABLE kept AS SELECT 'here' AS word");
    }
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      assertEquals("here", query(database, "SELECT word FROM kept"));
    }
  }

  @Test
  void commitsAreOnDiskAndItListensOnLoopbackOnly() throws Exception {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      assertEquals("on", query(database, "SHOW fsync"));
      assertEquals("on", query(database, "SHOW synchronous_commit"));
      assertEquals("127.0.0.1", query(database, "SHOW listen_addresses"));
      assertEquals("UTF8", query(database, "SHOW server_encoding"));
      String port = query(database, "SHOW port");
      assertTrue(Files.notExists(Path.of("/tmp/.s.PGSQL." + port)), port);
      assertTrue(Files.size(folder.log("postgres.log")) > 0);
    }
  }

  @Test
  void serverThatDiesIsStartedAgainOnTheSamePort() throws SQLException {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      execute(database, "CREATE TABLE killed AS SELECT 'still here' AS word");
      String url = database.databaseUrl();
      ProcessHandle first = postmaster().find().orElseThrow();
      first.destroyForcibly();
      Deadline deadline = Deadline.inSeconds(60);
      while (postmaster().find().filter(now -> now.pid() != first.pid()).isEmpty()) {
        deadline.check("no other server");
        pause();
      }
      assertEquals("still here", eventually(database, "SELECT word FROM killed"));
      assertEquals(url, database.databaseUrl());
    }
  }

  @Test
  void serverLeftBehindByAKilledRunnerIsStoppedAndItsRowsAreKept() throws Exception {
    folder.close();
    Process runner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StoreThenHalt.class.getName(),
                temporary.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("output").toFile())
            .start();
    assertEquals(9, runner.waitFor(), () -> read(temporary.resolve("output")));
    openFolder();
    ProcessHandle orphan = postmaster().find().orElseThrow();
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      assertEquals("committed", query(database, "SELECT word FROM left_behind"));
      assertFalse(postmaster().find().orElseThrow().pid() == orphan.pid());
    }
    assertTrue(postmaster().find().isEmpty());
  }

  @Test
  void serverStoppedOnPurposeStaysSoUntilItIsStarted() throws SQLException {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      execute(database, "CREATE TABLE outage AS SELECT 'over' AS word");
      database.stopServer();
      assertThrows(SQLException.class, () -> query(database, "SELECT 1"));
      assertTrue(postmaster().find().isEmpty());
      database.startServer();
      assertEquals("over", query(database, "SELECT word FROM outage"));
    }
  }

  @Test
  void firstStartThatWasBrokenOffIsBegunAnew() throws Exception {
    Path root = temporary.resolve("broken off");
    try (DataFolder broken = DataFolder.open(root, new SecureRandom())) {
      Path data = Files.createDirectories(broken.postgres().resolve("data"));
      Files.writeString(data.resolve("postgresql.conf"), "half of it");
      Files.writeString(data.resolve("postmaster.pid"), "1\n");
      Path binaries = Files.createDirectories(broken.postgres().resolve("binaries/PG-0/bin"));
      Files.writeString(binaries.resolve("initdb"), "half of it");
      try (LocalDatabase database = LocalDatabase.start(broken, RANDOM)) {
        assertEquals("1", query(database, "SELECT 1"));
      }
    }
  }

  @Test
  void closingLeavesNoProcess() throws Exception {
    LocalDatabase database = LocalDatabase.start(folder, RANDOM);
    try (Connection open = database.connect()) {
      database.close();
      assertTrue(postmaster().find().isEmpty());
      assertThrows(SQLException.class, () -> open.createStatement().execute("SELECT 1"));
    }
    assertFalse(Files.exists(folder.postgres().resolve("data/postmaster.pid")));
  }

  public static Connection connect(LocalDatabase database) throws SQLException {
    return database.connect();
  }

  private Postmaster postmaster() {
    return new Postmaster(folder.postgres().resolve("data"), folder.postgres().resolve("binaries"));
  }

  private static void execute(LocalDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(LocalDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  private static String eventually(LocalDatabase database, String sql) {
    Deadline deadline = Deadline.inSeconds(60);
    while (true) {
      try {
        return query(database, sql);
      } catch (SQLException e) {
        deadline.check(String.valueOf(e.getMessage()));
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
