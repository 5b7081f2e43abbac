package dev.hookwell.benchmarks;

import dev.hookwell.client.RecordingTarget;
import dev.hookwell.local.LocalSystem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The command line client from its jar, in a process of its own: how long it takes to start,
 * against a program that does nothing, and how fast it delivers waiting captures, in a heap of 64
 * MB.
 */
final class ClientBenchmark implements Benchmark {
  static final Path JAR = Path.of("../client/target/hookwell.jar").toAbsolutePath();
  private static final int SENDERS = 16;
  private static final int BODY_BYTES = 1_000;
  private static final int PATIENCE_SECONDS = 300;

  @Override
  public Table run(Scale scale) throws Exception {
    Table table = new Table();
    start(scale, table);
    try (ScratchFolder scratch = ScratchFolder.of("client");
        LocalSystem system =
            LocalSystem.start(
                new LocalSystem.Settings(
                    0, scratch.path().resolve("data"), Optional.empty(), false, false, Map.of()));
        RecordingTarget target = RecordingTarget.start()) {
      Path folder = scratch.path();
      int waiting = scale.of(10_000, 100);
      fill(system.address(), folder, waiting);
      for (int concurrency : List.of(8, 1)) {
        table.row(
            "%,d waiting, `--concurrency %d`: deliveries/s".formatted(waiting, concurrency),
            waiting / deliver(target, concurrency, folder),
            concurrency == 8 ? Goal.atLeast(500) : Goal.none());
      }
      if (target.received().size() != 2 * waiting) {
        throw new IllegalStateException(target.received().size() + " arrived");
      }
    }
    return table;
  }

  private static void start(Scale scale, Table table) throws Exception {
    Path here = Path.of(".");
    Comparison starts =
        Comparison.of(
            scale.of(2, 0),
            scale.of(11, 1),
            () -> 1_000 * run(here, client("--help")),
            () -> 1_000 * run(here, java("-cp", "target/classes", Nothing.class.getName())));
    table
        .row(
            "`hookwell --help`",
            Table.number(starts.ourMedian()) + " ms",
            "nothing, " + Table.number(starts.referenceMedian()) + " ms",
            starts.ratio(),
            Goal.none())
        .row("the same in ms", starts.ourMedian(), Goal.atMost(600));
  }

  /** Ends at once. */
  static final class Nothing {
    private Nothing() {}

    public static void main(String... args) {}
  }

  private static void fill(URI server, Path folder, int captures) throws Exception {
    run(folder, client("new", "--server", server.toString(), "--save", "hook.env"));
    URI url =
        URI.create(
            Files.readAllLines(folder.resolve("hook.env"))
                .getFirst()
                .substring("HOOKWELL_URL=".length()));
    byte[] body = new byte[BODY_BYTES];
    new Random(1).nextBytes(body);
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("content-type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient();
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<Integer>> sent = new ArrayList<>();
      for (int i = 0; i < captures; i++) {
        sent.add(senders.submit(() -> http.send(request, BodyHandlers.discarding()).statusCode()));
      }
      for (Future<Integer> one : sent) {
        if (one.get() != 200) {
          throw new IllegalStateException("a request was answered " + one.get());
        }
      }
    }
    run(
        folder,
        client(
            "wait",
            "--hook-file",
            "hook.env",
            "--from",
            String.valueOf(captures),
            "--timeout",
            PATIENCE_SECONDS + "s"));
  }

  /** In seconds. */
  private static double deliver(RecordingTarget target, int concurrency, Path folder)
      throws Exception {
    return run(
        folder,
        java(
            "-Xmx64m",
            "-jar",
            JAR.toString(),
            "listen",
            String.valueOf(target.port()),
            "--hook-file",
            "hook.env",
            "--from",
            "1",
            "--once",
            "--cursor",
            "cursor-" + concurrency,
            "--concurrency",
            String.valueOf(concurrency)));
  }

  private static List<String> client(String... arguments) {
    List<String> command = java("-jar", JAR.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** As {@code ./hookwell} starts it. */
  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(arguments));
    return command;
  }

  /** How many seconds it took. */
  private static double run(Path folder, List<String> command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
