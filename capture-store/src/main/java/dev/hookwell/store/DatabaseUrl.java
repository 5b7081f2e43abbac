package dev.hookwell.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * CockroachDB's own form of a database URL, as pgjdbc wants it. No message here shows any part of
 * the URL but the names of its parameters: it holds a password, maybe in an unexpected place.
 *
 * @param jdbcUrl host, port and database
 * @param properties the driver's, user and password among them
 */
record DatabaseUrl(String jdbcUrl, Map<String, String> properties) {
  private static final Pattern SCHEME = Pattern.compile("postgres(ql)?://");
  private static final Pattern HOSTS =
      Pattern.compile("HOST(,HOST)*".replace("HOST", "([\\w.-]+|\\[[\\da-fA-F:.]+])(:\\d{1,5})?"));
  private static final Pattern PORT = Pattern.compile(":(\\d+)(?=,|$)");
  private static final Pattern DATABASE = Pattern.compile("[\\w.%-]+");

  private static final Set<String> TLS_FILES =
      Set.of("sslrootcert", "sslcert", "sslkey", "sslpassword");
  private static final Set<String> WEAK_SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca");
  private static final String VERIFY_FULL = "verify-full";

  DatabaseUrl {
    properties = Map.copyOf(properties);
  }

  static DatabaseUrl parse(String text, boolean allowWeakTls) {
    var scheme = SCHEME.matcher(text);
    if (!scheme.lookingAt()) {
      throw refused("it has to start with postgresql://");
    }
    String rest = text.substring(scheme.end());
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    String place = mark < 0 ? rest : rest.substring(0, mark);
    int at = place.lastIndexOf('@');
    String login = at < 0 ? "" : place.substring(0, at);
    String address = place.substring(at + 1);
    int slash = address.indexOf('/');
    String hosts = slash < 0 ? address : address.substring(0, slash);
    String database = slash < 0 ? "" : address.substring(slash + 1);
    if (!HOSTS.matcher(hosts).matches()) {
      throw refused(
          "it has no readable host; in user and password, '/', '?', '@' and '%' are to be"
              + " percent-encoded");
    }
    if (PORT.matcher(hosts).results().anyMatch(port -> !isPort(port.group(1)))) {
      throw refused("its port is none");
    }
    if (!DATABASE.matcher(database).matches()) {
      throw refused("it has to name a database after the host");
    }
    decoded(database);

    TreeMap<String, String> properties = new TreeMap<>();
    readLogin(login, properties);
    readQuery(query, properties);
    checkTls(properties, allowWeakTls);
    return new DatabaseUrl("jdbc:postgresql://" + hosts + "/" + database, properties);
  }

  private static void readLogin(String login, Map<String, String> properties) {
    int colon = login.indexOf(':');
    String user = colon < 0 ? login : login.substring(0, colon);
    if (user.isEmpty()) {
      throw refused("it has to name a user");
    }
    properties.put("user", decoded(user));
    if (colon >= 0) {
      properties.put("password", decoded(login.substring(colon + 1)));
    }
  }

  private static void readQuery(String query, Map<String, String> properties) {
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      String property =
          switch (name) {
            case "application_name" -> "ApplicationName";
            case "sslmode", "options" -> name;
            case "require_auth" -> {
              if (!value.equals("scram-sha-256")) {
                throw refused("the parameter require_auth has no other value than scram-sha-256");
              }
              yield "requireAuth";
            }
            default -> {
              // The driver has parameters that name classes or files; only these are of use here.
              if (!TLS_FILES.contains(name)) {
                throw refused(
                    name.matches("\\w{1,40}")
                        ? "the parameter " + name + " is not supported"
                        : "a parameter is not supported");
              }
              yield name;
            }
          };
      if (properties.put(property, value) != null) {
        throw refused("the parameter " + name + " stands twice");
      }
    }
  }

  private static void checkTls(Map<String, String> properties, boolean allowWeakTls) {
    String mode = properties.getOrDefault("sslmode", VERIFY_FULL);
    properties.put("sslmode", mode);
    if (!mode.equals(VERIFY_FULL)) {
      if (!WEAK_SSL_MODES.contains(mode)) {
        throw refused("its sslmode is none of PostgreSQL's");
      }
      if (!allowWeakTls) {
        throw refused("only sslmode=verify-full is accepted, not " + mode);
      }
    } else if (properties.getOrDefault("sslrootcert", "system").equals("system")) {
      // The driver would look for a file in the home folder. This takes the JVM's trust store, and
      // the host name is still checked.
      properties.remove("sslrootcert");
      properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused("a percent sign in it is not followed by two hexadecimal digits");
    }
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("the database URL is not usable: " + why);
  }

  /** Without the properties: the password is one. */
  @Override
  public String toString() {
    return jdbcUrl;
  }
}
