package dev.hookwell.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs the benchmarks that are named, or all, and prints their tables. */
public final class Benchmarks {
  private Benchmarks() {}

  static Map<String, Supplier<Benchmark>> all() {
    Map<String, Supplier<Benchmark>> all = new LinkedHashMap<>();
    all.put("store", StoreBenchmark::new);
    all.put("batches", BatchBenchmark::new);
    all.put("hot-hook", HotHookBenchmark::new);
    all.put("round-trips", RoundTripsBenchmark::new);
    all.put("poll", PollBenchmark::new);
    all.put("find", FindBenchmark::new);
    all.put("ingest", IngestBenchmark::new);
    all.put("cold-start", ColdStartBenchmark::new);
    all.put("client", ClientBenchmark::new);
    all.put("bodies", BodiesBenchmark::new);
    all.put("responses", ResponsesBenchmark::new);
    all.put("codecs", () -> CodecBenchmark::run);
    return all;
  }

  public static void main(String... args) throws Exception {
    Map<String, Supplier<Benchmark>> all = all();
    List<String> names = args.length == 0 ? List.copyOf(all.keySet()) : List.of(args);
    for (String name : names) {
      Supplier<Benchmark> benchmark = all.get(name);
      if (benchmark == null) {
        System.err.println("There are: " + String.join(", ", all.keySet()));
        System.exit(2);
        return;
      }
      System.out.println("\n" + name + "\n");
      System.out.println(benchmark.get().run(Scale.FULL));
    }
  }
}
