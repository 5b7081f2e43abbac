package dev.hookwell.local.command;

import dev.hookwell.capture.Environment;
import dev.hookwell.local.gateway.TrustedProxies;
import dev.hookwell.local.machine.ListenAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses of a runner, and its protection there. If other machines can reach it, it needs a
 * creation key and an address with TLS (or {@code --allow-http}); without them it does not start.
 *
 * @param addresses on which it listens
 * @param publicUrl scheme, host and port by which senders and readers find it; empty: its address
 * @param proxies in front of it
 * @param creationKey that making a hook needs
 * @param metricsPort the port of loopback that Prometheus scrapes
 */
public record Reach(
    ListenAddresses addresses,
    Optional<String> publicUrl,
    TrustedProxies proxies,
    Optional<String> creationKey,
    Optional<Integer> metricsPort) {
  /** Gives the key itself: there is no option for it, since everybody can read a command line. */
  static final String CREATION_KEY_VARIABLE = "HOOKWELL_CREATION_KEY";

  /** As many characters as 128 bits have in hexadecimal. */
  private static final int SHORTEST_KEY = 32;

  private static final String KEY = "[\\x21-\\x7e]+";

  /** On this machine alone. */
  public static Reach loopback() {
    return new Reach(
        ListenAddresses.loopback(),
        Optional.empty(),
        TrustedProxies.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Made from the options.
   *
   * @throws IllegalArgumentException when that would be unsafe; the message is one line that says
   *     what makes it safe
   */
  static Reach of(RunnerOptions options, Map<String, String> environment) {
    Reach reach =
        new Reach(
            options
                .list(RunnerOption.HOST, ListenAddresses::parse)
                .orElseGet(ListenAddresses::loopback),
            options.value(RunnerOption.PUBLIC_URL, Reach::publicUrl),
            options
                .list(RunnerOption.TRUSTED_PROXY, TrustedProxies::parse)
                .orElse(TrustedProxies.NONE),
            creationKey(options, environment),
            options.value(RunnerOption.METRICS_PORT, RunnerCommand::port));
    reach.refuseUnsafe(options);
    return reach;
  }

  private void refuseUnsafe(RunnerOptions options) {
    int port = RunnerCommand.port(options);
    if (port != 0 && metricsPort.equals(Optional.of(port))) {
      throw new IllegalArgumentException(
          options.source(RunnerOption.METRICS_PORT)
              + " is "
              + port
              + ", on which Hookwell itself listens: take another");
    }
    if (publicUrl.isEmpty()) {
      if (addresses.isEvery()) {
        throw new IllegalArgumentException(
            options.source(RunnerOption.HOST)
                + " stands for every address of this machine: say by --public-url which one senders"
                + " use, as https://hooks.example.com"
                + (creationKey.isEmpty()
                    ? ", and name a key that making a hook needs by --creation-key-file"
                    : ""));
      }
      if (!proxies.networks().isEmpty()) {
        throw new IllegalArgumentException(
            options.source(RunnerOption.TRUSTED_PROXY)
                + " puts a proxy in front: say by --public-url under which address it is reached,"
                + " as https://hooks.example.com");
      }
    }
    Optional<String> open = openBy(options);
    if (open.isEmpty()) {
      return;
    }
    if (creationKey.isEmpty()) {
      throw new IllegalArgumentException(
          open.get()
              + " lets others reach it, who could make hooks without end: put a key that making one"
              + " needs into a file of yours alone (umask 077; openssl rand -hex 32 > FILE) and"
              + " name that by --creation-key-file");
    }
    if (!isSecure() && !options.isOn(RunnerOption.ALLOW_HTTP)) {
      throw new IllegalArgumentException(
          open.get()
              + " would have keys and captures go over the network readable: put a proxy with TLS"
              + " in front and name its https:// address by --public-url, or accept that in a"
              + " network of your own by --allow-http");
    }
  }

  /** The option by which other machines reach it. */
  private Optional<String> openBy(RunnerOptions options) {
    if (!addresses.isLoopback()) {
      return Optional.of(options.source(RunnerOption.HOST));
    }
    return publicUrl.isPresent() && !isLoopback(publicUrl.get())
        ? Optional.of(options.source(RunnerOption.PUBLIC_URL))
        : Optional.empty();
  }

  /**
   * Whether keys cannot be read on the way. In a container the runner listens on all addresses, and
   * its public URL may still be one of loopback.
   */
  private boolean isSecure() {
    return publicUrl.isPresent()
        && (publicUrl.get().startsWith("https://") || isLoopback(publicUrl.get()));
  }

  private static boolean isLoopback(String url) {
    String host = URI.create(url).getHost().replaceAll("[\\[\\]]", "");
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || ListenAddresses.literal(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  private static String publicUrl(String text) {
    URI url;
    try {
      url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(form(), e);
    }
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean usable =
        (scheme.equals("https") || scheme.equals("http"))
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && String.valueOf(url.getRawPath()).isEmpty()
            && url.getRawQuery() == null
            && url.getRawFragment() == null;
    if (!usable) {
      throw new IllegalArgumentException(form());
    }
    return (scheme + "://" + url.getRawAuthority()).toLowerCase(Locale.ROOT);
  }

  private static String form() {
    return "must be scheme and host without a path, as https://hooks.example.com";
  }

  private static Optional<String> creationKey(
      RunnerOptions options, Map<String, String> environment) {
    Optional<String> given =
        options.text(RunnerOption.CREATION_KEY_FILE).map(file -> keyOfFile(options, file));
    String source =
        given.isPresent()
            ? "the key in the file of " + options.source(RunnerOption.CREATION_KEY_FILE)
            : CREATION_KEY_VARIABLE;
    Optional<String> key =
        given.or(() -> new Environment(environment).optional(CREATION_KEY_VARIABLE));
    key.ifPresent(text -> {
      if (text.length() < SHORTEST_KEY || !text.matches(KEY)) {
        throw new IllegalArgumentException(
            source
                + " must have "
                + SHORTEST_KEY
                + " characters or more, of ASCII and without a space: openssl rand -hex 32 makes"
                + " one");
      }
    });
    return key;
  }

  private static String keyOfFile(RunnerOptions options, String file) {
    String source = options.source(RunnerOption.CREATION_KEY_FILE);
    try {
      return SecretFile.read(Path.of(file), source, "a key");
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(source + " must be the path of a file", e);
    }
  }

  /** The page's URL; the hooks' URLs are below it. */
  public String url(int port) {
    return publicUrl.orElseGet(() -> addresses.url(port));
  }

  /** The functions' settings that follow from it. */
  public Map<String, String> variables(int port) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PUBLIC_BASE_URL", url(port));
    creationKey.ifPresent(key -> {
      variables.put("HOOK_CREATION", "key");
      variables.put("HOOK_CREATION_KEY", key);
    });
    // The page may be opened under any of these origins. Pages of other origins may not make hooks.
    if (addresses.isLoopback() || addresses.isEvery()) {
      List<String> own = List.of("http://127.0.0.1:", "http://localhost:", "http://[::1]:");
      variables.put(
          "ALLOWED_ORIGINS", String.join(",", own.stream().map(one -> one + port).toList()));
    }
    return variables;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Reach[" + url(0) + " on " + addresses + "]";
  }
}
