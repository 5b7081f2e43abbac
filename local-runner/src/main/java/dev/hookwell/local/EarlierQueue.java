package dev.hookwell.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Messages as the first versions of the runner kept them: in tables that ElasticMQ wrote. */
final class EarlierQueue {
  private EarlierQueue() {}

  /**
   * Moves what such a version left in a queue's folder into the journal; nothing when there is
   * nothing. Broken off, it begins again.
   *
   * @throws DataFolderException when the messages cannot be read
   */
  static void moveInto(QueueJournal journal, Path folder, String... queues) {
    Path file = folder.resolve("messages.mv.db");
    if (!Files.exists(file)) {
      return;
    }
    String url = "jdbc:h2:" + folder.toAbsolutePath().resolve("messages") + ";IFEXISTS=TRUE";
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      for (String queue : queues) {
        copy(statement, queue, journal);
      }
      journal.commit();
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      throw new DataFolderException(
          "the messages of an earlier version cannot be read: " + file, e);
    }
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Statement statement, String queue, QueueJournal journal)
      throws SQLException {
    String table =
        "message_%s_%s".formatted(queue.replace('-', '_'), Integer.toHexString(queue.hashCode()));
    String sql = "SELECT message_id, content FROM %s ORDER BY created".formatted(table);
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        String body = new String(rows.getBytes(2), StandardCharsets.UTF_8);
        journal.add(queue, new QueueJournal.Entry(rows.getString(1), body));
      }
    }
  }
}
