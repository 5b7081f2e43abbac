package dev.hookwell.local;

import dev.hookwell.api.ApiHandler;
import dev.hookwell.api.ApiSettings;
import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.ingest.IngestHandler;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.persist.RetentionHandler;
import dev.hookwell.respond.RespondHandler;
import dev.hookwell.respond.RespondSettings;
import dev.hookwell.store.BodyObjects;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.StoreLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * All of Hookwell in this process: the real functions, between a gateway, a queue and a database
 * that behave as those in the cloud. Closing it lets what is under way finish.
 */
public final class LocalSystem implements AutoCloseable {
  /** The functions' timeouts, as {@code template.yaml} sets them. */
  public static final Duration INGEST_TIMEOUT = Duration.ofSeconds(6);

  public static final Duration RESPOND_TIMEOUT = Duration.ofSeconds(20);
  public static final Duration API_TIMEOUT = Duration.ofSeconds(25);
  public static final Duration RETENTION_TIMEOUT = Duration.ofSeconds(50);
  public static final Duration RETENTION_INTERVAL = Duration.ofMinutes(1);

  /** One process does here what many instances do in the cloud, with one connection each. */
  private static final int CONNECTIONS = 12;

  /**
   * Invocations of ingest at once. In the cloud each has a machine of its own; here more of them
   * would make all of them slower than the time that ingest gives the queue.
   */
  private static final int SENDERS = 64;

  /** Of respond alone: a script that is slow to read keeps nobody else from a connection. */
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
   * What a system is started with.
   *
   * @param port of the gateway; 0 takes a free one
   * @param data where everything is kept between runs
   * @param databaseUrl a database to use instead of the built-in one
   * @param edge whether the gateway also plays the edge in front of it
   * @param environment further settings of the functions, as in the cloud
   * @param reach from where it is reached
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
   * @param notices is told, in a line each, what whoever runs it has to know meanwhile
   */
  public static LocalSystem of(Settings settings, Consumer<String> notices) {
    return new LocalSystem(settings, notices);
  }

  /**
   * Starts everything, warmed up.
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
    DataFolder folder = opened(DataFolder.open(settings.data(), random));
    if (settings.logToConsole()) {
      LocalLogging.writeToConsole();
    } else {
      LocalLogging.writeTo(folder.log("hookwell.log"));
    }
    if (folder.freeBytes() < DiskGuard.RESERVE) {
      throw new DataFolderException(
          "less than 256 MB are free on the disk of " + folder.root() + ": make room first");
    }
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
        opened(
            new Database(
                databaseUrl,
                Database.Settings.forFunction("hookwell-local").withPoolSize(CONNECTIONS),
                settings.databaseUrl().isEmpty() || settings.allowWeakTls()));
    Migrations migrations =
        new Migrations(database, Migrations.Settings.DEFAULT, clock, retries, UUID::randomUUID);
    migrations.refuseNewer();
    migrations.run();

    String originSecret = secret();
    Environment environment = environment(folder, port, originSecret);
    HookLimits limits = HookLimits.from(environment);
    LocalFunction api =
        new LocalFunction(
            "hookwell-api",
            API_TIMEOUT,
            new ApiHandler(
                ApiSettings.from(environment, clock),
                database,
                Optional.of(bodies),
                clock,
                random,
                Turns::sleep,
                log));
    warmUp(folder, environment, api);

    PersistHandler persist =
        new PersistHandler(new CaptureWriter(database, limits, clock, retries), clock, log);
    opened(QueuePump.start(outbox, "hookwell-persist", persist, clock, PumpSettings.ofTemplate()));
    scheduleRetention(database, limits, StoreLimits.from(environment), bodies);
    opened(LocalBodies.expire(bodies, limits, clock));
    BodyObjects rows = new BodyObjects(database, retries);
    Instant since =
        LocalBodies.since(folder, settings.databaseUrl(), rows.storeMadeAt(), clock.instant());
    opened(LocalBodies.removeUnsent(bodies, outbox, rows, since, clock));
    serveOwner(folder, outbox);
    settings.reach().metricsPort().ifPresent(at -> serveMetrics(at, folder, outbox, databaseUrl));
    GatewaySettings front = GatewaySettings.ofAws(port).reachedBy(settings.reach());
    address =
        opened(
                LocalGateway.start(
                    ingest(outbox, Optional.of(bodies), environment, log),
                    respond(outbox, bodies, environment, databaseUrl),
                    api,
                    clock,
                    random,
                    settings.edge() ? front.withOriginSecret(originSecret) : front))
            .address();
  }

  /** One at a time: dead letters that are fed again while a backup reads them could escape it. */
  private void serveOwner(DataFolder folder, Outbox outbox) {
    RedriveRequest redrive = new RedriveRequest(folder.root().resolve("queue"));
    BackupRequest backup = new BackupRequest(folder.root().resolve("queue"));
    backup.forgetEarlier();
    opened(
        RepeatedTask.start(
            "owner's requests",
            RedriveRequest.INTERVAL,
            () -> {
              redrive.serve(outbox);
              backup.serve(file ->
                  new BackupWriter(folder.root(), outbox, ownDatabase)
                      .write(file, clock.instant())
                      .words());
            }));
  }

  private void serveMetrics(int port, DataFolder folder, Outbox outbox, String databaseUrl) {
    int free = LocalPort.claim(port, ListenAddresses.loopback());
    // Of its own: it must not wait for those that read and store.
    Database asked =
        opened(
            new Database(
                databaseUrl,
                Database.Settings.forResponse("hookwell-metrics"),
                settings.databaseUrl().isEmpty() || settings.allowWeakTls()));
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

  private LocalFunction ingest(
      CaptureQueue queue, Optional<BodyStore> bodies, Environment environment, EventLog log) {
    return new LocalFunction(
        "hookwell-ingest",
        INGEST_TIMEOUT,
        SENDERS,
        new IngestHandler(
            IntakeSettings.from(environment),
            queue,
            bodies,
            new CaptureIds(clock, random),
            clock,
            log));
  }

  private LocalFunction respond(
      CaptureQueue queue, BodyStore bodies, Environment environment, String databaseUrl) {
    Database database =
        opened(
            new Database(
                databaseUrl,
                Database.Settings.forResponse("hookwell-respond").withPoolSize(SCRIPT_CONNECTIONS),
                settings.databaseUrl().isEmpty() || settings.allowWeakTls()));
    return new LocalFunction(
        "hookwell-respond",
        RESPOND_TIMEOUT,
        SENDERS,
        new RespondHandler(
            RespondSettings.from(environment),
            queue,
            Optional.of(bodies),
            new ResponseScripts(database, clock, retries),
            new CaptureIds(clock, random),
            clock,
            Turns::sleep,
            log));
  }

  /** Through a gateway of its own into an outbox of its own, of which nothing is kept. */
  private void warmUp(DataFolder folder, Environment environment, LocalFunction api) {
    IntakeSettings ingest = IntakeSettings.from(environment);
    String hook =
        ingest.hookKeys().issue(clock.instant().plus(Duration.ofMinutes(5)), random).text();
    Path file = folder.outbox().resolveSibling("warm-up");
    delete(file);
    try (Outbox outbox =
            Outbox.open(file, QueueSettings.ofTemplate(), clock, folder::freeBytes, _ -> {});
        LocalGateway gateway =
            LocalGateway.start(
                ingest(outbox, Optional.empty(), environment, new EventLog(_ -> {}, clock)),
                api,
                clock,
                random,
                GatewaySettings.ofAws(0).withOriginSecret(secretOf(environment)))) {
      WarmUp.run(
          clock,
          gateway.address().resolve("/h/" + hook),
          gateway.address().resolve("/"),
          gateway.address().resolve("/api/health"));
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String secretOf(Environment environment) {
    return environment.list("ORIGIN_SECRETS").stream().findFirst().orElse("unused");
  }

  private void scheduleRetention(
      Database database, HookLimits limits, StoreLimits storeLimits, BodyStore bodies) {
    RetentionHandler retention =
        new RetentionHandler(
            new Retention(
                database,
                limits,
                storeLimits,
                Optional.of(bodies),
                Retention.Batches.DEFAULT,
                Retention.HOOK_BUDGET,
                clock,
                retries),
            clock,
            log);
    opened(
        RepeatedTask.start(
            "retention", RETENTION_INTERVAL, () -> retention.run(RETENTION_TIMEOUT)));
  }

  private String secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Where the page is, and below which the hooks are. */
  public URI address() {
    return address;
  }

  /** The built-in database, unless another was given. */
  public Optional<LocalDatabase> ownDatabase() {
    return ownDatabase;
  }

  /** Keeps a part to be closed; closes it at once when the system was closed meanwhile. */
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

  /** Stops in the reverse order, so that nothing loses what it still needs. */
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
