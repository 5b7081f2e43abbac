package dev.hookwell.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpServer;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The real client against a server that speaks SQS's protocol. */
final class SqsCaptureQueueIT implements CaptureQueueContract {
  private static SQSRestServer server;
  private static URI endpoint;

  private SqsClient sqs;
  private String queueUrl;

  @BeforeAll
  static void startServer() {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    endpoint = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
  }

  @AfterAll
  static void stopServer() {
    server.stopAndWait();
  }

  @BeforeEach
  void createQueue() {
    sqs = client(endpoint);
    queueUrl = sqs.createQueue(c -> c.queueName("captures")).queueUrl();
  }

  @AfterEach
  void deleteQueue() {
    sqs.deleteQueue(d -> d.queueUrl(queueUrl));
    sqs.close();
  }

  @Override
  public CaptureQueue queue() {
    return new SqsCaptureQueue(sqs, queueUrl);
  }

  @Override
  public List<String> drain() {
    List<String> bodies = new ArrayList<>();
    List<Message> received;
    do {
      received = sqs.receiveMessage(r -> r.queueUrl(queueUrl).maxNumberOfMessages(10)).messages();
      received.forEach(message -> bodies.add(message.body()));
    } while (!received.isEmpty());
    return bodies;
  }

  @Test
  void anUnreachableQueueHasNotKeptIt() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      freePort = socket.getLocalPort();
    }
    try (SqsClient nobody = client(URI.create("http://127.0.0.1:" + freePort))) {
      assertInstanceOf(Sent.NotKept.class, send(nobody, queueUrl));
    }
  }

  @Test
  void aQueueThatAcceptsAndNeverAnswersIsGivenUpAsATimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SqsClient waiting = client(URI.create("http://127.0.0.1:" + silent.getLocalPort()))) {
      assertEquals(new Sent.NotKept("timeout"), send(waiting, queueUrl));
    }
  }

  @Test
  void aMissingQueueIsNamedByItsErrorCode() {
    Sent.NotKept notKept =
        assertInstanceOf(Sent.NotKept.class, send(sqs, endpoint + "/000000000000/none"));

    assertEquals("QueueDoesNotExist", notKept.cause());
  }

  @Test
  void anAnswerWithAnotherChecksumMeansNotKept() throws IOException {
    HttpServer liar =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    HttpClient http = HttpClient.newHttpClient();
    liar.createContext(
        "/",
        exchange -> {
          HttpRequest.Builder request =
              HttpRequest.newBuilder(endpoint)
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          exchange.getRequestBody().readAllBytes()));
          for (String name :
              List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
            request.header(name, exchange.getRequestHeaders().getFirst(name));
          }
          byte[] answer;
          try {
            answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .replaceFirst("(\"MD5OfMessageBody\":\")[0-9a-f]{4}", "$1ffff")
                    .getBytes(StandardCharsets.UTF_8);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    liar.start();
    try (SqsClient deceived =
        client(URI.create("http://127.0.0.1:" + liar.getAddress().getPort()))) {
      assertInstanceOf(Sent.NotKept.class, send(deceived, queueUrl));
    } finally {
      liar.stop(0);
      http.close();
    }
  }

  private static Sent send(SqsClient client, String queueUrl) {
    Envelope envelope = EnvelopeWriter.write(Captures.capture());
    return new SqsCaptureQueue(client, queueUrl).send(envelope);
  }

  private static SqsClient client(URI endpoint) {
    return SqsCaptureQueue.clientBuilder(10)
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }
}
