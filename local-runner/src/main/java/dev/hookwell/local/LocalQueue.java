package dev.hookwell.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.h2.mvstore.MVStoreException;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * SQS on this machine: ElasticMQ over its real HTTP protocol, with the queue and its dead-letter
 * queue. What it accepted is on disk before it says so, and survives a kill. Thread-safe.
 */
public final class LocalQueue implements AutoCloseable {
  static final Region REGION = Region.US_EAST_1;

  private static final String HOST = "127.0.0.1";
  private static final String ACCOUNT = "000000000000";
  static final String CAPTURES = "hookwell-captures";
  private static final String DEAD = "hookwell-dead";

  /** What one {@code SendMessageBatch} takes. */
  private static final int MAX_BATCH = 10;

  private static final int MAX_BATCH_BYTES = 1_048_576;

  /** Above the 20 seconds of a long poll. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(25);

  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  /** Above the 200 senders that it must carry at once, with room for the pump. */
  private static final int CONNECTIONS = 256;

  private final URI endpoint;
  private final QueueJournal journal;
  private final ActorSystem system;
  private final SQSRestServer server;
  private final SqsClient client;
  private final String queueUrl;
  private final String deadLetterUrl;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalQueue(QueueJournal journal, ActorSystem system, SQSRestServer server, int port) {
    this.journal = journal;
    this.system = system;
    this.server = server;
    this.endpoint = URI.create("http://" + HOST + ":" + port);
    this.client = clientBuilder().build();
    this.queueUrl = url(CAPTURES);
    this.deadLetterUrl = url(DEAD);
  }

  /**
   * Starts it, with the messages of an earlier run.
   *
   * @param folder holds the messages; made when it is missing, and used by one runner at a time
   * @throws PortInUseException when the port is taken
   * @throws DataFolderException when the folder cannot be used
   */
  public static LocalQueue start(Path folder, QueueSettings settings) {
    return start(
        folder,
        settings,
        new QueueMemory(InstantSource.system(), settings.visibilityTimeout(), CAPTURES));
  }

  /**
   * The same, with its messages counted.
   *
   * @param memory is told of each message that comes and goes
   */
  static LocalQueue start(Path folder, QueueSettings settings, QueueMemory memory) {
    int port = LocalPort.claim(settings.port());
    QueueJournal journal = open(folder, memory);
    LocalQueue queue;
    try {
      EarlierQueue.moveInto(journal, folder, DEAD, CAPTURES);
      ActorSystem system = ActorSystem.create("elasticmq");
      queue = new LocalQueue(journal, system, serve(system, journal, port), port);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    try {
      queue.create(settings);
      queue.restore(DEAD, queue.deadLetterUrl);
      queue.restore(CAPTURES, queue.queueUrl);
      return queue;
    } catch (RuntimeException e) {
      queue.close();
      throw e;
    }
  }

  private static QueueJournal open(Path folder, QueueMemory memory) {
    try {
      return QueueJournal.open(folder.resolve("journal"), memory);
    } catch (MVStoreException e) {
      throw new DataFolderException("the queue's messages in " + folder + " cannot be read", e);
    }
  }

  private static SQSRestServer serve(ActorSystem system, QueueJournal journal, int port) {
    try {
      SQSRestServer server =
          SQSRestServerBuilder.withActorSystem(system)
              .withInterface(HOST)
              .withPort(port)
              .withServerAddress(new NodeAddress("http", HOST, port, ""))
              .withSQSLimits(new CaptureLimits())
              .withAWSRegion(REGION.id())
              .withAWSAccountId(ACCOUNT)
              .withQueueEventListener(system.actorOf(JournalActor.props(journal)))
              .start();
      server.waitUntilStarted();
      return server;
    } catch (RuntimeException e) {
      system.terminate();
      throw e;
    }
  }

  private void create(QueueSettings settings) {
    client.createQueue(create -> create.queueName(DEAD));
    client.createQueue(create ->
        create
            .queueName(CAPTURES)
            .attributes(
                Map.of(
                    QueueAttributeName.VISIBILITY_TIMEOUT,
                    Long.toString(settings.visibilityTimeout().toSeconds()),
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                        .formatted(arn(DEAD), settings.maxReceiveCount()))));
  }

  private String url(String name) {
    return endpoint + "/" + ACCOUNT + "/" + name;
  }

  /**
   * Sends what an earlier run left, and only then forgets it: a kill in between makes two of one
   * message, which storing takes for one.
   */
  private void restore(String name, String url) {
    int left = journal.size(name);
    while (left > 0) {
      List<QueueJournal.Entry> batch = fitting(journal.oldest(name, Math.min(left, MAX_BATCH)));
      resend(url, batch);
      batch.forEach(entry -> journal.forget(name, entry.id()));
      journal.commit();
      left -= batch.size();
    }
  }

  /** As many as one call takes. */
  private static List<QueueJournal.Entry> fitting(List<QueueJournal.Entry> entries) {
    int end = 0;
    int bytes = 0;
    while (end < entries.size()
        && (end == 0 || bytes + entries.get(end).body().length() <= MAX_BATCH_BYTES)) {
      bytes += entries.get(end).body().length();
      end++;
    }
    return entries.subList(0, end);
  }

  private void resend(String url, List<QueueJournal.Entry> batch) {
    List<SendMessageBatchRequestEntry> entries =
        batch.stream()
            .map(entry ->
                SendMessageBatchRequestEntry.builder()
                    .id(entry.id())
                    .messageBody(entry.body())
                    .build())
            .toList();
    SendMessageBatchResponse answer =
        client.sendMessageBatch(send -> send.queueUrl(url).entries(entries));
    if (answer.successful().size() != batch.size()) {
      throw new IllegalStateException(
          "messages of an earlier run were refused: " + answer.failed());
    }
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

  /** The messages of both queues, as they are on the disk. */
  List<QueueJournal.Entry> stored() {
    return Stream.of(CAPTURES, DEAD).flatMap(name -> journal.messages(name).stream()).toList();
  }

  /** A client of this queue, closed with it; carries {@value #CONNECTIONS} calls at once. */
  public SqsClient client() {
    return client;
  }

  /** A client of this queue to be configured further, and closed by the caller. */
  public SqsClientBuilder clientBuilder() {
    return connect(
        SqsClient.builder()
            .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS))
            // Of a write that its journal failed, ElasticMQ says nothing at all.
            .overrideConfiguration(o -> o.apiCallAttemptTimeout(LONGEST_CALL)));
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
    server.stopAndWait();
    system.terminate();
    try {
      Await.ready(
          system.whenTerminated(),
          scala.concurrent.duration.Duration.create(
              LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      // Nothing is lost by it: every message was written when it was accepted.
      LoggerFactory.getLogger(LocalQueue.class).warn("the queue did not stop in time", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    journal.close();
  }
}
