package dev.hookwell.intake;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;

/** A server that speaks SQS's protocol, for the tests of one class. */
final class QueueServer implements BeforeAllCallback, AfterAllCallback {
  private @Nullable SQSRestServer server;
  private URI endpoint = URI.create("http://127.0.0.1/");

  @Override
  public void beforeAll(ExtensionContext context) {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    endpoint = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (server != null) {
      server.stopAndWait();
    }
  }

  URI endpoint() {
    return endpoint;
  }

  /**
   * A client with longer timeouts than a sender's, to prepare and to inspect queues on a busy
   * machine.
   */
  SqsClientBuilder patientClient() {
    return at(endpoint, SqsClient.builder().httpClientBuilder(Apache5HttpClient.builder()));
  }

  /** The attempts of a sender, and time for each on a busy machine. */
  static SqsClientBuilder patientSender() {
    SqsClientBuilder sender =
        SqsCaptureQueue.clientBuilder(1).httpClientBuilder(Apache5HttpClient.builder());
    return sender.overrideConfiguration(
        sender.overrideConfiguration().toBuilder()
            .apiCallAttemptTimeout(Duration.ofSeconds(30))
            .apiCallTimeout(Duration.ofSeconds(90))
            .build());
  }

  static SqsClientBuilder at(URI endpoint, SqsClientBuilder client) {
    return client
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  /** The bodies of all messages, in any order. */
  static List<String> drain(SqsClient client, String queueUrl) {
    List<String> bodies = new ArrayList<>();
    List<Message> received;
    do {
      received =
          client.receiveMessage(r -> r.queueUrl(queueUrl).maxNumberOfMessages(10)).messages();
      received.forEach(message -> bodies.add(message.body()));
    } while (!received.isEmpty());
    return bodies;
  }
}
