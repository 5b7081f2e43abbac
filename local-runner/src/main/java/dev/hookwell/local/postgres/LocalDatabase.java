package dev.hookwell.local.postgres;

import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.KeyFile;
import dev.hookwell.local.folder.PrivateFiles;
import dev.hookwell.local.machine.LocalPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL on this machine, its rows kept in the data folder. Commits survive a kill of the
 * server or of the runner. A server that dies is started again on the same port; one that a killed
 * runner left behind is stopped before this one starts. Only one role may log in, which is no
 * superuser. Its password is made anew for each run and is in no file. Thread-safe.
 */
public final class LocalDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalDatabase.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOGIN = Duration.ofMinutes(1);
  private static final Duration WATCH = Duration.ofMillis(250);

  /**
   * All of {@code pg_hba.conf}: nobody else may log in, not over a socket, and not as the
   * superuser.
   */
  private static final String WHO_MAY_CONNECT =
      "# Written at each start.\nhost postgres hookwell 127.0.0.1/32 scram-sha-256\n";

  private final Path data;
  private final Path programs;
  private final Path ready;
  private final Path log;
  private final int port;
  private final String password;
  private final Postmaster postmaster;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread watcher;

  /** False while the server is stopped on purpose, or did not start again. */
  private boolean started;

  private boolean wanted;

  /**
   * Whether the server's process can be found. Some systems show no commands; there a living server
   * would be taken for a dead one.
   */
  private boolean watchable;

  private LocalDatabase(DataFolder folder, int port, String password) {
    this.data = folder.postgres().resolve("data");
    this.programs = folder.postgres().resolve("binaries");
    this.ready = folder.postgres().resolve("ready");
    this.log = folder.log("postgres.log");
    this.port = port;
    this.password = password;
    this.postmaster = new Postmaster(data, programs);
    this.watcher = Thread.ofPlatform().daemon().name("postgres-watcher").unstarted(this::watch);
  }

  /**
   * Starts it on a free port; takes seconds, the first time in a folder some more.
   *
   * @param folder held by the caller until this is closed
   * @param random a cryptographically strong generator, for the password
   * @throws LocalDatabaseException when it does not start
   */
  public static LocalDatabase start(DataFolder folder, RandomGenerator random) {
    LocalDatabase database = new LocalDatabase(folder, LocalPort.claim(), KeyFile.newKey(random));
    database.startServer();
    database.watcher.start();
    return database;
  }

  /**
   * Its URL in the form of {@code DATABASE_URL}, with the password; the same for as long as this
   * object lives. If the server dies and another program listens on the port, that program does not
   * know the password's hash, so the driver sends it neither the password nor a statement.
   */
  public String databaseUrl() {
    return "postgresql://hookwell:"
        + password
        + "@127.0.0.1:"
        + port
        + "/postgres?sslmode=disable&require_auth=scram-sha-256";
  }

  /** A connection without a pool, to be closed by the caller. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.put("user", "hookwell");
    properties.put("password", password);
    properties.put("sslmode", "disable");
    properties.put("requireAuth", "scram-sha-256");
    properties.put("loginTimeout", Long.toString(LOGIN.toSeconds()));
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
  }

  /** Starts the server unless it runs: at first, and after {@link #stopServer}. */
  public synchronized void startServer() {
    wanted = true;
    if (started) {
      return;
    }
    try {
      launch();
      watchable = postmaster.find().isPresent();
      started = true;
    } catch (LocalDatabaseException e) {
      postmaster.stop(PATIENCE);
      throw e;
    } catch (IOException | RuntimeException e) {
      // A server that is only late would be left running.
      postmaster.stop(PATIENCE);
      throw new LocalDatabaseException("PostgreSQL does not start; its log is " + log, e);
    }
  }

  /** Stops the server until {@link #startServer}, as in an outage. */
  public synchronized void stopServer() {
    wanted = false;
    if (started) {
      shutDown();
    }
  }

  private void launch() throws IOException {
    PostgresCommands.check(data);
    PrivateFiles.makeFile(log);
    if (!postmaster.stop(PATIENCE)) {
      throw new IOException("an earlier PostgreSQL does not stop");
    }
    postmaster.clearStaleFile(PATIENCE);
    PostgresCommands commands = new PostgresCommands(PostgresPrograms.unpack(programs), data, log);
    if (!Files.exists(ready)) {
      // There are no rows yet, but a first start that was broken off may have left half of the
      // rest.
      PrivateFiles.delete(data);
      commands.initialise();
    }
    checkVersion(commands);
    // In a folder of an earlier version this file let anybody in, as the superuser.
    PrivateFiles.write(data.resolve("pg_hba.conf"), WHO_MAY_CONNECT);
    PrivateFiles.write(data.resolve("postgresql.auto.conf"), "");
    commands.execute(roleAndItsTables());
    commands.start(
        Map.of(
            "listen_addresses", "127.0.0.1",
            "port", Integer.toString(port),
            "unix_socket_directories", "",
            "fsync", "on",
            "full_page_writes", "on",
            "synchronous_commit", "on",
            "password_encryption", "scram-sha-256",
            // How long a client may hold a connection without a password.
            "authentication_timeout", "10s"));
    try {
      // The first connection takes seconds on a slow machine, longer than a pool waits.
      connect().close();
    } catch (SQLException e) {
      throw new IOException("PostgreSQL does not let its own role in", e);
    }
    PrivateFiles.write(ready, "");
  }

  private void checkVersion(PostgresCommands commands) throws IOException {
    String ours = commands.majorVersion();
    String theirs = Files.readString(data.resolve("PG_VERSION")).strip();
    if (!theirs.equals(ours)) {
      throw new LocalDatabaseException(
          "the rows in "
              + data
              + " are of PostgreSQL "
              + theirs
              + ", and this Hookwell has PostgreSQL "
              + ours
              + ": run the version of Hookwell that made them");
    }
  }

  /**
   * The only role that may log in. It owns the tables, because migrations change them, also those
   * of an earlier version, which were the superuser's; it may read no file, run no program and make
   * no role. With an earlier version anybody could have been superuser, and made other roles.
   */
  private List<String> roleAndItsTables() {
    return List.of(
        "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hookwell')"
            + " THEN CREATE ROLE hookwell; END IF; END $do$;",
        "ALTER ROLE hookwell LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
            + " PASSWORD '"
            + password
            + "';",
        forEach(
            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname <> 'hookwell'",
            "ALTER ROLE %I NOLOGIN PASSWORD NULL"),
        forEach(
            "SELECT roleid::regrole FROM pg_auth_members WHERE member = 'hookwell'::regrole",
            "REVOKE %s FROM hookwell"),
        "ALTER SCHEMA public OWNER TO hookwell;",
        forEach(
            "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                + " AND relkind IN ('r', 'p', 'v', 'm') AND relowner <> 'hookwell'::regrole",
            "ALTER TABLE %s OWNER TO hookwell"));
  }

  private static String forEach(String query, String statement) {
    return "DO $do$ DECLARE found text; BEGIN FOR found IN "
        + query
        + " LOOP EXECUTE format('"
        + statement
        + "', found); END LOOP; END $do$;";
  }

  private void shutDown() {
    started = false;
    if (!postmaster.stop(PATIENCE)) {
      LOG.error("PostgreSQL does not stop");
    }
  }

  private void watch() {
    try {
      while (!closing.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
        GrowingLog.bound(log);
        restartIfDead();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void restartIfDead() {
    if (!wanted || !watchable || postmaster.find().isPresent()) {
      return;
    }
    LOG.warn("PostgreSQL died and is started again");
    shutDown();
    try {
      startServer();
    } catch (LocalDatabaseException e) {
      LOG.error("PostgreSQL does not start again", e);
    }
  }

  /** Stops it. Rows stay. */
  @Override
  public void close() {
    closing.countDown();
    stopServer();
  }
}
