package dev.hookwell.benchmarks;

import dev.hookwell.bodies.LargeBodies;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.deployment.functions.QueueStub;
import dev.hookwell.ingest.IngestHandler;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.intake.SqsCaptureQueue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The cost that ingest adds to sending: the processor time of one event, warm, against SendMessage
 * of the same message by the same client. Only the calling thread's time counts, in which both do
 * all of their work.
 */
final class IngestBenchmark implements Benchmark {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final Environment BUCKET =
      new Environment(Map.of("LARGE_BODIES", "on", "BODY_BUCKET", "none"));

  /** The message group of the reference's message, in the form of a hook's. */
  private static final String GROUP = "01234567-89ab-cdef-0123-456789abcdef";

  @Override
  public Table run(Scale scale) throws Exception {
    Table table = new Table();
    try (QueueStub stub = new QueueStub();
        SqsClient client =
            SqsCaptureQueue.clientBuilder(1)
                .endpointOverride(URI.create(stub.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(() -> AwsBasicCredentials.create("x", "x"))
                // A busy machine may take its time for the first one.
                .overrideConfiguration(
                    o -> o.apiCallAttemptTimeout(PATIENCE).apiCallTimeout(PATIENCE))
                .build()) {
      compare(table, scale, stub, client, "JSON of 1 KB", json());
      compare(
          table,
          scale,
          stub,
          client,
          "text of 40 KB",
          "Some text. ".repeat(4000).substring(0, 40_000));
    }
    return table;
  }

  private static void compare(
      Table table, Scale scale, QueueStub stub, SqsClient client, String what, String body)
      throws Exception {
    byte[] event = event(body);
    List<String> sent = new ArrayList<>();
    SqsCaptureQueue queue = new SqsCaptureQueue(client, stub.queueUrl());
    IngestHandler ingest =
        ingest(
            "on",
            Optional.empty(),
            envelope -> {
              if (sent.isEmpty()) {
                sent.add(envelope.text());
              }
              return queue.send(envelope);
            });
    IngestHandler withoutHandshakes = ingest("off", Optional.empty(), queue);
    IngestHandler withBucket =
        ingest(
            "on", LargeBodies.toWrite(BUCKET, () -> SqsCaptureQueue.httpClientBuilder(1)), queue);
    invoke(ingest, event);
    invoke(withBucket, event);
    invoke(withoutHandshakes, event);
    String message = sent.getFirst();
    int calls = scale.of(1000, 2);
    Comparison times =
        Comparison.of(
            scale.of(6, 0),
            scale.of(15, 1),
            () -> time(calls, () -> invoke(ingest, event)),
            () ->
                time(
                    calls,
                    () ->
                        client.sendMessage(send ->
                            send.queueUrl(stub.queueUrl())
                                .messageBody(message)
                                .messageGroupId(GROUP))));
    table.row(
        "ingest, an event with " + what,
        Table.number(times.ourMedian()) + " µs",
        "SendMessage, " + Table.number(times.referenceMedian()) + " µs",
        times.ratio(),
        Goal.atMost(1.3));
    addBeside(
        table,
        scale,
        "the same, looking for handshakes",
        () -> time(calls, () -> invoke(ingest, event)),
        "not looking",
        () -> time(calls, () -> invoke(withoutHandshakes, event)));
    addBeside(
        table,
        scale,
        "the same, with a bucket for large bodies",
        () -> time(calls, () -> invoke(withBucket, event)),
        "without one",
        () -> time(calls, () -> invoke(ingest, event)));
  }

  /** The cost of an option to requests that have no use for it. */
  private static void addBeside(
      Table table,
      Scale scale,
      String what,
      Comparison.Measure with,
      String besideWhat,
      Comparison.Measure without)
      throws Exception {
    Comparison times = Comparison.of(scale.of(2, 0), scale.of(31, 1), with, without);
    table.row(
        what,
        Table.number(times.ourMedian()) + " µs",
        besideWhat + ", " + Table.number(times.referenceMedian()) + " µs",
        times.ratio(),
        Goal.atMost(1.03));
  }

  private static IngestHandler ingest(
      String handshakes, Optional<BodyStore> bodies, CaptureQueue queue) {
    PrintStream log =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new IngestHandler(
        IntakeSettings.from(
            new Environment(Map.of("HOOK_KEYS", Captures.HOOK_KEYS, "HANDSHAKES", handshakes))),
        queue,
        bodies,
        new CaptureIds(Rows.CLOCK, new SecureRandom()),
        Rows.CLOCK,
        new EventLog(log::println, Rows.CLOCK));
  }

  private static String json() {
    return IntStream.range(0, 25)
        .mapToObj("\"field%02d\":\"a value of some length\""::formatted)
        .collect(Collectors.joining(",\n ", "{", "}"));
  }

  private static byte[] event(String body) {
    return Events.event("POST", "/h/" + Captures.hook(1).text() + "/orders")
        .query("page=1&sort=%2Bname")
        .header("accept", "*/*")
        .header("accept-encoding", "gzip, deflate, br")
        .header("content-length", Integer.toString(body.length()))
        .header("content-type", "application/json")
        .header("host", "hooks.example.com")
        .header("user-agent", "GitHub-Hookshot/044aadd")
        .header("x-amzn-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793")
        .header("x-forwarded-for", "192.0.2.7")
        .header("x-forwarded-port", "443")
        .header("x-forwarded-proto", "https")
        .header("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
        .header("x-github-event", "issues")
        .header("x-hub-signature-256", "sha256=" + "d57c68ca6f92289e".repeat(4))
        .bytes(body.getBytes(StandardCharsets.UTF_8))
        .json()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void invoke(IngestHandler ingest, byte[] event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ingest.handleRequest(new ByteArrayInputStream(event), out, new Invocation(6000));
    if (!out.toString(StandardCharsets.UTF_8).contains("\"statusCode\":200")) {
      throw new IllegalStateException(out.toString(StandardCharsets.UTF_8));
    }
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  /** Microseconds of this thread's processor time a call. */
  private static double time(int calls, Call call) throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / calls;
  }
}
