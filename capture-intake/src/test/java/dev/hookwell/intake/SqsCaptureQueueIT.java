package dev.hookwell.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The real client against a server that speaks SQS's protocol. */
final class SqsCaptureQueueIT implements CaptureQueueContract {
  private static final String THROTTLED = "ThrottlingException";

  @RegisterExtension static final QueueServer SERVER = new QueueServer();

  private SqsClient sqs;
  private String queueUrl;

  @BeforeEach
  void createQueue() {
    sqs = SERVER.patientClient().build();
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
    return QueueServer.drain(sqs, queueUrl);
  }

  @Test
  @Shows("F01")
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
  @Shows("F02")
  void aQueueThatAcceptsAndNeverAnswersIsGivenUpAsATimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SqsClient waiting = client(URI.create("http://127.0.0.1:" + silent.getLocalPort()))) {
      assertEquals(new Sent.NotKept("timeout"), send(waiting, queueUrl));
    }
  }

  @Test
  @Shows("F06")
  void aMissingQueueIsNamedByItsErrorCode() {
    Sent.NotKept notKept =
        assertInstanceOf(Sent.NotKept.class, send(sqs, SERVER.endpoint() + "/000000000000/none"));

    assertEquals("QueueDoesNotExist", notKept.cause());
  }

  @Test
  @Shows("F05")
  void anAnswerWithAnotherChecksumMeansNotKept() throws IOException {
    assertInstanceOf(
        Sent.NotKept.class,
        sendThrough((_, real) ->
            new Answer(
                real.status(),
                real.text().replaceFirst("(\"MD5OfMessageBody\":\")[0-9a-f]{4}", "$1ffff"))));
  }

  @Test
  @Shows("F04")
  void aQueueThatFailsTwiceIsAskedAThirdTime() throws IOException {
    assertEquals(
        new Sent.Kept(),
        sendThrough((call, real) -> call < 3 ? refusal(call == 1 ? 500 : 400, THROTTLED) : real));
  }

  @Test
  void aQueueThatGoesOnFailingHasNotKeptIt() throws IOException {
    assertEquals(new Sent.NotKept(THROTTLED), sendThrough((_, _) -> refusal(400, THROTTLED)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "KmsAccessDenied"})
  @Shows("F06")
  void aRefusalIsNamedByItsErrorCode(String code) throws IOException {
    assertEquals(new Sent.NotKept(code), sendThrough((_, _) -> refusal(403, code)));
  }

  private record Answer(int status, String text) {}

  private static Answer refusal(int status, String code) {
    return new Answer(status, "{\"__type\":\"com.amazonaws.sqs#" + code + "\"}");
  }

  /**
   * Sends through a server in front of the real one, which changes its responses.
   *
   * @param answers the response to return, by the number of the call and the real server's response
   */
  private Sent sendThrough(BiFunction<Integer, Answer, Answer> answers) throws IOException {
    HttpServer front =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger calls = new AtomicInteger();
    try (HttpClient http = HttpClient.newHttpClient();
        SqsClient through =
            QueueServer.at(
                    URI.create("http://127.0.0.1:" + front.getAddress().getPort()),
                    QueueServer.patientSender())
                .build()) {
      front.createContext(
          "/",
          exchange -> {
            Answer answer = answers.apply(calls.incrementAndGet(), forward(http, exchange));
            byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      front.start();
      return send(through, queueUrl);
    } finally {
      front.stop(0);
    }
  }

  private static Answer forward(HttpClient http, HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(SERVER.endpoint())
            .POST(HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
      request.header(name, exchange.getRequestHeaders().getFirst(name));
    }
    try {
      HttpResponse<String> real = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(real.statusCode(), real.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static Sent send(SqsClient client, String queueUrl) {
    Envelope envelope = EnvelopeWriter.write(Captures.capture());
    return new SqsCaptureQueue(client, queueUrl).send(envelope);
  }

  private static SqsClient client(URI endpoint) {
    return QueueServer.at(endpoint, SqsCaptureQueue.clientBuilder(10)).build();
  }
}
