package dev.hookwell.support;

import dev.hookwell.capture.Environment;
import dev.hookwell.capture.NamedSecret;
import dev.hookwell.store.Database;
import java.time.Clock;
import java.util.Optional;

/** The database that a function's environment names. */
public final class FunctionDatabase {
  private FunctionDatabase() {}

  /**
   * By {@code DATABASE_SECRET}, the name of a secret that holds the URL, or by {@code DATABASE_URL}
   * itself. Reads and opens nothing yet.
   *
   * @throws dev.hookwell.capture.ConfigurationException naming the variable that is missing or
   *     wrong
   */
  public static Database open(Environment environment, Database.Settings settings, Clock clock) {
    Optional<String> secret = environment.optional("DATABASE_SECRET");
    return secret.isPresent()
        ? new Database(new NamedSecret(() -> Secrets.read(secret.get()), clock), settings)
        : environment.required("DATABASE_URL", url -> new Database(url, settings, false));
  }
}
