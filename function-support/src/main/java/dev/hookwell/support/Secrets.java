package dev.hookwell.support;

import java.time.Duration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Reads secrets by name. */
public final class Secrets {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private Secrets() {}

  /** Makes a client for each read: reads are minutes apart, and a kept connection would be dead. */
  public static String read(String name) {
    try (SecretsManagerClient secrets =
        SecretsManagerClient.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(TIMEOUT).socketTimeout(TIMEOUT))
            .build()) {
      return secrets.getSecretValue(get -> get.secretId(name)).secretString();
    }
  }
}
