package dev.hookwell.persist;

import dev.hookwell.capture.Environment;
import dev.hookwell.capture.NamedSecret;
import dev.hookwell.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The database as a function's environment names it. */
final class FunctionDatabase {
  private static final Duration SECRET_TIMEOUT = Duration.ofSeconds(2);

  private FunctionDatabase() {}

  /**
   * By {@code DATABASE_SECRET}, the name of a secret that holds the URL, or by {@code DATABASE_URL}
   * itself. Reads and opens nothing yet.
   *
   * @throws dev.hookwell.capture.ConfigurationException naming the variable that is missing or
   *     wrong
   */
  static Database open(Environment environment, Database.Settings settings, Clock clock) {
    Optional<String> secret = environment.optional("DATABASE_SECRET");
    return secret.isPresent()
        ? new Database(new NamedSecret(() -> read(secret.get()), clock), settings)
        : environment.required("DATABASE_URL", url -> new Database(url, settings, false));
  }

  /** A client a read: it is used once in minutes, and a kept one would be dead by then. */
  private static String read(String name) {
    try (SecretsManagerClient secrets =
        SecretsManagerClient.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(SECRET_TIMEOUT)
                    .socketTimeout(SECRET_TIMEOUT))
            .build()) {
      return secrets.getSecretValue(get -> get.secretId(name)).secretString();
    }
  }
}
