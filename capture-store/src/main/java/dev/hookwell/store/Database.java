package dev.hookwell.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.NamedSecret;
import dev.hookwell.capture.SecretUnavailableException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the database that a {@code DATABASE_URL} names, in autocommit. None is opened
 * before it is needed, and where the URL is a secret read by name, it is read then. When the
 * database refuses the password, the secret is read again: a rotation costs no batch. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final Set<String> LOST_STATES = Set.of("57P01", "57P02", "57P03");

  /** SQLSTATE class 28: invalid authorisation. */
  private static final String REFUSED_CLASS = "28";

  private static final long SHORTEST_POOL_WAIT_MILLIS = 250;
  private static final Duration CLOSING_LOOKS = Duration.ofMillis(50);

  private final NamedSecret url;
  private final Settings settings;
  private final boolean allowWeakTls;
  private final String sessionOptions;
  private final Semaphore turns;

  private @Nullable Pool pool;
  private boolean closed;

  private record Pool(String url, HikariDataSource connections) {}

  /**
   * Opens nothing yet.
   *
   * @param url {@code postgresql://user:password@host:26257/database?sslmode=verify-full}
   * @param allowWeakTls whether an {@code sslmode} weaker than {@code verify-full} is taken: only
   *     for a database on the same machine
   * @throws IllegalArgumentException when the URL is not usable; the message never shows it
   */
  public Database(String url, Settings settings, boolean allowWeakTls) {
    this(NamedSecret.fixed(url, Clock.systemUTC()), settings, allowWeakTls);
    DatabaseUrl.parse(url, allowWeakTls);
  }

  /**
   * The same with a URL that is read when it is needed. A fault of the URL fails the call that
   * needs it.
   */
  public Database(NamedSecret url, Settings settings) {
    this(url, settings, false);
  }

  Database(NamedSecret url, Settings settings, boolean allowWeakTls) {
    this(url, settings, allowWeakTls, "");
  }

  /**
   * The same with settings of every connection.
   *
   * @param sessionOptions as {@code -c name=value}, besides those of the URL
   */
  Database(NamedSecret url, Settings settings, boolean allowWeakTls, String sessionOptions) {
    this.url = url;
    this.settings = settings;
    this.allowWeakTls = allowWeakTls;
    this.sessionOptions = sessionOptions;
    this.turns = new Semaphore(settings.poolSize(), true);
  }

  /**
   * Size and patience.
   *
   * @param poolSize connections at most
   * @param connectTimeout for the network connection, and for a connection of the pool
   * @param loginTimeout for the whole of connecting, TLS and password included
   * @param socketTimeout for a response of the server: below the function's own timeout
   * @param statementTimeout after which the server gives a statement up: below the socket's, so
   *     that it is not still running when the client is gone
   * @param applicationName for the server's own lists, unless the URL says another
   */
  public record Settings(
      int poolSize,
      Duration connectTimeout,
      Duration loginTimeout,
      Duration socketTimeout,
      Duration statementTimeout,
      String applicationName) {
    /** One connection, and timeouts that fit a function of 10 seconds or more. */
    public static Settings forFunction(String applicationName) {
      return new Settings(
          1,
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofSeconds(6),
          Duration.ofSeconds(5),
          applicationName);
    }

    /** One connection, and time for changes of the schema. */
    public static Settings forMigrations(String applicationName) {
      return new Settings(
          1,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(45),
          Duration.ofSeconds(40),
          applicationName);
    }

    /** One connection, for a sender who waits for a response: one second, and no more. */
    public static Settings forResponse(String applicationName) {
      return new Settings(
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(900),
          applicationName);
    }

    public Settings withPoolSize(int connections) {
      return new Settings(
          connections,
          connectTimeout,
          loginTimeout,
          socketTimeout,
          statementTimeout,
          applicationName);
    }
  }

  /**
   * Reads the URL and loads the pool, so that the first call waits for the server alone. Opens no
   * connection.
   *
   * @throws StoreUnavailableException when the URL cannot be read
   * @throws ConfigurationException when it is not usable; the message never shows it
   */
  public void prepare() {
    var _ = pool(false);
  }

  /** Whether a statement can be run now; waits no longer than its settings allow. */
  public boolean isReachable() {
    try {
      return call(connection -> {
        try (Statement ask = connection.createStatement()) {
          return ask.execute("SELECT 1");
        }
      });
    } catch (SQLException _) {
      return false;
    }
  }

  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  Settings settings() {
    return settings;
  }

  /**
   * Runs work on a connection of the pool. When it turns out that the connection had died, once
   * more on a new one: it may have died any time since a function was last awake, the others with
   * it, and the pool only asks those that were idle for long. So the work has to be such that doing
   * it twice does no harm.
   */
  <T> T call(Work<T> work) throws SQLException {
    awaitTurn();
    try {
      return callInTurn(work);
    } finally {
      turns.release();
    }
  }

  /** Runs work that must not be done twice, once: also when the connection turns out to be dead. */
  <T> T callOnce(Work<T> work) throws SQLException {
    awaitTurn();
    try {
      return once(pool(false), work);
    } finally {
      turns.release();
    }
  }

  private <T> T callInTurn(Work<T> work) throws SQLException {
    Pool first = pool(false);
    try {
      return once(first, work);
    } catch (SQLException e) {
      Pool second = wasRefused(e) ? pool(true) : first;
      if (second.url().equals(first.url())) {
        if (!connectionDied(e)) {
          throw e;
        }
        first.connections().getHikariPoolMXBean().softEvictConnections();
      }
      return once(second, work);
    }
  }

  private <T> T once(Pool pool, Work<T> work) throws SQLException {
    try (Connection connection = connection(pool)) {
      return work.run(connection);
    }
  }

  private Connection connection(Pool pool) throws SQLException {
    try {
      return pool.connections().getConnection();
    } catch (SQLTransientConnectionException e) {
      // The cause is the failure after which it pauses. Without one it is still at its first try.
      boolean pauses = e.getCause() != null && !wasRefused(e);
      if (pauses && pool.connections().getHikariPoolMXBean().getTotalConnections() == 0) {
        giveUp(pool);
      }
      throw e;
    }
  }

  /**
   * A pool that found no server pauses for up to five seconds before it tries again, even while
   * calls wait; and where a function is frozen, the pause goes on after it. So the next call begins
   * with a new one. The old one is closed once nobody waits for it any more, since it may still
   * find the server for them.
   */
  private synchronized void giveUp(Pool vain) {
    if (!vain.equals(pool)) {
      return;
    }
    pool = null;
    HikariPoolMXBean uses = vain.connections().getHikariPoolMXBean();
    Thread.ofVirtual()
        .start(() -> {
          while (uses.getThreadsAwaitingConnection() > 0 || uses.getActiveConnections() > 0) {
            LockSupport.parkNanos(CLOSING_LOOKS.toNanos());
          }
          vain.connections().close();
        });
  }

  /**
   * Waits while others use all connections, as long as one statement may take. The pool's own wait
   * is for a server that cannot be reached, and too short for a crowd that is being served.
   */
  private void awaitTurn() throws SQLException {
    try {
      if (!turns.tryAcquire(settings.socketTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SQLTransientConnectionException("all connections are in use");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("ended while it waited for a connection", e);
    }
  }

  /**
   * The pool of connections to the server that the URL names now.
   *
   * @param refused whether the last URL turned out not to work
   */
  private synchronized Pool pool(boolean refused) {
    if (closed) {
      throw new StoreUnavailableException("the database is closed");
    }
    String current;
    try {
      current = refused ? url.reread() : url.value();
    } catch (SecretUnavailableException e) {
      throw new StoreUnavailableException("the database's URL cannot be read", e);
    }
    Pool known = pool;
    if (known != null && known.url().equals(current)) {
      return known;
    }
    Pool fresh = new Pool(current, new HikariDataSource(config(current)));
    pool = fresh;
    if (known != null) {
      known.connections().close();
    }
    return fresh;
  }

  private HikariConfig config(String current) {
    try {
      return config(DatabaseUrl.parse(current, allowWeakTls));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("the database's URL: " + e.getMessage(), e);
    }
  }

  /** Whether the database did not take the user or the password; the pool wraps that. */
  private static boolean wasRefused(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException failure
          && failure.getSQLState() != null
          && failure.getSQLState().startsWith(REFUSED_CLASS)) {
        return true;
      }
    }
    return false;
  }

  private static boolean connectionDied(SQLException e) {
    String state = e.getSQLState();
    if (state == null || e instanceof SQLTransientConnectionException) {
      return false;
    }
    // A server that hangs will hang again, and the time for it is spent.
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return false;
      }
    }
    return state.startsWith("08") || LOST_STATES.contains(state);
  }

  private HikariConfig config(DatabaseUrl url) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(settings.applicationName());
    config.setJdbcUrl(url.jdbcUrl());
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(0);
    config.setAutoCommit(true);
    config.setConnectionTimeout(
        Math.max(SHORTEST_POOL_WAIT_MILLIS, settings.connectTimeout().toMillis()));
    config.setInitializationFailTimeout(-1);
    // A frozen function cannot keep anything alive.
    config.setKeepaliveTime(0);

    config.addDataSourceProperty("ApplicationName", settings.applicationName());
    config.addDataSourceProperty("connectTimeout", seconds(settings.connectTimeout()));
    config.addDataSourceProperty("loginTimeout", seconds(settings.loginTimeout()));
    config.addDataSourceProperty("socketTimeout", seconds(settings.socketTimeout()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // All texts of a save are some 7 MB, where batches have up to 1,000 hooks.
    config.addDataSourceProperty("preparedStatementCacheSizeMiB", "16");
    // Details quote rows, and rows hold senders' data.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    url.properties().forEach(config::addDataSourceProperty);
    String asked = url.properties().getOrDefault("options", "");
    String timeout =
        asked.contains("statement_timeout")
            ? ""
            : "-c statement_timeout=" + settings.statementTimeout().toMillis();
    config.addDataSourceProperty(
        "options",
        Stream.of(asked, timeout, sessionOptions)
            .filter(options -> !options.isEmpty())
            .collect(Collectors.joining(" ")));
    return config;
  }

  /** In whole seconds, as the driver wants it, and never 0, which is for ever. */
  private static String seconds(Duration duration) {
    return String.valueOf(Math.max(1, duration.plusMillis(999).toSeconds()));
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (pool != null) {
      pool.connections().close();
    }
  }
}
