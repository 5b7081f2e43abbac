package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.local.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bodies that lie apart, set against the rows that point to them. */
final class ObjectsOnDisk {
  private static final String ROWS =
      "SELECT hook_id, capture_id, body_size, encode(body_sha256, 'hex') FROM captures"
          + " WHERE body_enc = 3";

  private ObjectsOnDisk() {}

  /** Each is there, whole, for every row of one moment. */
  static void assertNoRowPointsToNothing(Connection connection, Path bodies) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ROWS)) {
      while (row.next()) {
        Path body = bodies.resolve(row.getString(1)).resolve(row.getString(2));
        assertEquals(row.getString(4), digest(body), body + " is not what its row says");
      }
    }
  }

  private static String digest(Path body) {
    try {
      return Files.exists(body) ? Client.sha256(Files.readAllBytes(body)) : "missing";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The captures of those to which no row points. */
  static Set<UUID> withoutRow(FaultySystem system) throws SQLException {
    Set<UUID> captures = new HashSet<>(captures(system.bodies()));
    try (Connection connection = system.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ROWS)) {
      while (row.next()) {
        captures.remove(row.getObject(2, UUID.class));
      }
    }
    return captures;
  }

  private static Set<UUID> captures(Path bodies) {
    try (Stream<Path> files =
        Files.find(bodies, 2, (_, attributes) -> attributes.isRegularFile())) {
      return files
          .filter(file -> !bodies.relativize(file).startsWith("drafts"))
          .map(file -> UUID.fromString(file.getFileName().toString()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
