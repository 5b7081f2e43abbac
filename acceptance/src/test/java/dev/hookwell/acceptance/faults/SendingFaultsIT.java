package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.TcpProxy;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Shows;
import dev.hookwell.ingest.IngestHandler;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.intake.SqsCaptureQueue;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalFunctions;
import dev.hookwell.local.gateway.GatewaySettings;
import dev.hookwell.local.gateway.LocalFunction;
import dev.hookwell.local.gateway.LocalGateway;
import dev.hookwell.local.queue.QueueMessage;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.local.queue.SqsServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One fault each between ingest and SQS, as in the cloud: its real client, its real protocol. */
final class SendingFaultsIT {
  private static final int SENDERS = 4;

  private static SqsServer server;
  private static TcpProxy proxy;
  private static FaultySqs sqs;
  private static LocalGateway gateway;
  private static HttpClient http;

  @BeforeAll
  static void start() throws IOException {
    server = SqsServer.start(QueueSettings.ofTemplate());
    proxy = new TcpProxy(server.endpoint().getPort());
    sqs =
        new FaultySqs(
            server
                .connect(SqsCaptureQueue.clientBuilder(SENDERS))
                .endpointOverride(URI.create("http://127.0.0.1:" + proxy.port()))
                .build());
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    String queueUrl = server.queueUrl().replaceFirst(":\\d+/", ":" + proxy.port() + "/");
    LocalFunction ingest =
        new LocalFunction(
            "hookwell-ingest",
            LocalFunctions.INGEST_TIMEOUT,
            SENDERS,
            new IngestHandler(
                IntakeSettings.from(new Environment(Map.of("HOOK_KEYS", Captures.HOOK_KEYS))),
                new SqsCaptureQueue(sqs, queueUrl),
                new CaptureIds(clock, random),
                clock,
                new EventLog(_ -> {}, clock)));
    gateway = LocalGateway.start(ingest, ingest, clock, random, GatewaySettings.ofAws(0));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws IOException {
    http.close();
    gateway.close();
    sqs.close();
    proxy.close();
    server.close();
  }

  @AfterEach
  void heal() throws InterruptedException {
    proxy.heal();
    // A sender that was cut off may still be trying again.
    sqs.awaitNoneUnderWay();
    queued();
  }

  private static HttpRequest request(String text) {
    return HttpRequest.newBuilder(gateway.address().resolve("/h/" + Captures.hook(1).text()))
        .POST(BodyPublishers.ofString(text))
        .build();
  }

  private static HttpResponse<String> send(String text) throws Exception {
    return http.send(request(text), BodyHandlers.ofString());
  }

  /** Until it is taken: on a busy machine a first attempt may be too late. */
  private static String kept(String text) throws Exception {
    HttpResponse<String> answer = send(text);
    Deadline deadline = Deadline.inSeconds(60);
    while (answer.statusCode() != 200) {
      deadline.check(answer.body());
      queued();
      answer = send(text);
    }
    return Client.json(answer.body()).get("id").textValue();
  }

  /** The ids of the captures in the queue, a message each; empties it. */
  private static List<String> queued() {
    List<String> ids = new ArrayList<>();
    List<QueueMessage> some = server.receive(10);
    while (!some.isEmpty()) {
      for (QueueMessage message : some) {
        ids.add(Client.json(message.body()).get("id").textValue());
        server.delete(message);
      }
      some = server.receive(10);
    }
    return ids;
  }

  private static void assertTryAgain(HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode(), answer.body());
    assertTrue(answer.headers().firstValue("retry-after").isPresent());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("content-type").orElse(""));
  }

  @Test
  @Shows("F01")
  void aQueueThatRefusesMeansTryAgain() throws Exception {
    proxy.set(new TcpProxy.Fault.Refuse());
    assertTryAgain(send("refused"));
    proxy.heal();
    assertEquals(List.of(), queued());

    String id = kept("taken");
    assertTrue(queued().contains(id));
  }

  @Test
  @Shows("F02")
  void aQueueThatNeverAnswersMeansTryAgainBeforeTheFunctionEnds() throws Exception {
    kept("before");
    proxy.set(new TcpProxy.Fault.Blackhole());

    // Ingest's own response: had its time run out, it would be the gateway's 500.
    assertTryAgain(send("lost"));
  }

  @Test
  @Shows("F03")
  void aLostAnswerOfTheQueueIsAskedForAgainAndMakesOneCapture() throws Exception {
    kept("opens the connections");
    queued();
    // The queue's response breaks off after some bytes of its headers.
    proxy.set(new TcpProxy.Fault.Reset(100));
    HttpResponse<String> answer = send("asked for again");
    proxy.heal();

    assertTryAgain(answer);
    List<String> ids = queued();
    assertTrue(ids.size() > 1, "the client did not try again");
    // Storing takes messages with one id for one capture: F25 and F27.
    assertEquals(1, new HashSet<>(ids).size());
  }

  @Test
  @Shows("F03")
  void whatTheQueueTookAndTheSenderWasNotToldIsThereOnce() throws Exception {
    kept("opens the connections");
    queued();
    sqs.failNext(FaultySqs.Fault.AFTER);
    assertTryAgain(send("kept all the same"));
    sqs.failNext(FaultySqs.Fault.BEFORE);
    assertTryAgain(send("never sent"));

    assertEquals(1, new HashSet<>(queued()).size());
  }

  @Test
  @Shows("F07")
  void aSenderWhoGaveUpAndSentAgainHasTwoCaptures() throws Exception {
    kept("opens the connections");
    queued();
    proxy.set(new TcpProxy.Fault.Delay(500));
    List<QueueMessage> first = List.of();
    try (HttpClient impatient = HttpClient.newHttpClient()) {
      Future<?> answer = impatient.sendAsync(request("twice"), BodyHandlers.ofString());
      Deadline deadline = Deadline.inSeconds(20);
      while (first.isEmpty()) {
        deadline.check("what was sent first did not arrive");
        first = server.receive(1);
      }
      answer.cancel(true);
    }
    proxy.heal();
    String second = kept("twice");

    assertNotEquals(second, Client.json(first.getFirst().body()).get("id").textValue());
    assertTrue(queued().contains(second));
  }
}
