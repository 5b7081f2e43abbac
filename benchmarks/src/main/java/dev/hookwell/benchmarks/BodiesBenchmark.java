package dev.hookwell.benchmarks;

import dev.hookwell.local.LocalSystem;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bodies that fit no message, at a constant rate, on one machine: how long each takes to be kept,
 * and how many captures of 1 KB are kept beside them. System and senders share the processors.
 */
final class BodiesBenchmark implements Benchmark {
  private static final int LARGE_BYTES = 2 * 1024 * 1024;
  private static final int SMALL_BYTES = 1_000;
  private static final int LARGE_A_SECOND = 20;
  private static final int SMALL_A_SECOND = 500;

  /** In milliseconds, from when each was due. */
  private final List<Double> kept = new ArrayList<>();

  @Override
  public Table run(Scale scale) throws Exception {
    try (ScratchFolder folder = ScratchFolder.of("bodies");
        LocalSystem system =
            LocalSystem.start(
                new LocalSystem.Settings(
                    0, folder.path().resolve("data"), Optional.empty(), false, false, Map.of()));
        HookSenders senders = new HookSenders(system.address())) {
      HttpRequest small = HookSenders.request(senders.hook().url(), SMALL_BYTES);
      HttpRequest large = HookSenders.request(senders.hook().url(), LARGE_BYTES);
      int seconds = scale.of(8, 1);
      int warmUps = scale.of(2, 0);
      Comparison rates =
          Comparison.of(
              warmUps,
              scale.of(5, 1),
              () -> besideLargeOnes(senders, small, large, seconds),
              () -> keptInTime(senders, small, seconds));
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

  private double besideLargeOnes(
      HookSenders senders, HttpRequest small, HttpRequest large, int seconds) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Double>> bodies = senders.send(large, LARGE_A_SECOND, seconds, threads);
      double rate = keptInTime(senders, small, seconds);
      for (Future<Double> body : bodies) {
        kept.add(body.get());
      }
      return rate;
    }
  }

  /** Captures a second that were kept within a second from when they were due. */
  private static double keptInTime(HookSenders senders, HttpRequest request, int seconds)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int inTime = 0;
      for (Future<Double> one : senders.send(request, SMALL_A_SECOND, seconds, threads)) {
        inTime += one.get() < 1_000 ? 1 : 0;
      }
      return (double) inTime / seconds;
    }
  }
}
