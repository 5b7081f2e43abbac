package dev.hookwell.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Another user of the machine, as a process of that user's: tries the data folder given first, then
 * the database on the port given second. Uses the JDK and the driver only, since it can read
 * nothing else. Prints a line a try.
 */
final class Intruder {
  private Intruder() {}

  public static void main(String[] arguments) throws SQLException {
    System.out.println("I am " + System.getProperty("user.name"));
    Path folder = Path.of(arguments[0]);
    for (String part : new String[] {"", "keys", "queue", "postgres/binaries", "logs"}) {
      Path path = folder.resolve(part);
      try {
        System.out.println(part + " " + (Files.isReadable(path) ? "readable" : "closed"));
        Files.createFile(path.resolveSibling("planted"));
        System.out.println(part + " writable");
      } catch (IOException e) {
        System.out.println(part + " " + e.getClass().getSimpleName());
      }
    }
    for (String user : new String[] {"postgres", "hookwell", "root", "nobody"}) {
      for (String password : new String[] {"none", "postgres", "hookwell"}) {
        for (String database : new String[] {"postgres", "template1", "hookwell"}) {
          System.out.println(connect(arguments[1], user, password, database));
        }
      }
    }
  }

  private static String connect(String port, String user, String password, String database) {
    Properties properties = new Properties();
    properties.put("user", user);
    properties.put("password", password);
    properties.put("sslmode", "disable");
    try (Connection _ =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties)) {
      return user + " is in";
    } catch (SQLException e) {
      return "refused " + e.getSQLState();
    }
  }
}
