package dev.hookwell.benchmarks;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Events;
import dev.hookwell.deployment.functions.LambdaRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The jar of ingest in a process of its own, as Lambda starts it, against a function that does
 * nothing: from the start of the process to the first answer. Needs the functions' jars.
 */
final class ColdStartBenchmark implements Benchmark {
  static final Path JAR = Path.of("../ingest-function/target/ingest-function.jar");
  private static final int MEMORY = 1769;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public Table run(Scale scale) throws Exception {
    Path hello = Files.createTempFile("hookwell-hello", ".jar");
    try (QueueStub queue = new QueueStub()) {
      packHello(hello);
      int rounds = scale.of(11, 1);
      double[] shares = new double[rounds];
      int[] round = new int[1];
      Comparison starts =
          Comparison.of(
              scale.of(1, 0),
              rounds,
              () -> {
                LambdaRuntime.Start start =
                    start(JAR, "dev.hookwell.ingest.IngestHandler", settings(queue));
                shares[round[0]++ % rounds] = millis(start.invocation()) / millis(start.total());
                return millis(start.total());
              },
              () -> millis(start(hello, Hello.class.getName(), Map.of()).total()));
      return new Table()
          .row(
              "ingest, cold",
              Table.number(starts.ourMedian()) + " ms",
              "hello, " + Table.number(starts.referenceMedian()) + " ms",
              starts.ratio(),
              Goal.atMost(4.0))
          .row(
              "first invocation ÷ cold start of ingest",
              Comparison.median(shares),
              Goal.atMost(0.10));
    } finally {
      Files.delete(hello);
    }
  }

  private static LambdaRuntime.Start start(
      Path jar, String handler, Map<String, String> environment) {
    byte[] event =
        Events.event("POST", "/h/" + Captures.hook(1).text())
            .header("content-type", "application/json")
            .text("{\"event\":\"paid\"}")
            .json()
            .getBytes(StandardCharsets.UTF_8);
    try (LambdaRuntime function = LambdaRuntime.start(jar, handler, MEMORY, environment)) {
      LambdaRuntime.Outcome outcome = function.invoke(event, PATIENCE);
      if (!(outcome instanceof LambdaRuntime.Outcome.Answered answer)
          || !answer.json().contains("200")) {
        throw new IllegalStateException("not answered: " + outcome);
      }
      return function.times();
    }
  }

  private static Map<String, String> settings(QueueStub queue) {
    return Map.of(
        "QUEUE_URL", queue.queueUrl(),
        "HOOK_KEYS", Captures.HOOK_KEYS,
        "AWS_ENDPOINT_URL_SQS", queue.endpoint());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static void packHello(Path jar) throws IOException {
    String name = Hello.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        InputStream code = Hello.class.getClassLoader().getResourceAsStream(name)) {
      zip.putNextEntry(new ZipEntry(name));
      if (code == null) {
        throw new IOException("no class file of " + Hello.class);
      }
      code.transferTo(zip);
      zip.closeEntry();
    }
  }
}
