package dev.hookwell.benchmarks;

import java.sql.Connection;

/** Rows a second of one writer on one hook against binary COPY on one connection. */
final class StoreBenchmark implements Benchmark {
  private static final int OURS = 1;
  private static final int COPIED = 2;
  private static final int ROWS = 10_000;

  /**
   * How much longer a commit took on the machine on which the goals were set: see
   * docs/benchmarks.md.
   */
  private static final int SLOWER_COMMIT_MICROS = 2_400;

  private final Rows rows = new Rows();

  @Override
  public Table run(Scale scale) throws Exception {
    Table table = new Table();
    try (Store store = new Store();
        Connection connection = store.connect()) {
      BesideCopy beside = new BesideCopy(table, scale, connection);
      Saving saving = new Saving(Store.writer(store.database()));
      save(beside, saving, "save, batch 100", 100, Goal.atLeast(0.7));
      save(beside, saving, "save, batch 1,000", 1000, Goal.atLeast(0.6));
      beside.compare(
          "persist, event to answer, batch 100",
          ROWS,
          100,
          Goal.atLeast(0.5),
          count -> rows.next(OURS, count),
          count -> rows.next(COPIED, count),
          BatchInvocation::event,
          saving.persist()::invoke);
      store.configure("commit_siblings = 0", "commit_delay = " + SLOWER_COMMIT_MICROS);
      for (int size : new int[] {100, 1000}) {
        String what = "save, batch " + Table.number(size) + ", commits 2.4 ms slower";
        save(beside, saving, what, size, Goal.none());
      }
    }
    return table;
  }

  private void save(BesideCopy beside, Saving saving, String what, int size, Goal goal)
      throws Exception {
    beside.compare(
        what,
        ROWS,
        size,
        goal,
        count -> rows.next(OURS, count),
        count -> rows.next(COPIED, count),
        batch -> batch,
        saving::save);
  }
}
