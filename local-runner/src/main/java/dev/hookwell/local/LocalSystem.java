package dev.hookwell.local;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.local.backup.BackupWriter;
import dev.hookwell.local.bodies.LocalBodies;
import dev.hookwell.local.command.Reach;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.folder.DataFolderInUseException;
import dev.hookwell.local.folder.KeyFile;
import dev.hookwell.local.folder.OwnerRequest;
import dev.hookwell.local.gateway.GatewaySettings;
import dev.hookwell.local.gateway.LocalFunction;
import dev.hookwell.local.gateway.LocalGateway;
import dev.hookwell.local.machine.ListenAddresses;
import dev.hookwell.local.machine.LocalPort;
import dev.hookwell.local.machine.PortInUseException;
import dev.hookwell.local.machine.RepeatedTask;
import dev.hookwell.local.machine.SteadyTime;
import dev.hookwell.local.metrics.Measurements;
import dev.hookwell.local.metrics.MetricsServer;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.postgres.LocalDatabaseException;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.PumpSettings;
import dev.hookwell.local.queue.QueuePump;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.persist.RetentionHandler;
import dev.hookwell.store.BodyObjects;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.Retries;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * All of Hookwell in this process: the real functions, between a gateway, a queue and a database
 * that behave as those in the cloud. Closing it lets work under way finish.
 */
public final class LocalSystem implements AutoCloseable {
  /**
   * Pool size. In the cloud many instances have one connection each; here one process does their
   * work.
   */
  private static final int CONNECTIONS = 12;

  /**
   * Size of respond's own pool: slow reads of scripts leave the other functions their connections.
   */
  private static final int SCRIPT_CONNECTIONS = 4;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final Retries retries = new Retries(clock, random, Thread::sleep);
  private final Measurements measurements = new Measurements();
  private final EventLog log = new EventLog(this::log, clock);
  private final Settings settings;
  private final Consumer<String> notices;
  private boolean closed;
  private URI address = URI.create("http://127.0.0.1/");
  private Optional<LocalDatabase> ownDatabase = Optional.empty();

  private LocalSystem(Settings settings, Consumer<String> notices) {
    this.settings = settings;
    this.notices = notices;
  }

  private void log(String line) {
    LoggerFactory.getLogger("dev.hookwell.functions").info(line);
    if (settings.reach().metricsPort().isPresent()) {
      measurements.accept(line);
    }
  }

  /**
   * The settings of a system.
   *
   * @param port of the gateway; 0 takes a free one
   * @param data where everything is kept between runs
   * @param databaseUrl a database to use instead of the built-in one
   * @param edge whether the gateway also plays the edge in front of it
   * @param environment further settings of the functions, as in the cloud
   * @param reach its addresses, and their protection
   * @param logToConsole whether the log goes to standard output instead of a file in the folder
   */
  public record Settings(
      int port,
      Path data,
      Optional<String> databaseUrl,
      boolean allowWeakTls,
      boolean edge,
      Map<String, String> environment,
      Reach reach,
      boolean logToConsole) {
    public Settings {
      environment = Map.copyOf(environment);
    }

    /** On this machine alone. */
    public Settings(
        int port,
        Path data,
        Optional<String> databaseUrl,
        boolean allowWeakTls,
        boolean edge,
        Map<String, String> environment) {
      this(port, data, databaseUrl, allowWeakTls, edge, environment, Reach.loopback(), false);
    }
  }

  /**
   * A system that is not started yet.
   *
   * @param notices takes notices for the operator, one line each
   */
  public static LocalSystem of(Settings settings, Consumer<String> notices) {
    return new LocalSystem(settings, notices);
  }

  /**
   * Starts all parts, and warms the functions up.
   *
   * @throws PortInUseException when the gateway's port is taken
   * @throws DataFolderInUseException when another runner uses the folder
   * @throws DataFolderException when the folder cannot be used
   * @throws LocalDatabaseException when the built-in database does not start
   * @throws dev.hookwell.capture.ConfigurationException when a setting is wrong
   * @throws dev.hookwell.store.NewerSchemaException when a newer version changed its schema
   * @throws dev.hookwell.store.StoreUnavailableException when the database cannot be reached
   */
  public static LocalSystem start(Settings settings) {
    LocalSystem system = of(settings, LoggerFactory.getLogger(LocalSystem.class)::warn);
    system.start();
    return system;
  }

  /** The same for a system that may be closed, by another thread, while it starts. */
  public void start() {
    try {
      startParts();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void startParts() {
    int port = LocalPort.claim(settings.port(), settings.reach().addresses());
    DataFolder folder = openFolder();
    Outbox outbox =
        opened(
            Outbox.open(
                folder.outbox(),
                QueueSettings.ofTemplate(),
                SteadyTime.from(clock.instant(), System::nanoTime),
                folder::freeBytes,
                notices));
    FolderBodyStore bodies = opened(LocalBodies.open(folder, outbox));
    String databaseUrl = settings.databaseUrl().orElseGet(() -> startDatabase(folder));
    Database database =
        openDatabase(
            databaseUrl, Database.Settings.forFunction("hookwell-local").withPoolSize(CONNECTIONS));
    migrate(database);

    String originSecret = KeyFile.newKey(random);
    Environment environment = environment(folder, port, originSecret);
    LocalFunctions functions = new LocalFunctions(environment, clock, random, retries, log);
    LocalFunction api = functions.api(database, bodies);
    WarmUp.run(folder, environment, functions, api, clock, random);

    opened(
        QueuePump.start(
            outbox,
            "hookwell-persist",
            functions.persist(database),
            clock,
            PumpSettings.ofTemplate()));
    RetentionHandler retention = functions.retention(database, bodies);
    opened(
        RepeatedTask.start(
            "retention",
            LocalFunctions.RETENTION_INTERVAL,
            () -> retention.run(LocalFunctions.RETENTION_TIMEOUT)));
    removeBodies(folder, outbox, bodies, database, functions.limits());
    serveOwner(folder, outbox);
    settings.reach().metricsPort().ifPresent(at -> serveMetrics(at, folder, outbox, databaseUrl));
    Database scripts =
        openDatabase(
            databaseUrl,
            Database.Settings.forResponse("hookwell-respond").withPoolSize(SCRIPT_CONNECTIONS));
    GatewaySettings front =
        GatewaySettings.ofAws(port)
            .reachedBy(settings.reach().addresses(), settings.reach().proxies());
    address =
        opened(
                LocalGateway.start(
                    functions.ingest(outbox, Optional.of(bodies), log),
                    functions.respond(outbox, bodies, scripts),
                    api,
                    clock,
                    random,
                    settings.edge() ? front.withOriginSecret(originSecret) : front))
            .address();
  }

  private DataFolder openFolder() {
    DataFolder folder = opened(DataFolder.open(settings.data(), random));
    if (settings.logToConsole()) {
      LocalLogging.writeToConsole();
    } else {
      LocalLogging.writeTo(folder.log("hookwell.log"));
    }
    if (folder.freeBytes() < DataFolder.RESERVE) {
      throw new DataFolderException(
          "less than 256 MB are free on the disk of " + folder.root() + ": make room first");
    }
    return folder;
  }

  private Database openDatabase(String url, Database.Settings size) {
    boolean weakTls = settings.databaseUrl().isEmpty() || settings.allowWeakTls();
    return opened(new Database(url, size, weakTls));
  }

  private void migrate(Database database) {
    Migrations migrations =
        new Migrations(database, Migrations.Settings.DEFAULT, clock, retries, UUID::randomUUID);
    migrations.refuseNewer();
    migrations.run();
  }

  private void removeBodies(
      DataFolder folder,
      Outbox outbox,
      FolderBodyStore bodies,
      Database database,
      HookLimits limits) {
    opened(LocalBodies.expire(bodies, limits, clock));
    BodyObjects rows = new BodyObjects(database, retries);
    Instant since =
        LocalBodies.since(folder, settings.databaseUrl(), rows.storeMadeAt(), clock.instant());
    opened(LocalBodies.removeUnsent(bodies, outbox, rows, since, clock));
  }

  /**
   * Serves redrives and backups in one thread: a backup could miss dead letters that are redriven
   * while it reads them.
   */
  private void serveOwner(DataFolder folder, Outbox outbox) {
    OwnerRequest redrive = OwnerRequest.redrive(folder.root());
    OwnerRequest backup = OwnerRequest.backup(folder.root());
    redrive.refuseEarlier();
    backup.refuseEarlier();
    opened(
        RepeatedTask.start(
            "owner's requests",
            OwnerRequest.INTERVAL,
            () -> {
              redrive.serve(_ -> Integer.toString(outbox.redrive()));
              backup.serve(file ->
                  new BackupWriter(folder.root(), outbox, ownDatabase)
                      .write(Path.of(file), clock.instant()));
            }));
  }

  private void serveMetrics(int port, DataFolder folder, Outbox outbox, String databaseUrl) {
    int free = LocalPort.claim(port, ListenAddresses.loopback());
    // A pool of its own: a scrape must not wait for the functions' connections.
    Database asked = openDatabase(databaseUrl, Database.Settings.forResponse("hookwell-metrics"));
    opened(
        MetricsServer.start(
            free,
            () ->
                measurements.text(
                    new Measurements.Now(
                        outbox.accepted(),
                        outbox.counts(),
                        outbox.longestWaiting(),
                        asked.isReachable(),
                        folder.freeBytes()))));
  }

  private String startDatabase(DataFolder folder) {
    LocalDatabase database = opened(LocalDatabase.start(folder, random));
    ownDatabase = Optional.of(database);
    return database.databaseUrl();
  }

  private Environment environment(DataFolder folder, int port, String originSecret) {
    Map<String, String> variables = new HashMap<>(settings.reach().variables(port));
    settings
        .environment()
        .forEach((name, value) ->
            variables.merge(
                name,
                value,
                (own, named) -> name.equals("ALLOWED_ORIGINS") ? own + "," + named : named));
    variables.put("HOOK_KEYS", folder.keys().hookKeys());
    variables.put("READER_KEYS", folder.keys().readerKeys());
    variables.put("SEED_KEY", folder.keys().seedKey());
    if (settings.edge()) {
      variables.put("ORIGIN_SECRETS", originSecret);
    }
    return new Environment(variables);
  }

  /** The page's URL; the hooks' URLs are below it. */
  public URI address() {
    return address;
  }

  /** The built-in database, unless another was given. */
  public Optional<LocalDatabase> ownDatabase() {
    return ownDatabase;
  }

  /**
   * Registers a part for {@link #close}; closes it at once when the system was closed meanwhile.
   */
  private <T extends AutoCloseable> T opened(T part) {
    synchronized (parts) {
      if (!closed) {
        parts.push(part);
        return part;
      }
    }
    close(part);
    throw new IllegalStateException("stopped while it was started");
  }

  /** Stops in the reverse order, so that no part loses another one that it still needs. */
  @Override
  public void close() {
    while (true) {
      AutoCloseable part;
      synchronized (parts) {
        closed = true;
        part = parts.poll();
      }
      if (part == null) {
        return;
      }
      close(part);
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LoggerFactory.getLogger(LocalSystem.class).warn("a part did not stop in order", e);
    }
  }
}
