package dev.hookwell.local.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.capture.Shows;
import dev.hookwell.local.CommandLines;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.PrivateFiles;
import dev.hookwell.store.Database;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.Retries;
import dev.hookwell.store.StoreUnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins to the built-in database, and the rights of its role. */
final class DatabaseAccessIT {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String FORBIDDEN = "42501";

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
  @Shows("S40")
  void anotherUserOfTheMachineGetsInNowhere() throws Exception {
    assumeTrue(PrivateFiles.ownUser() == 0, "only root can start a process of another user");
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      assertIntruderStaysOut(folder, database);
    }
  }

  @Test
  @Shows("S40")
  void theOneRoleThatMayLogInIsNoSuperuserAndHasNoOtherRolesRights() throws SQLException {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      assertRoleIsHarmless(database);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "CREATE TEMP TABLE lines (line text); COPY lines FROM PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/hookwell-must-not-be-here'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "CREATE ROLE another SUPERUSER",
        "CREATE DATABASE another",
        "ALTER ROLE hookwell SUPERUSER",
        "ALTER ROLE postgres LOGIN PASSWORD 'x'",
        "GRANT pg_execute_server_program TO hookwell",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER SYSTEM SET archive_command = 'true'",
        "SELECT pg_reload_conf()",
        "SELECT rolpassword FROM pg_authid",
        "CREATE EXTENSION file_fdw",
        "LOAD '/etc/passwd'"
      })
  @Shows("S40")
  void theRoleMayDoNothingToTheMachine(String statement) throws SQLException {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM);
        Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      SQLException refused = assertThrows(SQLException.class, () -> sql.execute(statement));
      // 58P01, 0A000: the file is refused before the right is asked for.
      assertTrue(
          Set.of(FORBIDDEN, "58P01", "0A000").contains(refused.getSQLState()),
          refused.getSQLState() + " " + refused.getMessage());
    }
  }

  @Test
  @Shows("S41")
  void thePasswordIsAnotherForEachRunAndStandsInNoFileAndOnNoCommandLine() throws Exception {
    CommandLines watched = CommandLines.watch();
    String first;
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      first = password(database);
    }
    String second;
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      second = password(database);
      Set<String> variables = environmentOf(postmaster(folder).find().orElseThrow());
      assertTrue(
          variables.stream().allMatch(name -> name.matches("PATH|TMPDIR|PWD|PG\\w+|LC_\\w+")),
          variables::toString);
    }
    Set<String> seen = watched.stop();

    assertFalse(first.equals(second), "the same password again");
    assertTrue(first.length() >= 43, "too short");
    assertTrue(seen.stream().anyMatch(line -> line.contains("pg_ctl")), "nothing was seen");
    for (String password : List.of(first, second)) {
      assertTrue(seen.stream().noneMatch(line -> line.contains(password)), "on a command line");
      try (Stream<Path> files = Files.walk(folder.root())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertFalse(
              Files.readString(file, StandardCharsets.ISO_8859_1).contains(password),
              file::toString);
        }
      }
    }
  }

  /** A program that takes the port while the server is down gets no password and no capture. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5})
  @Shows("S40")
  void whoListensInItsPlaceIsToldNothing(int authentication) throws Exception {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      database.stopServer();
      ByteArrayOutputStream told = new ByteArrayOutputStream();
      try (ServerSocket impostor =
              new ServerSocket(
                  URI.create(database.databaseUrl()).getPort(),
                  10,
                  InetAddress.getLoopbackAddress());
          Database store =
              new Database(
                  database.databaseUrl(), Database.Settings.forFunction("impostor"), true)) {
        Thread.ofVirtual().start(() -> listen(impostor, authentication, told));
        Clock clock = Clock.systemUTC();
        Migrations migrations =
            new Migrations(
                store,
                Migrations.Settings.DEFAULT,
                clock,
                new Retries(clock, new Random(1), Thread::sleep),
                UUID::randomUUID);
        assertThrows(StoreUnavailableException.class, migrations::run);
      }
      assertEquals("", told.toString(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  @Shows("S40")
  void aFolderOfTheFirstVersionIsTakenOverWithItsRowsAndClosed() throws Exception {
    Path root = temporary.resolve("older");
    try (DataFolder older = DataFolder.open(root, RANDOM)) {
      makeAsTheFirstVersionDid(older);
      Files.delete(root.resolve("format"));
    }
    try (DataFolder older = DataFolder.open(root, RANDOM);
        LocalDatabase database = LocalDatabase.start(older, RANDOM)) {
      assertEquals("kept", query(database, "SELECT word FROM earlier"));
      assertEquals(
          "hookwell",
          query(database, "SELECT tableowner FROM pg_tables" + " WHERE tablename = 'earlier'"));
      // As a migration may want to.
      assertEquals(
          "changed",
          query(
              database,
              "ALTER TABLE earlier ADD COLUMN more text;"
                  + " CREATE INDEX ON earlier (word); SELECT 'changed'"));
      assertRoleIsHarmless(database);
      if (PrivateFiles.ownUser() == 0) {
        assertIntruderStaysOut(older, database);
      }
    }
  }

  @Test
  void rowsOfAnotherPostgresAreRefusedInOneLine() throws Exception {
    LocalDatabase.start(folder, RANDOM).close();
    Path version = folder.postgres().resolve("data/PG_VERSION");
    String ours = Files.readString(version);
    Files.writeString(version, "99\n");
    try {
      LocalDatabaseException refused =
          assertThrows(LocalDatabaseException.class, () -> LocalDatabase.start(folder, RANDOM));
      assertEquals(
          "the rows in "
              + folder.postgres().resolve("data")
              + " are of PostgreSQL 99, and this Hookwell has PostgreSQL "
              + ours.strip()
              + ": run the version of Hookwell that made them",
          refused.getMessage());
    } finally {
      Files.writeString(version, ours);
    }
  }

  @Test
  void itsLogStaysWithinItsBoundWhileItIsWritten() throws Exception {
    try (LocalDatabase database = LocalDatabase.start(folder, RANDOM)) {
      Path log = folder.log("postgres.log");
      Files.writeString(log, "x".repeat((int) GrowingLog.LIMIT) + "\n", StandardOpenOption.APPEND);
      Deadline deadline = Deadline.inSeconds(60);
      while (Files.size(log) >= GrowingLog.LIMIT) {
        deadline.check("still " + Files.size(log));
        TimeUnit.MILLISECONDS.sleep(20);
      }
      int port = URI.create(database.databaseUrl()).getPort();
      assertThrows(
          SQLException.class,
          () ->
              DriverManager.getConnection(
                  "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "stranger", "none"));
      while (!Files.readString(log).contains("stranger")) {
        deadline.check("nothing is logged any more");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      // Not at the offset where it was before, after a hole.
      assertTrue(Files.size(log) < GrowingLog.LIMIT, Files.size(log) + " bytes");
    }
  }

  private static void assertRoleIsHarmless(LocalDatabase database) throws SQLException {
    assertEquals(
        "hookwell",
        query(database, "SELECT string_agg(rolname, ',') FROM pg_roles" + " WHERE rolcanlogin"));
    assertEquals(
        "f",
        query(
            database,
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb"
                + " OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = current_user"));
    assertEquals(
        "0",
        query(
            database,
            "SELECT count(*) FROM pg_auth_members" + " WHERE member = 'hookwell'::regrole"));
    for (String right :
        List.of(
            "pg_execute_server_program",
            "pg_read_server_files",
            "pg_write_server_files",
            "pg_read_all_settings",
            "pg_signal_backend")) {
      assertEquals(
          "f", query(database, "SELECT pg_has_role('hookwell', '" + right + "', 'MEMBER')"), right);
    }
  }

  private static void assertIntruderStaysOut(DataFolder folder, LocalDatabase database)
      throws Exception {
    Path readable = Files.createTempDirectory("hookwell-intruder");
    try {
      Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path program = Path.of("dev/hookwell/local/postgres/Intruder.class");
      Files.createDirectories(readable.resolve(program).getParent());
      copy(place(Intruder.class).resolve(program), readable.resolve(program));
      copy(place(org.postgresql.Driver.class), readable.resolve("driver.jar"));
      Path output = readable.resolve("output");
      Process intruder =
          new ProcessBuilder(
                  "setpriv",
                  "--reuid=65534",
                  "--regid=65534",
                  "--clear-groups",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-cp",
                  readable + ":" + readable.resolve("driver.jar"),
                  Intruder.class.getName(),
                  folder.root().toString(),
                  Integer.toString(URI.create(database.databaseUrl()).getPort()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertTrue(intruder.waitFor(120, TimeUnit.SECONDS));
      List<String> printed = Files.readAllLines(output);
      assertEquals(0, intruder.exitValue(), printed::toString);
      assertTrue(printed.getFirst().matches("I am (nobody|65534|\\?)"), printed::toString);
      List<String> tries = printed.subList(1, printed.size());
      assertEquals(5 * 2 + 4 * 3 * 3, tries.size(), printed::toString);
      for (String line : tries) {
        // 28: there was a server, and it refused.
        assertTrue(
            line.matches("(refused 28\\w{3})|(.* (closed|AccessDeniedException))"),
            printed::toString);
      }
    } finally {
      PrivateFiles.delete(readable);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** With the library, its defaults and the settings of version 0.1.0 at 4badc7d. */
  private static void makeAsTheFirstVersionDid(DataFolder folder) throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setDataDirectory(folder.postgres().resolve("data"))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.postgres().resolve("binaries").toFile())
                .setLocaleConfig("locale", "C")
                .setServerConfig("unix_socket_directories", "")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
        Connection anybody = server.getPostgresDatabase().getConnection();
        Statement sql = anybody.createStatement()) {
      sql.execute("CREATE TABLE earlier AS SELECT 'kept' AS word");
      sql.execute("CREATE ROLE backdoor SUPERUSER LOGIN PASSWORD 'hookwell'");
      sql.execute("CREATE ROLE hookwell SUPERUSER LOGIN PASSWORD 'hookwell'");
      sql.execute("GRANT pg_execute_server_program TO hookwell");
    }
    Files.writeString(folder.postgres().resolve("ready"), "");
  }

  private static void listen(ServerSocket impostor, int authentication, OutputStream told) {
    try {
      while (true) {
        try (Socket client = impostor.accept()) {
          DataInputStream in = new DataInputStream(client.getInputStream());
          in.readNBytes(in.readInt() - 4);
          OutputStream out = client.getOutputStream();
          // R: the authentication that the server wants. 0 none, 3 the password itself, 5 its MD5
          // with a salt.
          out.write(new byte[] {'R', 0, 0, 0, (byte) (authentication == 5 ? 12 : 8), 0, 0, 0});
          out.write(authentication);
          if (authentication == 5) {
            out.write(new byte[] {1, 2, 3, 4});
          }
          if (authentication == 0) {
            out.write(new byte[] {'Z', 0, 0, 0, 5, 'I'});
          }
          out.flush();
          for (int next = in.read(); next >= 0; next = in.read()) {
            told.write(next);
          }
        }
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  private static Set<String> environmentOf(ProcessHandle process) throws IOException {
    return Stream.of(
            Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "environ"),
                    StandardCharsets.ISO_8859_1)
                .split("\0"))
        .filter(line -> line.contains("="))
        .map(line -> line.replaceFirst("=.*", ""))
        .collect(Collectors.toSet());
  }

  private static String password(LocalDatabase database) {
    return database.databaseUrl().replaceFirst("^postgresql://hookwell:(.*)@.*", "$1");
  }

  private static Postmaster postmaster(DataFolder folder) {
    return new Postmaster(folder.postgres().resolve("data"), folder.postgres().resolve("binaries"));
  }

  private static String query(LocalDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      while (!rows) {
        rows = statement.getMoreResults();
      }
      List<String> values = new ArrayList<>();
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          values.add(result.getString(1));
        }
      }
      return String.join("\n", values);
    }
  }
}
