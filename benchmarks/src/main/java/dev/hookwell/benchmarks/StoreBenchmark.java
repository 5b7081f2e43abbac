package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.EventLog;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.SaveOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows a second of one writer on one hook against binary COPY on one connection. */
final class StoreBenchmark implements Benchmark {
  private static final int OURS = 1;
  private static final int COPIED = 2;

  /** What a commit took longer where the goals were found: see docs/benchmarks.md. */
  private static final int SLOWER_COMMIT_MICROS = 2_400;

  private final Rows rows = new Rows();
  private final CopyRows copy = new CopyRows();

  @FunctionalInterface
  private interface Save<T> {
    void save(T batch) throws Exception;
  }

  @Override
  public Table run(Scale scale) throws Exception {
    Table table = new Table();
    try (Store store = new Store();
        Connection connection = store.connect()) {
      CaptureWriter writer = Store.writer(store.database());
      compare(
          table,
          scale,
          "save, batch 100",
          100,
          Goal.atLeast(0.7),
          connection,
          captures -> captures,
          batch -> save(writer, batch));
      compare(
          table,
          scale,
          "save, batch 1,000",
          1000,
          Goal.atLeast(0.6),
          connection,
          captures -> captures,
          batch -> save(writer, batch));
      BatchInvocation persist =
          new BatchInvocation(
              new PersistHandler(
                  writer,
                  Rows.CLOCK,
                  new EventLog(
                      new PrintStream(
                              OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)
                          ::println,
                      Rows.CLOCK)));
      compare(
          table,
          scale,
          "persist, event to answer, batch 100",
          100,
          Goal.atLeast(0.5),
          connection,
          BatchInvocation::event,
          persist::invoke);
      store.configure("commit_siblings = 0", "commit_delay = " + SLOWER_COMMIT_MICROS);
      for (int size : new int[] {100, 1000}) {
        compare(
            table,
            scale,
            "save, batch " + Table.number(size) + ", commits 2.4 ms slower",
            size,
            Goal.none(),
            connection,
            captures -> captures,
            batch -> save(writer, batch));
      }
    }
    return table;
  }

  @FunctionalInterface
  private interface Prepare<T> {
    T of(List<Capture> batch) throws IOException;
  }

  private <T> void compare(
      Table table,
      Scale scale,
      String what,
      int size,
      Goal goal,
      Connection connection,
      Prepare<T> prepare,
      Save<T> save)
      throws Exception {
    int batches = scale.of(10_000 / size, 1);
    Comparison rates =
        Comparison.of(
            scale.of(3, 0),
            scale.of(15, 1),
            () -> rate(batches, size, OURS, prepare, save),
            () ->
                rate(batches, size, COPIED, copy::encode, batch -> copy(connection, batch, size)));
    table.row(
        what,
        Table.number(rates.ourMedian()) + " rows/s",
        "COPY, " + Table.number(rates.referenceMedian()) + " rows/s",
        rates.ratio(),
        goal);
  }

  /** Rows a second; what is saved is prepared before. */
  private <T> double rate(int batches, int size, int hook, Prepare<T> prepare, Save<T> save)
      throws Exception {
    List<T> prepared = new ArrayList<>();
    for (List<Capture> batch : rows.batches(hook, batches, size)) {
      prepared.add(prepare.of(batch));
    }
    long start = System.nanoTime();
    for (T batch : prepared) {
      save.save(batch);
    }
    return batches * size * 1e9 / (System.nanoTime() - start);
  }

  private static void save(CaptureWriter writer, List<Capture> batch) {
    if (!writer.save(batch, Store.deadline()).stream().allMatch(SaveOutcome.STORED::equals)) {
      throw new IllegalStateException("not all stored");
    }
  }

  private static void copy(Connection connection, byte[] batch, int size) throws SQLException {
    if (CopyRows.copy(connection, batch) != size) {
      throw new IllegalStateException("not all copied");
    }
  }
}
