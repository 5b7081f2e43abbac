package dev.hookwell.local.postgres;

import dev.hookwell.local.folder.DataFolder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Stands for a runner that is killed right after its database committed a row. */
final class StoreThenHalt {
  private StoreThenHalt() {}

  public static void main(String[] arguments) throws SQLException {
    SecureRandom random = new SecureRandom();
    DataFolder folder = DataFolder.open(Path.of(arguments[0]), random);
    LocalDatabase database = LocalDatabase.start(folder, random);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE left_behind AS SELECT 'committed' AS word");
    }
    Runtime.getRuntime().halt(9);
  }
}
