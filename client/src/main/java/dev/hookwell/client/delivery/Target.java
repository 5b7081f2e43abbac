package dev.hookwell.client.delivery;

import java.net.URI;
import java.util.Locale;

/**
 * The server that captures are delivered to.
 *
 * @param host without the brackets of an IPv6 address
 * @param basePath the path before a capture's own; empty, or it begins with a slash and doesn't end
 *     with one
 */
public record Target(boolean tls, String host, int port, String basePath) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * Reads a port, or an address.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static Target parse(String text) {
    if (text.matches(":?\\d+")) {
      return new Target(false, "localhost", port(text.replace(":", "")), "");
    }
    String address = text.contains("://") ? text : "http://" + text;
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(text + " is no address: give a port, or a URL", e);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(text + " is neither http nor https");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(text + " is no address: give a port, or a URL");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "a target takes no user and password: give --header 'Authorization: …'");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a target takes no query: that is the captures' own: " + text);
    }
    boolean tls = scheme.equals("https");
    int port = uri.getPort() < 0 ? (tls ? HTTPS : HTTP) : port(String.valueOf(uri.getPort()));
    String host = uri.getHost().replaceAll("^\\[|]$", "");
    return new Target(tls, host, port, "").below(String.valueOf(uri.getRawPath()));
  }

  private static int port(String digits) {
    if (digits.length() > 5 || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65_535) {
      throw new IllegalArgumentException("a port is a number from 1 to 65535, not " + digits);
    }
    return Integer.parseInt(digits);
  }

  /**
   * The same server, with a path before the captures' own.
   *
   * @throws IllegalArgumentException when it is no path
   */
  public Target below(String path) {
    if (path.isEmpty()) {
      return this;
    }
    if (!path.matches("/[\\x21-\\x22\\x24-\\x3e\\x40-\\x7e]*")) {
      throw new IllegalArgumentException(
          "a path begins with / and has no space, ? or #, unlike " + path);
    }
    return new Target(tls, host, port, basePath + path.replaceAll("/+$", ""));
  }

  /** The value of {@code Host}. */
  String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == (tls ? HTTPS : HTTP) ? name : name + ":" + port;
  }

  /** Scheme and authority. */
  public String origin() {
    return (tls ? "https://" : "http://") + authority();
  }

  /** The address, as a person writes it. */
  @Override
  public String toString() {
    return origin() + basePath;
  }
}
