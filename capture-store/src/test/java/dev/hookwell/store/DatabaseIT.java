package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What of a URL and of the settings reaches the server. */
final class DatabaseIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Database.Settings SETTINGS =
      new Database.Settings(
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofMillis(1500),
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
  void aServerWithoutTlsIsNotSpokenTo() {
    String strict = POSTGRES.freshDatabase().replace("?sslmode=disable", "");
    try (Database database = new Database(strict, SETTINGS, false)) {
      SQLException refused =
          assertThrows(SQLException.class, () -> database.call(Connection::getAutoCommit));
      assertEquals(SqlFailure.OUTAGE, SqlFailure.of(refused));
    }
  }
}
