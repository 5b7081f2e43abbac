package dev.hookwell.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpServer;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Priming at a start, and the first message after it. */
final class PrimingIT {
  private static final Envelope ENVELOPE = EnvelopeWriter.write(Captures.capture());
  private static final IntakeSettings SETTINGS =
      IntakeSettings.from(
          new Environment(
              Map.of(
                  "HOOK_KEYS",
                  Captures.HOOK_KEYS,
                  "ORIGIN_SECRETS",
                  "a-secret-of-the-edge-32-chars-xx")));

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Integer> callers = new CopyOnWriteArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final PrimedHttpClient http =
      new PrimedHttpClient(Apache5HttpClient.builder().maxConnections(1).build());

  private HttpServer server;
  private SqsClient sqs;
  private SqsCaptureQueue queue;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            callers.add(exchange.getRemoteAddress().getPort());
            byte[] answer = answer();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    sqs =
        QueueServer.patientSender()
            .httpClientBuilder(_ -> http)
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(() -> AwsBasicCredentials.create("x", "x"))
            .build();
    queue = new SqsCaptureQueue(sqs, endpoint + "/000000000000/captures");
  }

  @AfterEach
  void stop() {
    sqs.close();
    server.stop(0);
  }

  private static byte[] answer() {
    try {
      byte[] md5 =
          MessageDigest.getInstance("MD5")
              .digest(ENVELOPE.text().getBytes(StandardCharsets.US_ASCII));
      return ("{\"MessageId\":\"1\",\"MD5OfMessageBody\":\""
              + HexFormat.of().formatHex(md5)
              + "\"}")
          .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void prime() {
    Priming.run(SETTINGS, queue, http, new EventLog(log::add, Clock.systemUTC()));
  }

  @Test
  void aStartSendsNoMessage() {
    prime();

    assertEquals(List.of("GET /"), requests);
    assertEquals(List.of(), log);
  }

  @Test
  void theFirstMessageIsReallySentOnTheConnectionThatTheStartOpened() {
    prime();

    assertInstanceOf(Sent.Kept.class, queue.send(ENVELOPE));

    assertEquals(List.of("GET /", "POST /"), requests);
    assertEquals(callers.get(0), callers.get(1));
  }

  @Test
  void aStartWithoutAQueueSendsNothingLaterAndFailsNothing() {
    server.stop(0);

    prime();

    assertEquals(List.of(), log);
    assertInstanceOf(Sent.NotKept.class, queue.send(ENVELOPE));
  }

  @Test
  void aStartThatCannotPrimeIsLoggedAndTheNextMessageIsSent() {
    Priming.run(
        SETTINGS,
        envelope -> new Sent.NotKept("test"),
        http,
        new EventLog(log::add, Clock.systemUTC()));

    assertEquals(1, log.size());
    assertInstanceOf(Sent.Kept.class, queue.send(ENVELOPE));
  }
}
