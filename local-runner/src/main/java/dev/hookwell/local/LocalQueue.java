package dev.hookwell.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import org.slf4j.LoggerFactory;
import scala.Function0;
import scalikejdbc.ConnectionPool;
import scalikejdbc.ConnectionPoolSettings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * SQS on this machine: ElasticMQ over its real HTTP protocol, with the queue and its dead-letter
 * queue. What it accepted is on disk before it says so, and survives a kill. Thread-safe.
 */
public final class LocalQueue implements AutoCloseable {
  static final Region REGION = Region.US_EAST_1;

  private static final String HOST = "127.0.0.1";
  private static final String ACCOUNT = "000000000000";
  private static final String CAPTURES = "hookwell-captures";
  private static final String DEAD = "hookwell-dead";
  private static final String USER = "sa";

  /** ElasticMQ has one store a JVM: a second queue would write into the first one's. */
  private static final AtomicBoolean RUNNING = new AtomicBoolean();

  private static final Duration LONGEST_START = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Above the 200 senders that it must carry at once, with room for the pump. */
  private static final int CONNECTIONS = 256;

  private final URI endpoint;
  private final String storage;
  private final Function0<?> stop;
  private final SqsClient client;
  private final String queueUrl;
  private final String deadLetterUrl;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalQueue(URI endpoint, String storage, Function0<?> stop, QueueSettings settings) {
    this.endpoint = endpoint;
    this.storage = storage;
    this.stop = stop;
    this.client = clientBuilder().build();
    this.deadLetterUrl = await(DEAD);
    this.queueUrl = await(CAPTURES);
    // A queue of an earlier run comes back with the settings of that run.
    client.setQueueAttributes(request ->
        request
            .queueUrl(queueUrl)
            .attributes(
                Map.of(
                    QueueAttributeName.VISIBILITY_TIMEOUT,
                    Long.toString(settings.visibilityTimeout().toSeconds()),
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                        .formatted(arn(DEAD), settings.maxReceiveCount()))));
  }

  /**
   * Starts it. Messages of an earlier run come back a few seconds after it has started.
   *
   * @param folder holds the messages; made when it is missing, and used by one runner at a time
   * @throws PortInUseException when the port is taken
   */
  public static LocalQueue start(Path folder, QueueSettings settings) {
    if (RUNNING.getAndSet(true)) {
      throw new IllegalStateException("a JVM runs one queue at a time");
    }
    try {
      // ElasticMQ cannot tell which port it took.
      int port = LocalPort.claim(settings.port());
      String storage = storage(folder);
      useStorage(storage);
      ElasticMQServer server =
          new ElasticMQServer(new ElasticMQServerConfig(config(folder, storage, port, settings)));
      Function0<?> stop = server.start();
      try {
        return new LocalQueue(URI.create("http://" + HOST + ":" + port), storage, stop, settings);
      } catch (RuntimeException e) {
        stop.apply();
        throw e;
      }
    } catch (RuntimeException e) {
      RUNNING.set(false);
      throw e;
    }
  }

  /** ElasticMQ opens its store once a JVM and keeps that one for every later server. */
  private static void useStorage(String storage) {
    ConnectionPoolSettings defaults = ConnectionPool.singleton$default$4();
    ConnectionPool.singleton(
        storage,
        USER,
        "",
        defaults,
        ConnectionPool.singleton$default$5(storage, USER, "", defaults));
  }

  /**
   * H2 writes each message before the call returns (by default it may keep one back for half a
   * second), and leaves it to us when to close: its own hook would run while requests drain.
   */
  private static String storage(Path folder) {
    return "jdbc:h2:"
        + folder.toAbsolutePath().resolve("messages")
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  private static Config config(Path folder, String storage, int port, QueueSettings settings) {
    Map<String, Object> values = new HashMap<>();
    values.put("generate-node-address", false);
    values.put(
        "node-address", Map.of("protocol", "http", "host", HOST, "port", port, "context-path", ""));
    values.put(
        "rest-sqs",
        Map.of("enabled", true, "bind-hostname", HOST, "bind-port", port, "sqs-limits", "strict"));
    values.put("rest-stats", Map.of("enabled", false, "bind-hostname", HOST, "bind-port", 0));
    values.put(
        "queues-storage",
        Map.of("enabled", false, "path", folder.toAbsolutePath().resolve("unused").toString()));
    values.put(
        "messages-storage",
        Map.of(
            "enabled",
            true,
            "driver-class",
            "org.h2.Driver",
            "uri",
            storage,
            "username",
            USER,
            "password",
            "",
            "prune-data-on-init",
            false));
    values.put("auto-create-queues", Map.of("enabled", false, "template", Map.of()));
    values.put(
        "queues",
        Map.of(
            DEAD,
            Map.of(),
            CAPTURES,
            Map.of(
                "defaultVisibilityTimeout",
                settings.visibilityTimeout(),
                "deadLettersQueue",
                Map.of("name", DEAD, "maxReceiveCount", settings.maxReceiveCount()))));
    values.put("aws", Map.of("region", REGION.id(), "accountId", ACCOUNT));
    return ConfigFactory.parseMap(values);
  }

  /**
   * The queue's URL, once it is there. ElasticMQ answers before it has restored its queues, and one
   * made meanwhile would make it give up on restoring.
   */
  private String await(String name) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < LONGEST_START.toNanos()) {
      try {
        return client.getQueueUrl(request -> request.queueName(name)).queueUrl();
      } catch (QueueDoesNotExistException _) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    throw new IllegalStateException("the queue " + name + " did not come back");
  }

  private static String arn(String queue) {
    return "arn:aws:sqs:%s:%s:%s".formatted(REGION.id(), ACCOUNT, queue);
  }

  /** Where it speaks SQS. */
  public URI endpoint() {
    return endpoint;
  }

  /** The queue of the captures. */
  public String queueUrl() {
    return queueUrl;
  }

  /** The name of the queue of the captures as events say it. */
  public String queueArn() {
    return arn(CAPTURES);
  }

  /** The queue of what could not be stored. */
  public String deadLetterUrl() {
    return deadLetterUrl;
  }

  /** A client of this queue, closed with it; carries {@value #CONNECTIONS} calls at once. */
  public SqsClient client() {
    return client;
  }

  /** A client of this queue to be configured further, and closed by the caller. */
  public SqsClientBuilder clientBuilder() {
    return connect(
        SqsClient.builder()
            .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS)));
  }

  /** Points a client of any configuration at this queue. */
  public SqsClientBuilder connect(SqsClientBuilder client) {
    return client
        .endpointOverride(endpoint)
        .region(REGION)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  /** Stops it. Messages stay on disk. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    client.close();
    stop.apply();
    try (Connection connection = DriverManager.getConnection(storage, USER, "");
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      // Nothing is lost by it: every message was written when it was accepted.
      LoggerFactory.getLogger(LocalQueue.class).warn("the message store did not close", e);
    }
    ConnectionPool.closeAll();
    RUNNING.set(false);
  }
}
