package dev.hookwell.benchmarks;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Events;
import dev.hookwell.deployment.functions.LambdaRuntime;
import dev.hookwell.deployment.functions.QueueStub;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Ingest in a process of its own, as Lambda starts it, against a function that does nothing: from
 * the start of the process to the first response. As a jar, and as the package of {@code
 * -Pcold-start} where that was built. Needs the functions' jars.
 */
final class ColdStartBenchmark implements Benchmark {
  static final Path JAR = Path.of("../ingest-function/target/ingest-function.jar");

  /** The package's folder, from which its zip is made. */
  private static final Path PACKAGE = Path.of("../distribution/target/ingest");

  private static final String HANDLER = "dev.hookwell.ingest.IngestHandler";
  private static final int MEMORY = 1769;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public Table run(Scale scale) throws Exception {
    boolean packaged = Files.exists(PACKAGE.resolve("bootstrap"));
    Path hello = Files.createTempFile("hookwell-hello", ".jar");
    try (QueueStub queue = new QueueStub()) {
      packHello(hello);
      Map<String, String> settings = settings(queue);
      List<Double> shares = new ArrayList<>();
      List<Comparison.Measure> ours = new ArrayList<>();
      ours.add(() -> {
        LambdaRuntime.Start start = times(LambdaRuntime.start(JAR, HANDLER, MEMORY, settings));
        shares.add(millis(start.invocation()) / millis(start.total()));
        return millis(start.total());
      });
      Map<String, String> withBucket = new HashMap<>(settings);
      withBucket.putAll(Map.of("LARGE_BODIES", "on", "BODY_BUCKET", "none"));
      ours.add(() -> millis(times(LambdaRuntime.start(JAR, HANDLER, MEMORY, withBucket)).total()));
      if (packaged) {
        ours.add(() -> millis(times(startPackage(settings)).total()));
      }
      List<Comparison> starts =
          Comparison.of(
              scale.of(1, 0),
              scale.of(11, 1),
              ours,
              () ->
                  millis(
                      times(LambdaRuntime.start(hello, Hello.class.getName(), MEMORY, Map.of()))
                          .total()));
      Table table = new Table();
      addStart(table, "ingest, cold, as a jar", starts.getFirst(), Goal.none());
      double jar = starts.getFirst().ourMedian();
      double bucket = starts.get(1).ourMedian();
      table.row(
          "the same, with a bucket for large bodies",
          Table.number(bucket) + " ms",
          "without one, " + Table.number(jar) + " ms",
          bucket / jar,
          Goal.atMost(1.05));
      if (packaged) {
        addStart(table, "ingest, cold, as a package", starts.getLast(), Goal.atMost(3.0));
      }
      return table.row(
          "first invocation ÷ cold start of the jar",
          Comparison.median(shares.stream().mapToDouble(Double::doubleValue).toArray()),
          Goal.atMost(0.10));
    } finally {
      Files.delete(hello);
    }
  }

  private static void addStart(Table table, String what, Comparison starts, Goal goal) {
    table.row(
        what,
        Table.number(starts.ourMedian()) + " ms",
        "hello, " + Table.number(starts.referenceMedian()) + " ms",
        starts.ratio(),
        goal);
  }

  private static LambdaRuntime startPackage(Map<String, String> settings) throws IOException {
    Path task = PACKAGE.toRealPath();
    return LambdaRuntime.startPackage(
        task, List.of(task.resolve("bootstrap").toString()), HANDLER, MEMORY, settings);
  }

  private static LambdaRuntime.Start times(LambdaRuntime started) {
    byte[] event =
        Events.event("POST", "/h/" + Captures.hook(1).text())
            .header("content-type", "application/json")
            .text("{\"event\":\"paid\"}")
            .json()
            .getBytes(StandardCharsets.UTF_8);
    try (LambdaRuntime function = started) {
      LambdaRuntime.Outcome outcome = function.invoke(event, PATIENCE);
      if (!(outcome instanceof LambdaRuntime.Outcome.Answered answer)
          || !answer.json().contains("200")
          || function.output().contains("start.without-cache")) {
        throw new IllegalStateException("not answered, or without the cache: " + outcome);
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
