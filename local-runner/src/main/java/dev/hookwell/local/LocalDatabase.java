package dev.hookwell.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL on this machine, its rows kept in the data folder. What it committed survives a kill
 * of it or of the runner; one that dies is started again on the same port, and one that a killed
 * runner left behind is stopped before this one starts. Thread-safe.
 */
public final class LocalDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalDatabase.class);
  private static final Duration STARTUP = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration WATCH = Duration.ofMillis(250);

  private final Path data;
  private final Path binaries;
  private final Path ready;
  private final Path log;
  private final int port;
  private final Postmaster postmaster;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread watcher;

  /** None while it is stopped on purpose, or did not start again. */
  private @Nullable EmbeddedPostgres server;

  private boolean wanted;

  /** Some systems show no command lines; there a living server would be taken for a dead one. */
  private boolean watchable;

  private LocalDatabase(DataFolder folder, int port) {
    this.data = folder.postgres().resolve("data");
    this.binaries = folder.postgres().resolve("binaries");
    this.ready = folder.postgres().resolve("ready");
    this.log = folder.log("postgres.log");
    this.port = port;
    this.postmaster = new Postmaster(data);
    this.watcher = Thread.ofPlatform().daemon().name("postgres-watcher").unstarted(this::watch);
  }

  /**
   * Starts it on a free port; takes seconds, the first time in a folder some more.
   *
   * @param folder held by the caller until this is closed
   * @throws LocalDatabaseException when it does not start
   */
  public static LocalDatabase start(DataFolder folder) {
    LocalDatabase database = new LocalDatabase(folder, LocalPort.claim(0));
    database.startServer();
    database.watcher.start();
    return database;
  }

  /** Where it is, as {@code DATABASE_URL} says it; the same for as long as this lives. */
  public String databaseUrl() {
    return "postgresql://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable";
  }

  /** Starts the server unless it runs: at first, and after {@link #stopServer}. */
  public synchronized void startServer() {
    wanted = true;
    if (server == null) {
      try {
        prepare();
        server = launch();
        watchable = postmaster.find().isPresent();
        Files.writeString(ready, "");
      } catch (IOException | RuntimeException e) {
        // A server that is only late would go on without anyone.
        postmaster.stop(PATIENCE);
        throw new LocalDatabaseException("PostgreSQL does not start; its log is " + log, e);
      }
    }
  }

  /** Stops the server until {@link #startServer}: what an outage looks like. */
  public synchronized void stopServer() {
    wanted = false;
    if (server != null) {
      shutDown(server);
      server = null;
    }
  }

  private void prepare() throws IOException {
    if (!postmaster.stop(PATIENCE)) {
      throw new IOException("an earlier PostgreSQL does not stop");
    }
    postmaster.clearStaleFile(PATIENCE);
    // The library's own lock, which it keeps when a start fails. The folder's lock stands for it.
    Files.deleteIfExists(data.resolve("epg-lock"));
    if (!Files.exists(ready)) {
      // A first start that was broken off: there are no rows yet, but half of everything else.
      delete(data);
    }
    if (Files.isDirectory(binaries)) {
      try (Stream<Path> versions = Files.list(binaries)) {
        for (Path version : versions.toList()) {
          if (!Files.exists(version.resolve(".exists"))) {
            delete(version);
          }
        }
      }
    }
    Files.createDirectories(data.getParent());
  }

  private EmbeddedPostgres launch() throws IOException {
    ProcessBuilder.Redirect toLog = ProcessBuilder.Redirect.appendTo(log.toFile());
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setOverrideWorkingDirectory(binaries.toFile())
        .setPort(port)
        // The library is made for tests and gives up durability for speed.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        // Its details quote rows, and rows are what senders sent.
        .setServerConfig("log_error_verbosity", "terse")
        .setServerConfig("log_min_error_statement", "panic")
        // No socket file in the folder for temporary files.
        .setServerConfig("unix_socket_directories", "")
        .setLocaleConfig("locale", "C")
        .setPGStartupWait(STARTUP)
        // Its hook would stop PostgreSQL while the runner still drains.
        .setRegisterShutdownHook(false)
        // Not a pipe: a server that outlives the runner would keep it open.
        .setOutputRedirector(toLog)
        .setErrorRedirector(toLog)
        .start();
  }

  private void shutDown(EmbeddedPostgres running) {
    try {
      running.close();
    } catch (IOException e) {
      LOG.warn("PostgreSQL did not stop by itself", e);
    }
    if (!postmaster.stop(PATIENCE)) {
      LOG.error("PostgreSQL does not stop");
    }
  }

  private void watch() {
    try {
      while (!closing.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
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
    if (server != null) {
      shutDown(server);
      server = null;
    }
    try {
      startServer();
    } catch (LocalDatabaseException e) {
      LOG.error("PostgreSQL does not start again", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  /** Stops it. Rows stay. */
  @Override
  public void close() {
    closing.countDown();
    stopServer();
  }
}
