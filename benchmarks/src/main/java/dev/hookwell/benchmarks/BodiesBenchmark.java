package dev.hookwell.benchmarks;

import dev.hookwell.local.LocalSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
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
 * Bodies that fit no message, at a constant rate, on one machine: how long each takes to be kept,
 * and how many captures of 1 KB are kept beside them. System and senders share the processors.
 */
final class BodiesBenchmark implements Benchmark {
  private static final int LARGE_BYTES = 2 * 1024 * 1024;
  private static final int SMALL_BYTES = 1_000;
  private static final int LARGE_A_SECOND = 20;
  private static final int SMALL_A_SECOND = 500;

  private final HttpClient http = HttpClient.newHttpClient();

  /** In milliseconds, from when each was due. */
  private final List<Double> kept = new ArrayList<>();

  @Override
  public Table run(Scale scale) throws Exception {
    try (http;
        ScratchFolder folder = ScratchFolder.of("bodies");
        LocalSystem system =
            LocalSystem.start(
                new LocalSystem.Settings(
                    0, folder.path().resolve("data"), Optional.empty(), false, false, Map.of()))) {
      URI small = hook(system.address());
      URI large = hook(system.address());
      int seconds = scale.of(8, 1);
      int warmUps = scale.of(2, 0);
      Comparison rates =
          Comparison.of(
              warmUps,
              scale.of(5, 1),
              () -> besideLargeOnes(small, large, seconds),
              () -> keptInTime(small, seconds));
      double[] counted =
          kept.stream()
              .skip((long) warmUps * seconds * LARGE_A_SECOND)
              .mapToDouble(Double::doubleValue)
              .toArray();
      return new Table()
          .row("2 MiB kept, 20 a second: median, ms", Comparison.median(counted), Goal.none())
          .row("the same: p99, ms", Comparison.quantile(counted, 0.99), Goal.atMost(400))
          .row(
              "captures of 1 KB beside them, of %d a second".formatted(SMALL_A_SECOND),
              Table.number(rates.ourMedian()) + "/s",
              "alone, " + Table.number(rates.referenceMedian()) + "/s",
              rates.ratio(),
              Goal.atLeast(0.9));
    }
  }

  private URI hook(URI server) throws IOException, InterruptedException {
    String lines =
        http.send(
                HttpRequest.newBuilder(server.resolve("/api/hooks"))
                    .header("accept", "text/plain")
                    .POST(BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString())
            .body();
    return URI.create(lines.lines().findFirst().orElseThrow().substring("HOOKWELL_URL=".length()));
  }

  private double besideLargeOnes(URI small, URI large, int seconds) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Double>> bodies =
          send(request(large, LARGE_BYTES), LARGE_A_SECOND, seconds, threads);
      double rate = keptInTime(small, seconds);
      for (Future<Double> body : bodies) {
        kept.add(body.get());
      }
      return rate;
    }
  }

  /** Captures a second that were kept within a second from when they were due. */
  private double keptInTime(URI hook, int seconds) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int inTime = 0;
      for (Future<Double> one :
          send(request(hook, SMALL_BYTES), SMALL_A_SECOND, seconds, threads)) {
        inTime += one.get() < 1_000 ? 1 : 0;
      }
      return (double) inTime / seconds;
    }
  }

  /** So many a second; each tells how many milliseconds after it was due it was answered. */
  private List<Future<Double>> send(
      HttpRequest request, int aSecond, int seconds, ExecutorService threads) {
    long start = System.nanoTime();
    List<Future<Double>> answered = new ArrayList<>();
    for (int i = 0; i < seconds * aSecond; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(i) / aSecond;
      answered.add(
          threads.submit(() -> {
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            send(request);
            return (System.nanoTime() - due) / 1e6;
          }));
    }
    return answered;
  }

  /** Random bytes, which compress to nothing less. */
  private static HttpRequest request(URI hook, int bytes) {
    byte[] body = new byte[bytes];
    new Random(bytes).nextBytes(body);
    return HttpRequest.newBuilder(hook)
        .header("content-type", "application/octet-stream")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private void send(HttpRequest request) throws IOException, InterruptedException {
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IllegalStateException("a request was answered " + status);
    }
  }
}
