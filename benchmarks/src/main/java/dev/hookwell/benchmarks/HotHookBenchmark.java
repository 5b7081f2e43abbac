package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.HookState;
import dev.hookwell.store.SaveOutcome;
import dev.hookwell.store.StoredCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All writers on one hook, as many as the event source may run and some more, while a reader
 * follows by its cursor and has to see every number once and in order.
 */
final class HotHookBenchmark implements Benchmark {
  private static final int HOOK = 1;
  private static final int BATCH = 100;
  private static final int WRITERS = 8;
  private static final int PAGE = 500;

  private final Rows rows = new Rows();
  private final List<CaptureWriter> writers = new ArrayList<>();
  private long stored;
  private long missed;

  @Override
  public Table run(Scale scale) throws Exception {
    try (Store store = new Store();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < WRITERS; i++) {
        writers.add(Store.writer(store.database()));
      }
      CaptureReader reader = Store.reader(store.database());
      int batches = scale.of(160, WRITERS);
      Comparison rates =
          Comparison.of(
              scale.of(2, 0),
              scale.of(11, 1),
              () -> rate(threads, reader, WRITERS, batches),
              () -> rate(threads, reader, 1, batches));
      long holes =
          stored
              - store.number("SELECT count(*) FROM captures")
              + stored
              - store.number("SELECT max(seq) FROM captures");
      return new Table()
          .row(
              "8 writers on one hook, batch 100",
              Table.number(rates.ourMedian()) + " rows/s",
              "one writer, " + Table.number(rates.referenceMedian()) + " rows/s",
              rates.ratio(),
              Goal.atLeast(1.0))
          .row("rows/s of 8 writers", rates.ourMedian(), Goal.atLeast(20_000))
          .row(
              "rows missing or numbers left out, of " + Table.number((double) stored),
              (double) holes,
              Goal.atMost(0))
          .row("rows that a reader missed, doubled or saw late", (double) missed, Goal.atMost(0));
    }
  }

  /** Rows a second, until the last one is stored; the reader may take a little longer. */
  private double rate(ExecutorService threads, CaptureReader reader, int writing, int batches)
      throws Exception {
    List<List<List<Capture>>> shares = new ArrayList<>();
    for (int i = 0; i < writing; i++) {
      shares.add(rows.batches(HOOK, batches / writing, BATCH));
    }
    long from = stored;
    stored += (long) writing * (batches / writing) * BATCH;
    long until = stored;
    Future<Long> following = threads.submit(() -> follow(reader, from, until));
    List<Future<?>> writes = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < writing; i++) {
      CaptureWriter writer = writers.get(i);
      List<List<Capture>> share = shares.get(i);
      writes.add(threads.submit(() -> share.forEach(batch -> save(writer, batch))));
    }
    for (Future<?> write : writes) {
      write.get();
    }
    double rate = (until - from) * 1e9 / (System.nanoTime() - start);
    missed += following.get();
    return rate;
  }

  private static void save(CaptureWriter writer, List<Capture> batch) {
    if (!writer.save(batch, Store.deadline()).stream().allMatch(SaveOutcome.STORED::equals)) {
      throw new IllegalStateException("not all stored");
    }
  }

  /** Reads on from a cursor to a number; gives how many numbers did not follow the one before. */
  private static long follow(CaptureReader reader, long from, long until)
      throws InterruptedException {
    long cursor = from;
    long wrong = 0;
    while (cursor < until) {
      // As a page does; a reader without a pause would only measure itself.
      Thread.sleep(50);
      Optional<HookState> hook = reader.hook(Captures.hook(HOOK).uid());
      if (hook.isEmpty()) {
        continue;
      }
      List<StoredCapture> page;
      do {
        page = reader.after(hook.get(), cursor, PAGE);
        for (StoredCapture capture : page) {
          wrong += capture.seq() == cursor + 1 ? 0 : 1;
          cursor = capture.seq();
        }
      } while (page.size() == PAGE);
    }
    return wrong;
  }
}
