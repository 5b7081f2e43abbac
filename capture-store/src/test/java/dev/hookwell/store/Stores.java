package dev.hookwell.store;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;

/** A store for tests, opened as the functions open theirs. */
public final class Stores {
  private Stores() {}

  /** Accepts a URL without TLS. */
  public static Database open(String databaseUrl, int connections) {
    return new Database(
        databaseUrl,
        Database.Settings.forFunction("hookwell-test").withPoolSize(connections),
        true);
  }

  /** Retries that really wait. */
  public static Retries retries(Clock clock) {
    return new Retries(clock, new Random(1), Thread::sleep);
  }

  /** Brings the whole schema into a database. */
  public static void migrate(String databaseUrl) {
    Database.Settings settings = Database.Settings.forMigrations("hookwell-test-schema");
    try (Database database = new Database(databaseUrl, settings, true)) {
      migrations(database, Duration.ofSeconds(60)).run();
    }
  }

  static Migrations migrations(Database database, Duration lease) {
    return new Migrations(
        database,
        new Migrations.Settings(lease, Duration.ofSeconds(60)),
        Clock.systemUTC(),
        retries(Clock.systemUTC()),
        UUID::randomUUID);
  }
}
