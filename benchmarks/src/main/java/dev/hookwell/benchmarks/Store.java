package dev.hookwell.benchmarks;

import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.Retries;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** An empty store in the local runner's PostgreSQL, which syncs every commit to its disk. */
final class Store implements AutoCloseable {
  private final Path folder;
  private final DataFolder data;
  private final LocalDatabase server;
  private final List<Database> databases = new ArrayList<>();

  Store() throws IOException {
    folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "store");
    SecureRandom random = new SecureRandom();
    data = DataFolder.open(folder.resolve("data"), random);
    server = LocalDatabase.start(data, random);
    try (Database schema =
        new Database(url(), Database.Settings.forMigrations("benchmarks-schema"), true)) {
      Clock clock = Clock.systemUTC();
      new Migrations(schema, Migrations.Settings.DEFAULT, clock, retries(clock), UUID::randomUUID)
          .run();
    }
  }

  String url() {
    return server.databaseUrl();
  }

  int port() {
    return URI.create(url()).getPort();
  }

  /** The time at which a save has to end, by the clock of {@link Rows}. */
  static Instant deadline() {
    return Rows.CLOCK.instant().plus(Duration.ofSeconds(9));
  }

  /** A pool of one connection, as each instance of a function has. */
  Database database() {
    return database(url());
  }

  Database database(String url) {
    Database database = new Database(url, Database.Settings.forFunction("benchmarks"), true);
    databases.add(database);
    return database;
  }

  /** The same, to be closed by the caller. */
  Database ownDatabase() {
    return new Database(url(), Database.Settings.forFunction("benchmarks"), true);
  }

  static CaptureWriter writer(Database database) {
    return new CaptureWriter(database, HookLimits.DEFAULT, Rows.CLOCK, retries(Rows.CLOCK));
  }

  static CaptureReader reader(Database database) {
    return new CaptureReader(database, HookLimits.DEFAULT, Rows.CLOCK, retries(Rows.CLOCK));
  }

  private static Retries retries(Clock clock) {
    return new Retries(clock, new Random(1), Thread::sleep);
  }

  /** A plain connection, without our pool and settings. */
  Connection connect() throws SQLException {
    return server.connect();
  }

  /** Writes everything in memory to disk, by a restart; open connections end. */
  void checkpoint() {
    server.stopServer();
    server.startServer();
  }

  /** Changes settings that only a superuser may change; no superuser can log in. */
  void configure(String... lines) throws IOException {
    Path directory = data.postgres().resolve("data");
    Files.write(directory.resolve("postgresql.conf"), List.of(lines), StandardOpenOption.APPEND);
    String process = Files.readAllLines(directory.resolve("postmaster.pid")).getFirst();
    new ProcessBuilder("kill", "-HUP", process).inheritIO().start();
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of the first row. */
  long number(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    databases.forEach(Database::close);
    server.close();
    data.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
