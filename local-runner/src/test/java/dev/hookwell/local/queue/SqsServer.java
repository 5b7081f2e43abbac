package dev.hookwell.local.queue;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** ElasticMQ, which speaks SQS's real protocol, with the queue and its dead-letter queue. */
public final class SqsServer implements AutoCloseable {
  private static final String ACCOUNT = "000000000000";
  private static final String DEAD = "hookwell-dead";

  /** Messages that one call takes. */
  private static final int MAX_BATCH = 10;

  private final SQSRestServer server;
  private final URI endpoint;
  private final SqsClient client;
  private final String queueUrl;
  private final String deadLetterUrl;

  private SqsServer(SQSRestServer server, QueueSettings settings) {
    this.server = server;
    this.endpoint =
        URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    this.client =
        connect(SqsClient.builder().httpClientBuilder(Apache5HttpClient.builder())).build();
    this.deadLetterUrl = client.createQueue(create -> create.queueName(DEAD)).queueUrl();
    this.queueUrl =
        client
            .createQueue(create ->
                create
                    .queueName("hookwell-captures")
                    .attributes(
                        Map.of(
                            QueueAttributeName.VISIBILITY_TIMEOUT,
                            Long.toString(settings.visibilityTimeout().toSeconds()),
                            QueueAttributeName.REDRIVE_POLICY,
                            "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                                .formatted(arn(DEAD), settings.maxReceiveCount()))))
            .queueUrl();
  }

  public static SqsServer start(QueueSettings settings) {
    return new SqsServer(
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withPort(0)
            .withAWSRegion("us-east-1")
            .start(),
        settings);
  }

  private static String arn(String queue) {
    return "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue;
  }

  public URI endpoint() {
    return endpoint;
  }

  public String queueUrl() {
    return queueUrl;
  }

  SqsClient client() {
    return client;
  }

  /** Points a client of any configuration at this server. */
  public SqsClientBuilder connect(SqsClientBuilder other) {
    return other
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  public void send(String body) {
    client.sendMessage(send -> send.queueUrl(queueUrl).messageBody(body));
  }

  public List<QueueMessage> receive(int limit) {
    return client
        .receiveMessage(receive ->
            receive
                .queueUrl(queueUrl)
                .maxNumberOfMessages(Math.min(limit, MAX_BATCH))
                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages()
        .stream()
        .map(SqsServer::message)
        .toList();
  }

  private static QueueMessage message(Message message) {
    Map<MessageSystemAttributeName, String> attributes = message.attributes();
    return new QueueMessage(
        message.messageId(),
        message.receiptHandle(),
        attributes.getOrDefault(MessageSystemAttributeName.MESSAGE_GROUP_ID, ""),
        message.body(),
        Integer.parseInt(
            attributes.getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "")),
        time(attributes, MessageSystemAttributeName.SENT_TIMESTAMP),
        time(attributes, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
  }

  private static Instant time(
      Map<MessageSystemAttributeName, String> attributes, MessageSystemAttributeName name) {
    return Instant.ofEpochMilli(Long.parseLong(attributes.getOrDefault(name, "")));
  }

  public void delete(QueueMessage message) {
    client.deleteMessage(delete -> delete.queueUrl(queueUrl).receiptHandle(message.receipt()));
  }

  void returnAfter(QueueMessage message, int seconds) {
    client.changeMessageVisibility(change ->
        change.queueUrl(queueUrl).receiptHandle(message.receipt()).visibilityTimeout(seconds));
  }

  List<String> deadLetters() {
    List<String> bodies = new ArrayList<>();
    client
        .receiveMessage(receive ->
            receive.queueUrl(deadLetterUrl).maxNumberOfMessages(MAX_BATCH).visibilityTimeout(0))
        .messages()
        .forEach(message -> bodies.add(message.body()));
    return bodies;
  }

  void redrive() {
    client.startMessageMoveTask(move -> move.sourceArn(arn(DEAD)));
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }
}
