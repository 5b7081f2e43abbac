package dev.hookwell.benchmarks;

import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.DatabaseProxy;

/** The round trips to the database when a batch is saved: each Sync of the protocol is one. */
final class RoundTripsBenchmark implements Benchmark {
  private static final int BATCH = 100;

  @Override
  public Table run(Scale scale) throws Exception {
    Rows rows = new Rows();
    Table table = new Table();
    try (Store store = new Store();
        DatabaseProxy proxy = new DatabaseProxy(store.port())) {
      CaptureWriter writer = Store.writer(store.database(proxy.through(store.url())));
      for (int i = 0; i < 10; i++) {
        // Connects, and prepares the statements that are prepared after some uses.
        writer.save(rows.next(1, BATCH), Store.deadline());
      }
      int batches = scale.of(100, 2);
      int before = proxy.syncs();
      for (int i = 0; i < batches; i++) {
        writer.save(rows.next(1, BATCH), Store.deadline());
      }
      table.row(
          "round trips of a batch of 100",
          (double) (proxy.syncs() - before) / batches,
          Goal.atMost(1));
    }
    return table;
  }
}
