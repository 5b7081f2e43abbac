package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CockroachDB's form of a URL asks for, of a server with a certificate for "localhost". */
final class CockroachUrlIT {
  private static final String TLS =
      "SELECT ssl::text || ' ' || version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  @TempDir static Path folder;

  private static EmbeddedPostgres server;

  @BeforeAll
  static void startWithTls() throws Exception {
    Path certificate = folder.resolve("server.crt");
    Path key = folder.resolve("server.key");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertTrue(openssl.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, openssl.exitValue(), "openssl made no certificate");
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificate.toString())
            .setServerConfig("ssl_key_file", key.toString())
            .setServerConfig("listen_addresses", "localhost")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aNamedAuthorityIsTrusted() throws Exception {
    assertTrue(ask(url("localhost") + authority(), TLS).startsWith("true TLSv1."));
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    assertRefused(url("127.0.0.1") + authority(), "127.0.0.1");
  }

  @Test
  void withoutANamedAuthorityThoseOfTheJvmAreAskedAndDoNotKnowThisOne() {
    assertRefused(url("localhost"), "PKIX");
  }

  /** CockroachDB Cloud's older clusters route by it; PostgreSQL takes any name with a dot. */
  @Test
  void optionsOfTheUrlReachTheServerBesidesOurs() throws Exception {
    String url = url("localhost") + authority() + "&options=--cluster.name%3Dpale-crab-12";

    assertEquals("pale-crab-12", ask(url, "SHOW cluster.name"));
    assertEquals("5s", ask(url, "SHOW statement_timeout"));
  }

  private static String url(String host) {
    return "postgresql://postgres@%s:%d/postgres?sslmode=verify-full"
        .formatted(host, server.getPort());
  }

  private static String authority() {
    return "&sslrootcert=" + folder.resolve("server.crt");
  }

  private static void assertRefused(String url, String why) {
    SQLException refused = assertThrows(SQLException.class, () -> ask(url, TLS));
    StringBuilder reasons = new StringBuilder();
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      reasons.append(cause.getMessage()).append('\n');
    }
    assertTrue(reasons.toString().contains(why), reasons.toString());
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Database database =
        new Database(url, Database.Settings.forFunction("hookwell-test"), false)) {
      return database.call(connection -> {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(sql)) {
          row.next();
          return row.getString(1);
        }
      });
    }
  }
}
