package dev.hookwell.acceptance.faults;

import dev.hookwell.acceptance.support.TcpProxy;
import dev.hookwell.api.ApiHandler;
import dev.hookwell.api.ApiSettings;
import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.ingest.IngestHandler;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalFunctions;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.gateway.GatewaySettings;
import dev.hookwell.local.gateway.LocalFunction;
import dev.hookwell.local.gateway.LocalGateway;
import dev.hookwell.local.gateway.Turns;
import dev.hookwell.local.machine.LocalPort;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.queue.FaultyFiles;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.OutboxFile;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.persist.RetentionHandler;
import dev.hookwell.respond.RespondHandler;
import dev.hookwell.respond.RespondSettings;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.ResponseScripts;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.StoreLimits;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The parts of {@link LocalSystem} with a fault to each joint: the real functions behind the real
 * gateway, the outbox on a disk that fails on demand, a real PostgreSQL behind a proxy, and a pump
 * that a test drives by hand.
 */
final class FaultySystem implements AutoCloseable {
  private static final String APPLICATION = "hookwell-faults";
  private static final int SENDERS = 16;

  /**
   * How long its functions wait.
   *
   * @param persist the timeout of the function
   */
  record Patience(Database.Settings database, Duration persist) {
    /** As a function's: nothing that a slow machine does is taken for a fault. */
    static final Patience LONG =
        new Patience(
            Database.Settings.forFunction(APPLICATION).withPoolSize(4), Duration.ofSeconds(10));

    /** So that many faults are soon over. A slow machine is one of them. */
    static final Patience SHORT =
        new Patience(
            new Database.Settings(
                4,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                APPLICATION),
            Duration.ofSeconds(4));
  }

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<String> damage = new CopyOnWriteArrayList<>();
  private final Path file;
  private final Path postgresData;
  private final Bodies bodies;
  private final QueueSettings settings;
  private final Patience patience;
  private final TcpProxy databaseProxy;
  private final LocalDatabase server;
  private final RetentionHandler retention;
  private final PersistHandler persist;
  private final LocalGateway gateway;
  private volatile Duration skew = Duration.ZERO;
  private final InstantSource skewedTime = () -> Instant.now().plus(skew);
  private final Clock idClock = skewedTime.withZone(ZoneOffset.UTC);
  private volatile Outbox outbox;
  private StepPump pump;

  /**
   * The store of bodies that are too large for a message.
   *
   * @param folder the folder in which each is a file, also behind a bucket
   * @param proxy the proxy before a bucket
   */
  record Bodies(Path folder, BodyStore store, Optional<TcpProxy> proxy) {}

  /**
   * With bodies in a folder.
   *
   * @param redrive visibility timeout and receives of the queue
   * @param quota of captures a hook
   */
  FaultySystem(Path data, QueueSettings redrive, HookLimits quota, Patience patience)
      throws IOException {
    this(data, redrive, quota, patience, inFolder(data.resolve("bodies")));
  }

  private static Bodies inFolder(Path folder) throws IOException {
    return new Bodies(folder, FolderBodyStore.open(folder, _ -> true), Optional.empty());
  }

  /** The same with bodies elsewhere. */
  FaultySystem(Path data, QueueSettings redrive, HookLimits quota, Patience patience, Bodies bodies)
      throws IOException {
    this.bodies = bodies;
    if (bodies.store() instanceof FolderBodyStore folder) {
      opened(folder);
    }
    BodyStore apart = bodies.store();
    this.patience = patience;
    settings = redrive;
    DataFolder folder = opened(DataFolder.open(data, new SecureRandom()));
    file = folder.outbox();
    postgresData = folder.postgres().resolve("data");
    outbox = open();
    opened(() -> outbox.close());
    server = opened(LocalDatabase.start(folder, new SecureRandom()));
    Stores.migrate(server.databaseUrl());
    databaseProxy = opened(new TcpProxy(URI.create(server.databaseUrl()).getPort()));

    Clock clock = Clock.systemUTC();
    Random random = new Random();
    EventLog log = new EventLog(_ -> {}, clock);
    Retries retries = new Retries(clock, random, Thread::sleep);
    Database database = opened(new Database(databaseUrl(), patience.database(), true));
    int port = LocalPort.claim();
    Environment environment =
        new Environment(
            Map.of(
                "HOOK_KEYS", folder.keys().hookKeys(),
                "READER_KEYS", folder.keys().readerKeys(),
                "SEED_KEY", folder.keys().seedKey(),
                "PUBLIC_BASE_URL", "http://127.0.0.1:" + port));
    persist = new PersistHandler(new CaptureWriter(database, quota, clock, retries), clock, log);
    pump = pump();
    retention =
        new RetentionHandler(
            new Retention(
                database,
                quota,
                StoreLimits.DEFAULT,
                Optional.of(apart),
                new Retention.Batches(10, 50, 20),
                Retention.HOOK_BUDGET,
                clock,
                retries),
            clock,
            log);
    gateway =
        opened(
            LocalGateway.start(
                new LocalFunction(
                    "hookwell-ingest",
                    LocalFunctions.INGEST_TIMEOUT,
                    SENDERS,
                    new IngestHandler(
                        IntakeSettings.from(environment),
                        envelope -> outbox.send(envelope),
                        Optional.of(apart),
                        new CaptureIds(idClock, new SecureRandom()),
                        clock,
                        log)),
                respond(environment, clock, retries, Optional.of(apart), log),
                new LocalFunction(
                    "hookwell-api",
                    LocalFunctions.API_TIMEOUT,
                    new ApiHandler(
                        ApiSettings.from(environment, clock),
                        database,
                        Optional.of(apart),
                        clock,
                        random,
                        Turns::sleep,
                        log)),
                clock,
                random,
                GatewaySettings.ofAws(port)));
  }

  private LocalFunction respond(
      Environment environment,
      Clock clock,
      Retries retries,
      Optional<BodyStore> apart,
      EventLog log) {
    Database database =
        opened(
            new Database(
                databaseUrl(),
                Database.Settings.forResponse(APPLICATION).withPoolSize(SENDERS),
                true));
    return new LocalFunction(
        "hookwell-respond",
        LocalFunctions.RESPOND_TIMEOUT,
        SENDERS,
        new RespondHandler(
            RespondSettings.from(environment),
            envelope -> outbox.send(envelope),
            apart,
            new ResponseScripts(database, clock, retries),
            new CaptureIds(idClock, new SecureRandom()),
            clock,
            Turns::sleep,
            log));
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private Outbox open() {
    return Outbox.open(
        new OutboxFile(file, FaultyFiles.scheme(), Clock.systemUTC(), damage::add),
        settings,
        Clock.systemUTC(),
        () -> Long.MAX_VALUE,
        _ -> {});
  }

  private StepPump pump() {
    return new StepPump(outbox, persist, patience.persist());
  }

  private String databaseUrl() {
    return server.databaseUrl().replaceFirst(":\\d+/", ":" + databaseProxy.port() + "/");
  }

  URI address() {
    return gateway.address();
  }

  Outbox outbox() {
    return outbox;
  }

  /** The folder of bodies that are too large for a message. */
  Path bodies() {
    return bodies.folder();
  }

  /** The way to the bucket, or to the database where there is none. */
  TcpProxy bodiesProxy() {
    return bodies.proxy().orElse(databaseProxy);
  }

  LocalDatabase server() {
    return server;
  }

  TcpProxy databaseProxy() {
    return databaseProxy;
  }

  StepPump steps() {
    return pump;
  }

  /** Sets the error of the clock from which captures get their ids. */
  void skew(Duration offset) {
    skew = offset;
  }

  void retain() {
    retention.run(Duration.ofSeconds(60));
  }

  /** Stops the outbox and opens it again. */
  void restartOutbox() {
    outbox.close();
    outbox = open();
    pump = pump();
  }

  /** The same, with the file as a kill leaves it. It was written just before, so it is not idle. */
  void killOutbox() throws IOException {
    Path killed = file.resolveSibling("killed");
    Files.copy(file, killed, StandardCopyOption.REPLACE_EXISTING);
    outbox.close();
    Files.move(killed, file, StandardCopyOption.REPLACE_EXISTING);
    outbox = open();
    pump = pump();
  }

  /** Notices of damage to the file: no fault that is made here may do any. */
  List<String> damage() {
    return List.copyOf(damage);
  }

  /** Interrupts the thread that uses the file. */
  void interruptWriter() {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("outbox"))
        .forEach(Thread::interrupt);
  }

  /** A connection past the proxy. */
  Connection connect() throws SQLException {
    return server.connect();
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * From now on, so many inserts of captures fail with this state; a negative number is for ever.
   */
  void raise(String sqlState, int times) throws SQLException {
    calm();
    execute("CREATE SEQUENCE raised");
    execute(
        """
        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF %d < 0 OR nextval('raised') <= %d THEN RAISE SQLSTATE '%s'; END IF;
          RETURN new;
        END $$
        """
            .formatted(times, times, sqlState));
    execute("CREATE TRIGGER fault BEFORE INSERT ON captures FOR EACH ROW EXECUTE FUNCTION fault()");
  }

  /** No more of that. */
  void calm() throws SQLException {
    execute("DROP FUNCTION IF EXISTS fault CASCADE; DROP SEQUENCE IF EXISTS raised");
  }

  void terminateBackends() throws SQLException {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = '"
            + APPLICATION
            + "'");
  }

  /** Sends a signal to every process of the server. */
  void signal(String signal) throws IOException, InterruptedException {
    long pid =
        Long.parseLong(Files.readAllLines(postgresData.resolve("postmaster.pid")).getFirst());
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal, "" + pid));
    ProcessHandle.of(pid)
        .ifPresent(postmaster ->
            postmaster.descendants().forEach(process -> command.add("" + process.pid())));
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Until the server, killed before, answers again. */
  void awaitServer() throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(60);
    while (true) {
      try (Connection connection = connect()) {
        if (connection.isValid(1)) {
          return;
        }
      } catch (SQLException e) {
        deadline.check("the database does not come back: " + e.getMessage());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      close(parts.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new AssertionError("a part did not close", e);
    }
  }
}
