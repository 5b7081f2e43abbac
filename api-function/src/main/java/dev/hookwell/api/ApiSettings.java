package dev.hookwell.api;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.NamedSecret;
import dev.hookwell.capture.OriginSecrets;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.capture.SeedKey;
import dev.hookwell.capture.script.ScriptSettings;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.StoreLimits;
import dev.hookwell.support.Secrets;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The settings of api.
 *
 * @param publicBaseUrl the address of the page and the hooks, without a slash at its end; if empty,
 *     {@code https://} and the gateway's own domain name
 * @param creationKey the key that making a hook needs; empty when anyone may make hooks
 * @param hookLife how long a hook lives unless asked otherwise
 * @param longestHookLife the longest life that may be asked for
 * @param longestWait how long a list waits at most, even if its {@code wait} is longer
 * @param allowedOrigins the origins whose pages may make hooks
 * @param scripts the settings of response scripts
 * @param search which parts of captures may be searched
 * @param pageFolder the page's sources, served as they are at each request; empty for the page on
 *     the class path
 */
public record ApiSettings(
    HookKeys hookKeys,
    ReaderKeySource readerKeySource,
    NamedSecret seedKeySecret,
    OriginSecrets originSecrets,
    Optional<String> publicBaseUrl,
    Optional<String> creationKey,
    Duration hookLife,
    Duration longestHookLife,
    Duration longestWait,
    HookLimits limits,
    StoreLimits storeLimits,
    AllowedOrigins allowedOrigins,
    ScriptSettings scripts,
    SearchMode search,
    Optional<Path> pageFolder) {
  /** The shortest life of a hook that may be asked for. */
  static final Duration SHORTEST_HOOK_LIFE = Duration.ofMinutes(1);

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(ListQuery.MAX_WAIT_SECONDS);

  /**
   * Reads {@code HOOK_KEYS}, {@code READER_KEYS_SECRET} (the name of a secret) or {@code
   * READER_KEYS} (the keys themselves), {@code SEED_KEY_SECRET} or {@code SEED_KEY} likewise,
   * {@code ORIGIN_SECRETS}, {@code PUBLIC_BASE_URL}, {@code HOOK_CREATION}, {@code
   * HOOK_CREATION_KEY}, {@code HOOK_LIFETIME}, {@code HOOK_MAX_LIFETIME}, {@code LONGEST_WAIT},
   * {@code ALLOWED_ORIGINS}, {@code SEARCH}, {@code PAGE_FOLDER}, the variables of {@link
   * ScriptSettings}, and the limits of the store.
   *
   * @throws ConfigurationException naming the variable that is missing or wrong
   */
  public static ApiSettings from(Environment environment, Clock clock) {
    HookKeys hookKeys = environment.required("HOOK_KEYS", HookKeys::parse);
    Duration longest =
        environment.optional("HOOK_MAX_LIFETIME", ApiSettings::days).orElse(Duration.ofDays(1095));
    Duration usual =
        environment.optional("HOOK_LIFETIME", ApiSettings::days).orElse(Duration.ofDays(365));
    if (usual.compareTo(longest) > 0) {
      throw new ConfigurationException("HOOK_LIFETIME must not exceed HOOK_MAX_LIFETIME");
    }
    return new ApiSettings(
        hookKeys,
        readerKeySource(environment, hookKeys, clock),
        seedKeySecret(environment, clock),
        OriginSecrets.of(environment.list("ORIGIN_SECRETS")),
        environment.optional("PUBLIC_BASE_URL", ApiSettings::baseUrl),
        creationKey(environment),
        usual,
        longest,
        environment.optional("LONGEST_WAIT", ApiSettings::wait).orElse(LONGEST_WAIT),
        HookLimits.from(environment),
        StoreLimits.from(environment),
        allowedOrigins(environment),
        ScriptSettings.from(environment),
        environment.optional("SEARCH", SearchMode::parse).orElse(SearchMode.ON),
        environment.optional("PAGE_FOLDER", Path::of));
  }

  /** The configured origins and the page's own; any origin when none is configured. */
  private static AllowedOrigins allowedOrigins(Environment environment) {
    AllowedOrigins named =
        environment.optional("ALLOWED_ORIGINS", AllowedOrigins::parse).orElse(AllowedOrigins.ANY);
    return environment.optional("PUBLIC_BASE_URL").map(named::and).orElse(named);
  }

  /** Keys in the environment are checked now, those in a secret when they are first needed. */
  private static ReaderKeySource readerKeySource(
      Environment environment, HookKeys hookKeys, Clock clock) {
    Optional<String> name = environment.optional("READER_KEYS_SECRET");
    if (name.isPresent()) {
      return new ReaderKeySource(
          new NamedSecret(() -> Secrets.read(name.get()), clock), hookKeys.ids());
    }
    ReaderKeySource source =
        new ReaderKeySource(
            NamedSecret.fixed(environment.required("READER_KEYS"), clock), hookKeys.ids());
    var _ = source.keys();
    return source;
  }

  private static NamedSecret seedKeySecret(Environment environment, Clock clock) {
    Optional<String> name = environment.optional("SEED_KEY_SECRET");
    if (name.isPresent()) {
      return new NamedSecret(() -> Secrets.read(name.get()), clock);
    }
    var _ = environment.required("SEED_KEY", SeedKey::parse);
    return NamedSecret.fixed(environment.required("SEED_KEY"), clock);
  }

  /**
   * The key that makes hooks of seeds.
   *
   * @throws ConfigurationException when the secret holds no key; without showing it
   */
  SeedKey seedKey() {
    try {
      return SeedKey.parse(seedKeySecret.value());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("SEED_KEY: " + e.getMessage(), e);
    }
  }

  ReaderKeys readerKeys() {
    return readerKeySource.keys();
  }

  private static Optional<String> creationKey(Environment environment) {
    String who = environment.optional("HOOK_CREATION").orElse("open");
    return switch (who) {
      case "open" -> Optional.empty();
      case "key" -> Optional.of(environment.required("HOOK_CREATION_KEY"));
      default -> throw new ConfigurationException("HOOK_CREATION must be open or key");
    };
  }

  private static Duration days(String text) {
    Duration duration = duration(text, "an ISO 8601 duration of days or less, as P365D");
    if (duration.compareTo(SHORTEST_HOOK_LIFE) < 0) {
      throw new IllegalArgumentException("at least PT1M");
    }
    return duration;
  }

  private static Duration wait(String text) {
    Duration duration = duration(text, "an ISO 8601 duration of seconds, as PT5S");
    if (duration.compareTo(SHORTEST_WAIT) < 0 || duration.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("from PT1S to PT20S");
    }
    return duration;
  }

  private static Duration duration(String text, String form) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(form, e);
    }
  }

  private static String baseUrl(String text) {
    URI uri = URI.create(text);
    boolean usable =
        ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
            && uri.getHost() != null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!usable) {
      throw new IllegalArgumentException("an address like https://hooks.example.com");
    }
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
