package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.NamedSecret;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.capture.Shows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What of a URL and of the settings reaches the server. */
final class DatabaseIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Database.Settings SETTINGS =
      new Database.Settings(
          1,
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofSeconds(6),
          Duration.ofMillis(1500),
          "hookwell-persist");

  /** For what is refused: the pool tries on until its time is over. */
  private static final Database.Settings QUICK =
      new Database.Settings(
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          "hookwell-persist");

  private static String shown(Connection connection, String setting) throws SQLException {
    try (Statement show = connection.createStatement();
        ResultSet value = show.executeQuery("SHOW " + setting)) {
      value.next();
      return value.getString(1);
    }
  }

  @Test
  void theSettingsReachTheServer() throws SQLException {
    try (Database database = new Database(POSTGRES.freshDatabase(), SETTINGS, true)) {
      assertEquals("hookwell-persist", database.call(c -> shown(c, "application_name")));
      assertEquals("1500ms", database.call(c -> shown(c, "statement_timeout")));
      assertTrue(database.call(Connection::getAutoCommit));
    }
  }

  @Test
  void whatTheUrlSaysComesFirst() throws SQLException {
    String url =
        POSTGRES.freshDatabase()
            + "&application_name=mine&options=-c%20statement_timeout%3D700"
            + "%20-c%20default_transaction_isolation%3Drepeatable%5C%20read";
    try (Database database = new Database(url, SETTINGS, true)) {
      assertEquals("mine", database.call(c -> shown(c, "application_name")));
      assertEquals("700ms", database.call(c -> shown(c, "statement_timeout")));
      assertEquals("repeatable read", database.call(c -> shown(c, "transaction_isolation")));
    }
  }

  @Test
  void otherOptionsKeepOurTimeout() throws SQLException {
    String url = POSTGRES.freshDatabase() + "&options=-c%20work_mem%3D8MB";
    try (Database database = new Database(url, SETTINGS, true)) {
      assertEquals("8MB", database.call(c -> shown(c, "work_mem")));
      assertEquals("1500ms", database.call(c -> shown(c, "statement_timeout")));
    }
  }

  @Test
  @Shows({"F40", "S13"})
  void aServerWithoutTlsIsNotSpokenTo() {
    String strict = POSTGRES.freshDatabase().replace("?sslmode=disable", "");
    try (Database database = new Database(strict, QUICK, false)) {
      SQLException refused =
          assertThrows(SQLException.class, () -> database.call(Connection::getAutoCommit));
      assertEquals(SqlFailure.OUTAGE, SqlFailure.of(refused));
    }
  }

  @Test
  @Shows("F40")
  void aCertificateThatNobodyVouchesForIsRefused(@TempDir Path folder) throws Exception {
    Path certificate = certificateOfAnotherHost(folder);
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificate.toString())
            .setServerConfig("ssl_key_file", folder.resolve("key.pem").toString())
            .setPGStartupWait(Duration.ofSeconds(60))
            .start()) {
      String url =
          "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=".formatted(server.getPort());
      try (Database nobody = new Database(url + "verify-full", QUICK, false)) {
        assertThrows(SQLException.class, () -> nobody.call(Connection::getAutoCommit));
      }
      String named = url + "verify-full&sslrootcert=" + certificate;
      try (Database otherHost = new Database(named, QUICK, false)) {
        assertThrows(SQLException.class, () -> otherHost.call(Connection::getAutoCommit));
      }
      // Or these would be refused for another reason.
      String sameHost = url + "verify-ca&sslrootcert=" + certificate;
      try (Database weak = new Database(sameHost, SETTINGS, true)) {
        assertTrue(weak.call(Connection::getAutoCommit));
      }
    }
  }

  /** Made by the JDK's own tool, with its key beside it. */
  private static Path certificateOfAnotherHost(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    String password = "changeit";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-genkeypair", "-alias", "db", "-keyalg", "EC", "-dname", "CN=elsewhere.example"));
    command.addAll(List.of("-storepass", password, "-keystore", store.toString()));
    assertEquals(
        0,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor());
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    Path key = folder.resolve("key.pem");
    write(key, "PRIVATE KEY", keys.getKey("db", password.toCharArray()).getEncoded());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Path certificate = folder.resolve("certificate.pem");
    write(certificate, "CERTIFICATE", keys.getCertificate("db").getEncoded());
    return certificate;
  }

  private static void write(Path file, String what, byte[] der) throws IOException {
    String lines = Base64.getMimeEncoder().encodeToString(der);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what));
  }

  @Test
  @Shows("F42")
  void aCrowdWaitsLongerForItsTurnThanForAServerThatIsNotThere() throws Exception {
    Database.Settings settings =
        new Database.Settings(
            1,
            Duration.ofMillis(300),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(9),
            "crowd");
    try (Database database = new Database(POSTGRES.freshDatabase(), settings, true);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      connect(database);
      List<Callable<Boolean>> calls =
          Collections.nCopies(10, () -> database.call(DatabaseIT::sleepsTenthOfASecond));
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        assertTrue(call.get());
      }
    }
  }

  @Test
  void aCrowdThatFindsNoServerIsToldSoAndNotOfAPoolThatWasGivenUp() throws Exception {
    Database.Settings settings =
        new Database.Settings(
            1,
            Duration.ofMillis(300),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(29),
            "crowd");
    int nobody;
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = port.getLocalPort();
    }
    String url = "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=disable".formatted(nobody);
    try (Database database = new Database(url, settings, true);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> calls =
          Collections.nCopies(6, () -> database.call(Connection::getAutoCommit));
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        ExecutionException failed = assertThrows(ExecutionException.class, call::get);
        assertInstanceOf(SQLTransientConnectionException.class, failed.getCause());
      }
    }
  }

  /** On a busy machine a connection takes longer than this crowd would wait for the server. */
  private static void connect(Database database) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        database.call(Connection::getAutoCommit);
        return;
      } catch (SQLException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  private static boolean sleepsTenthOfASecond(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("SELECT pg_sleep(0.1)");
    }
  }

  @Test
  void connectionsThatDiedTogetherAreReplacedTogether() throws Exception {
    String url = POSTGRES.freshDatabase();
    Database.Settings settings = SETTINGS.withPoolSize(4);
    try (Database database = new Database(url, settings, true);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Each is open, and was used so shortly before that the pool does not ask it anything.
      List<Callable<Boolean>> crowd =
          Collections.nCopies(4, () -> database.call(DatabaseIT::sleepsTenthOfASecond));
      for (Future<Boolean> call : threads.invokeAll(crowd)) {
        assertTrue(call.get());
      }
      PostgresServer.terminateBackends(url);

      assertTrue(database.call(DatabaseIT::sleepsTenthOfASecond));
    }
  }

  @Test
  @Shows({"F39", "S38"})
  void whatTheDatabaseRefusesIsReadAgainAndNothingFails() throws SQLException {
    String works = POSTGRES.freshDatabase();
    Deque<String> rotated = new ArrayDeque<>(List.of(works.replace("postgres@", "nobody@"), works));
    // Read a minute ago, before it was rotated.
    SettableClock clock = new SettableClock(Instant.parse("2026-11-24T10:00:00Z"));
    NamedSecret secret = new NamedSecret(rotated::pop, clock);
    secret.value();
    clock.pass(Duration.ofMinutes(1));
    try (Database database = new Database(secret, SETTINGS, true)) {
      assertTrue(database.call(Connection::getAutoCommit));
      assertTrue(database.call(Connection::getAutoCommit));
    }
  }

  @Test
  @Shows("F38")
  void aUrlThatCannotBeReadIsAnOutageUntilItCan() throws SQLException {
    Deque<String> readable = new ArrayDeque<>();
    try (Database database =
        new Database(new NamedSecret(readable::pop, Clock.systemUTC()), SETTINGS, true)) {
      assertThrows(StoreUnavailableException.class, () -> database.call(Connection::getAutoCommit));

      readable.add(POSTGRES.freshDatabase());
      assertTrue(database.call(Connection::getAutoCommit));
    }
  }

  @Test
  void aUrlThatIsNotUsableIsAWrongSettingThatIsNotShown() {
    NamedSecret secret =
        NamedSecret.fixed("postgresql://u:hunter2@h/d?sslmode=disable", Clock.systemUTC());
    try (Database database = new Database(secret, SETTINGS)) {
      ConfigurationException wrong =
          assertThrows(
              ConfigurationException.class, () -> database.call(Connection::getAutoCommit));
      assertTrue(String.valueOf(wrong.getMessage()).contains("sslmode"), wrong.getMessage());
      assertFalse(String.valueOf(wrong.getMessage()).contains("hunter2"), wrong.getMessage());
    }
  }
}
