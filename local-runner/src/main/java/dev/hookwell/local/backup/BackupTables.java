package dev.hookwell.local.backup;

import dev.hookwell.local.postgres.LocalDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The rows of all tables, in the binary format of PostgreSQL's {@code COPY}. All that one instance
 * reads is of one snapshot. The schema's own history is left out: restoring makes the schema first.
 */
final class BackupTables implements AutoCloseable {
  /** A name comes from a backup and goes into a statement, so its form is checked. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private static final String TABLES =
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
          + " AND tablename NOT LIKE 'schema\\_%' ORDER BY tablename";
  private final Connection connection;

  private BackupTables(Connection connection) {
    this.connection = connection;
  }

  /**
   * Takes the snapshot that is read.
   *
   * @throws BackupException when the database is not there
   */
  static BackupTables read(LocalDatabase database) {
    return open(database, true);
  }

  /** Begins to write; no row is visible before {@link #commit}. */
  static BackupTables write(LocalDatabase database) {
    return open(database, false);
  }

  private static BackupTables open(LocalDatabase database, boolean reads) {
    BackupTables tables = connect(database);
    try {
      tables.connection.setAutoCommit(false);
      tables.connection.setReadOnly(reads);
      tables.connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      // PostgreSQL takes the snapshot with the first statement.
      tables.names();
      return tables;
    } catch (SQLException e) {
      tables.close();
      throw failed(e);
    } catch (RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private static BackupTables connect(LocalDatabase database) {
    try {
      return new BackupTables(database.connect());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static BackupException failed(SQLException e) {
    String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new BackupException("the database cannot be used: " + said, e);
  }

  List<String> names() {
    return texts(TABLES);
  }

  List<String> columns(String table) {
    return texts(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            + " AND table_name = '"
            + checked(table)
            + "' ORDER BY ordinal_position");
  }

  /** The last change of the schema. */
  int schema() {
    return Integer.parseInt(texts("SELECT max(version) FROM schema_history").getFirst());
  }

  private List<String> texts(String query) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Writes a table's rows; gives their number. */
  long copyOut(String table, List<String> columns, OutputStream out) throws IOException {
    try {
      return manager().copyOut(copy(table, columns) + " TO STDOUT (FORMAT binary)", out);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Adds rows to a table; gives their number. */
  long copyIn(String table, List<String> columns, InputStream in) throws IOException {
    try {
      return manager().copyIn(copy(table, columns) + " FROM STDIN (FORMAT binary)", in);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private CopyManager manager() throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  private static String copy(String table, List<String> columns) {
    return "COPY "
        + checked(table)
        + columns.stream().map(BackupTables::checked).collect(Collectors.joining(", ", " (", ")"));
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new BackupException("its manifest is damaged: no table or column has such a name");
    }
    return name;
  }

  void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Rolls back the rows that were not committed. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
