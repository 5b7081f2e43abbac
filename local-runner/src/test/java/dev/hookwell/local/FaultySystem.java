package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.api.ApiHandler;
import dev.hookwell.api.ApiSettings;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.ingest.IngestHandler;
import dev.hookwell.ingest.IngestSettings;
import dev.hookwell.ingest.SqsCaptureQueue;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.persist.RetentionHandler;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * The parts of {@link LocalSystem} with a fault to each joint: the real functions behind the real
 * gateway, a real queue and a real PostgreSQL behind proxies, and a pump that a test drives by
 * hand.
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
  private final Path queueFolder;
  private final Path postgresData;
  private final QueueSettings queueSettings;
  private final Patience patience;
  private final TcpProxy databaseProxy;
  private final TcpProxy queueProxy;
  private final LocalDatabase server;
  private final FaultySqs senders;
  private final RetentionHandler retention;
  private final PersistHandler persist;
  private final LocalGateway gateway;
  private final SkewedClock idClock = new SkewedClock();
  private LocalQueue queue;
  private StepPump pump;

  /**
   * @param redrive visibility timeout and receives of the queue
   * @param quota of captures a hook
   */
  FaultySystem(Path data, QueueSettings redrive, HookLimits quota, Patience patience)
      throws IOException {
    this.patience = patience;
    queueSettings = redrive;
    DataFolder folder = opened(DataFolder.open(data, new SecureRandom()));
    queueFolder = folder.queue();
    postgresData = folder.postgres().resolve("data");
    queue = LocalQueue.start(queueFolder, queueSettings);
    opened(() -> queue.close());
    server = opened(LocalDatabase.start(folder, new SecureRandom()));
    Stores.migrate(server.databaseUrl());
    databaseProxy = opened(new TcpProxy(URI.create(server.databaseUrl()).getPort()));
    queueProxy = opened(new TcpProxy(queue.endpoint().getPort()));

    Clock clock = Clock.systemUTC();
    Random random = new Random();
    EventLog log = new EventLog(_ -> {}, clock);
    Retries retries = new Retries(clock, random, Thread::sleep);
    Database database = opened(new Database(databaseUrl(), patience.database(), true));
    int port = LocalPort.claim(0);
    Environment environment =
        new Environment(
            Map.of(
                "HOOK_KEYS", folder.keys().hookKeys(),
                "READER_KEYS", folder.keys().readerKeys(),
                "SEED_KEY", folder.keys().seedKey(),
                "PUBLIC_BASE_URL", "http://127.0.0.1:" + port));
    senders = opened(new FaultySqs(throughProxy(SqsCaptureQueue.clientBuilder(SENDERS)).build()));
    persist = new PersistHandler(new CaptureWriter(database, quota, clock, retries), clock, log);
    pump = pump();
    retention =
        new RetentionHandler(
            new Retention(database, quota, new Retention.Batches(10, 50, 20), clock, retries),
            clock,
            log);
    gateway =
        opened(
            LocalGateway.start(
                new LocalFunction(
                    "hookwell-ingest",
                    LocalSystem.INGEST_TIMEOUT,
                    SENDERS,
                    new IngestHandler(
                        IngestSettings.from(environment),
                        new SqsCaptureQueue(senders, queueUrlThroughProxy()),
                        new CaptureIds(idClock, new SecureRandom()),
                        clock,
                        log)),
                new LocalFunction(
                    "hookwell-api",
                    LocalSystem.API_TIMEOUT,
                    new ApiHandler(
                        ApiSettings.from(environment, clock),
                        database,
                        clock,
                        random,
                        Thread::sleep,
                        log)),
                clock,
                random,
                GatewaySettings.ofAws(port)));
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private SqsClientBuilder throughProxy(SqsClientBuilder client) {
    return queue
        .connect(client)
        .endpointOverride(URI.create("http://127.0.0.1:" + queueProxy.port()));
  }

  private String queueUrlThroughProxy() {
    return queue.queueUrl().replaceFirst(":\\d+/", ":" + queueProxy.port() + "/");
  }

  private StepPump pump() {
    return new StepPump(
        queue.client(), queue.queueUrl(), queue.queueArn(), persist, patience.persist());
  }

  private String databaseUrl() {
    return server.databaseUrl().replaceFirst(":\\d+/", ":" + databaseProxy.port() + "/");
  }

  URI address() {
    return gateway.address();
  }

  LocalQueue queue() {
    return queue;
  }

  LocalDatabase server() {
    return server;
  }

  TcpProxy databaseProxy() {
    return databaseProxy;
  }

  TcpProxy queueProxy() {
    return queueProxy;
  }

  FaultySqs senders() {
    return senders;
  }

  StepPump steps() {
    return pump;
  }

  /** What makes the ids of captures goes wrong by so much. */
  void skew(Duration offset) {
    idClock.offset = offset;
  }

  void retain() {
    retention.run(Duration.ofSeconds(60));
  }

  /** Stops the queue and starts it again; its messages come back from the disk. */
  void restartQueue() {
    int port = queue.endpoint().getPort();
    queue.close();
    queue = LocalQueue.start(queueFolder, queueSettings.withPort(port));
    pump = pump();
  }

  /** Moves what is in the dead-letter queue back, as an operator does; or is still doing so. */
  void redrive() {
    try {
      queue
          .client()
          .startMessageMoveTask(
              request -> request.sourceArn(queue.queueArn().replace("-captures", "-dead")));
    } catch (SqsException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("already running"), e.getMessage());
    }
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

  private static final class SkewedClock extends Clock {
    private volatile Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(offset);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
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
