package dev.hookwell.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real PostgreSQL for tests: {@code @RegisterExtension static final PostgresServer POSTGRES = new
 * PostgresServer()}. One server a JVM, started when first needed and stopped with the JVM. After a
 * class, no connection to its databases may be open.
 */
public final class PostgresServer implements AfterAllCallback {
  private static final AtomicInteger NEXT_DATABASE = new AtomicInteger(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<String> databases = new ArrayList<>();

  private static final class Running {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60)).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A {@code DATABASE_URL} to a new, empty database. Needs {@code allowWeakTls}. */
  public synchronized String freshDatabase() {
    String name = "test_" + NEXT_DATABASE.getAndIncrement();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("no new database", e);
    }
    databases.add(name);
    return "postgresql://postgres@127.0.0.1:%d/%s?sslmode=disable"
        .formatted(Running.SERVER.getPort(), name);
  }

  /** The same with the whole schema in it. */
  public String freshSchema() {
    String url = freshDatabase();
    Stores.migrate(url);
    return url;
  }

  static int port() {
    return Running.SERVER.getPort();
  }

  /** Runs SQL of the test's own in a database that {@link #freshDatabase} gave. */
  public static void execute(String databaseUrl, String sql) {
    try (Connection connection = connect(name(databaseUrl));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("refused: " + sql, e);
    }
  }

  /** The first column of the first row, as a number. */
  public static long number(String databaseUrl, String sql) {
    try (Connection connection = connect(name(databaseUrl));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      Assertions.assertTrue(rows.next());
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException("refused: " + sql, e);
    }
  }

  /** The first column of all rows, as text. */
  public static List<String> texts(String databaseUrl, String sql) {
    try (Connection connection = connect(name(databaseUrl));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException("refused: " + sql, e);
    }
  }

  /** A connection of the test's own, to be closed by it. */
  public static Connection connection(String databaseUrl) throws SQLException {
    return connect(name(databaseUrl));
  }

  /** Ends every connection to the database but those of the test's own. */
  public static void terminateBackends(String databaseUrl) {
    number(
        "postgresql://postgres@127.0.0.1/postgres",
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = '%s'"
            .formatted(name(databaseUrl)));
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    try (Connection connection = connect("postgres");
        PreparedStatement open =
            connection.prepareStatement(
                "SELECT datname, application_name FROM pg_stat_activity WHERE datname = ANY (?)")) {
      open.setArray(1, connection.createArrayOf("text", databases.toArray()));
      // A backend outlives its closed connection for a moment.
      for (List<String> left = names(open); !left.isEmpty(); left = names(open)) {
        if (Instant.now().isAfter(deadline)) {
          Assertions.fail("connections left open: " + left);
        }
        Thread.sleep(20);
      }
    }
  }

  private static List<String> names(PreparedStatement open) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = open.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1) + " by " + rows.getString(2));
      }
    }
    return names;
  }

  private static String name(String databaseUrl) {
    return databaseUrl.replaceFirst("^.*/", "").replaceFirst("\\?.*$", "");
  }

  private static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(Running.SERVER.getJdbcUrl("postgres", database));
  }
}
