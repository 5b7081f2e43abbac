package dev.hookwell.client;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a hook, read from a URL that people pass on.
 *
 * @param server scheme, host and port
 * @param key the key that a share link carries
 * @param ownerKey the second key, of a link that moves an owner
 */
public record HookLink(URI server, String id, Optional<String> key, Optional<String> ownerKey) {
  private static final String SERVER = "(https?://[^/?#\\s@]+)";
  private static final String ID = "([A-Za-z0-9_-]{44})";
  private static final Pattern HOOK_URL = Pattern.compile(SERVER + "/[hs]/" + ID + "(?:[/?#].*)?");
  private static final Pattern API_URL = Pattern.compile(SERVER + "/api/hooks/" + ID + "/?");

  /** With the view key, and maybe the owner key after it. */
  private static final Pattern SHARE_LINK =
      Pattern.compile(
          SERVER + "/(?:\\?[^#]*)?#/" + ID + "/([A-Za-z0-9_-]{43})(?:/([A-Za-z0-9_-]{43}))?");

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** Reads a hook's URL, its API's address, or a share link; empty for anything else. */
  public static Optional<HookLink> parse(String text) {
    String address = text.strip();
    for (Pattern pattern : new Pattern[] {SHARE_LINK, HOOK_URL, API_URL}) {
      Matcher matcher = pattern.matcher(address);
      if (matcher.matches()) {
        return server(matcher.group(1))
            .map(server ->
                new HookLink(
                    server,
                    matcher.group(2),
                    pattern == SHARE_LINK ? Optional.of(matcher.group(3)) : Optional.empty(),
                    pattern == SHARE_LINK
                        ? Optional.ofNullable(matcher.group(4))
                        : Optional.empty()));
      }
    }
    return Optional.empty();
  }

  /** A server's address; empty when it is none. */
  public static Optional<URI> server(String text) {
    try {
      URI server = URI.create(text);
      boolean right =
          server.getHost() != null
              && server.getPort() != 0
              && server.getPort() <= 65_535
              && server.getScheme().matches("https?");
      return right ? Optional.of(server) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether it has the form of a key. */
  public static boolean isKey(String text) {
    return KEY.matcher(text).matches();
  }

  public String url() {
    return server + "/h/" + id;
  }

  URI api(String tail) {
    return URI.create(server + "/api/hooks/" + id + tail);
  }

  /** Leaves the keys out. */
  @Override
  public String toString() {
    return url();
  }
}
