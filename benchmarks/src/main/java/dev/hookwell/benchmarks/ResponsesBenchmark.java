package dev.hookwell.benchmarks;

import dev.hookwell.benchmarks.HookSenders.Hook;
import dev.hookwell.local.LocalSystem;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Scripted responses on one machine: their delay against the plain response, at a constant rate,
 * and the plain response beside a flood of slow ones. System and senders share the processors.
 * Times are from when each request was due, in milliseconds.
 */
final class ResponsesBenchmark implements Benchmark {
  private static final int BODY_BYTES = 1_000;
  private static final int A_SECOND = 200;

  /** A counted step lasts for no more than 1,000 requests. */
  private static final int SECONDS = 5;

  private static final String COUNTED = "{\"status\":200,\"times\":1000},{\"status\":201}";

  /** As slow as any operator allows. */
  private static final String SLOW = "{\"status\":200,\"delay\":\"PT10S\"}";

  private static final Map<String, String> LONGEST = Map.of("LONGEST_DELAY", "PT10S");

  /** Twice as many as there is room for in a heap of 2 GB. */
  private static final int FLOODERS = 1_024;

  /** The Retry-After of a response to a sender that finds no room. */
  private static final int PAUSE_SECONDS = 1;

  private final List<Double> alone = new ArrayList<>();
  private final List<Double> beside = new ArrayList<>();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @Override
  public Table run(Scale scale) throws Exception {
    Table table = new Table();
    try (ScratchFolder folder = ScratchFolder.of("responses");
        LocalSystem system =
            LocalSystem.start(
                new LocalSystem.Settings(
                    0, folder.path().resolve("data"), Optional.empty(), false, false, LONGEST));
        HookSenders senders = new HookSenders(system.address())) {
      added(table, scale, senders);
      flooded(table, scale, senders);
    }
    return table;
  }

  private static void added(Table table, Scale scale, HookSenders senders) throws Exception {
    Hook plain = senders.hook();
    Hook open = senders.hook();
    Hook counted = senders.hook();
    senders.script(open, "{\"status\":200}");
    int seconds = scale.of(SECONDS, 1);
    List<Comparison> medians =
        Comparison.of(
            scale.of(3, 0),
            scale.of(9, 1),
            List.of(
                () -> median(senders, HookSenders.request(open.scripted(), BODY_BYTES), seconds),
                () -> {
                  senders.script(counted, COUNTED);
                  return median(
                      senders, HookSenders.request(counted.scripted(), BODY_BYTES), seconds);
                }),
            () -> median(senders, HookSenders.request(plain.url(), BODY_BYTES), seconds));
    addedRow(table, "an open-ended step", medians.getFirst(), 3);
    addedRow(table, "a counted step", medians.getLast(), 8);
  }

  private static void addedRow(Table table, String step, Comparison medians, int most) {
    table.row(
        "%s, %d a second: p50, difference in ms".formatted(step, A_SECOND),
        Table.number(medians.ourMedian()) + " ms",
        "`/h/`, " + Table.number(medians.referenceMedian()) + " ms",
        medians.difference(),
        Goal.atMost(most));
  }

  private static double median(HookSenders senders, HttpRequest request, int seconds)
      throws Exception {
    return Comparison.median(times(senders, request, seconds));
  }

  private static double[] times(HookSenders senders, HttpRequest request, int seconds)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Double>> sent = senders.send(request, A_SECOND, seconds, threads);
      double[] times = new double[sent.size()];
      for (int i = 0; i < times.length; i++) {
        times[i] = sent.get(i).get();
      }
      return times;
    }
  }

  /** Rounds of the plain response alone and beside the flood, in turn. */
  private void flooded(Table table, Scale scale, HookSenders senders) throws Exception {
    Hook slow = senders.hook();
    senders.script(slow, SLOW);
    HttpRequest plain = HookSenders.request(senders.hook().url(), BODY_BYTES);
    int seconds = scale.of(15, 1);
    int flooders = scale.of(FLOODERS, 20);
    int rounds = scale.of(5, 1);
    Comparison medians =
        Comparison.of(
            scale.of(1, 0),
            rounds,
            () -> besideFlood(senders, slow, flooders, plain, seconds),
            () -> kept(alone, times(senders, plain, seconds)));
    int counted = rounds * seconds * A_SECOND;
    table
        .row(
            "`/h/` beside %,d senders to slow scripts: p50".formatted(flooders),
            Table.number(medians.ourMedian()) + " ms",
            "alone, " + Table.number(medians.referenceMedian()) + " ms",
            medians.ratio(),
            Goal.none())
        .row(
            "the same: p99",
            Table.number(quantile(beside, counted)) + " ms",
            "alone, " + Table.number(quantile(alone, counted)) + " ms",
            quantile(beside, counted) / quantile(alone, counted),
            Goal.none())
        .row(
            "the same: kept within a second, of %d a second".formatted(A_SECOND),
            Table.number(inTime(beside, counted) / (rounds * (double) seconds)) + "/s",
            "alone, " + Table.number(inTime(alone, counted) / (rounds * (double) seconds)) + "/s",
            inTime(beside, counted) / inTime(alone, counted),
            Goal.atLeast(0.99))
        .row("slow responses given meanwhile", held.get(), Goal.none())
        .row("senders to scripts refused meanwhile", refused.get(), Goal.none());
  }

  private double besideFlood(
      HookSenders senders, Hook slow, int flooders, HttpRequest plain, int seconds)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    HttpRequest request = HookSenders.request(slow.scripted(), BODY_BYTES);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> flood = new ArrayList<>();
      for (int i = 0; i < flooders; i++) {
        flood.add(threads.submit(() -> flood(senders, request, over)));
      }
      try {
        return kept(beside, times(senders, plain, seconds));
      } finally {
        over.set(true);
        for (Future<?> flooder : flood) {
          flooder.get();
        }
      }
    }
  }

  /** Sends again as soon as a response comes, or after the pause that a 503 asks for. */
  private Void flood(HookSenders senders, HttpRequest request, AtomicBoolean over)
      throws IOException, InterruptedException {
    while (!over.get()) {
      int status = senders.status(request);
      switch (status) {
        case 200 -> held.incrementAndGet();
        case 503 -> {
          refused.incrementAndGet();
          TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        }
        default -> throw new IllegalStateException("a flooder was answered " + status);
      }
    }
    return null;
  }

  private static double kept(List<Double> all, double[] times) {
    for (double time : times) {
      all.add(time);
    }
    return Comparison.median(times);
  }

  /** The 99th percentile of the rounds that count, which are the last ones. */
  private static double quantile(List<Double> times, int counted) {
    return Comparison.quantile(last(times, counted), 0.99);
  }

  private static double inTime(List<Double> times, int counted) {
    double inTime = 0;
    for (double time : last(times, counted)) {
      inTime += time < 1_000 ? 1 : 0;
    }
    return inTime;
  }

  private static double[] last(List<Double> times, int counted) {
    return times.stream()
        .skip(times.size() - (long) counted)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
