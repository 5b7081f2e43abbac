package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import java.sql.Connection;
import java.util.List;
import java.util.Random;

/**
 * Batches of every size that persist gets, of one hook and of a hundred, against binary COPY. The
 * hundred hooks come at random, so that one batch of 100 is of some 63 hooks, and the next of
 * another number.
 */
final class BatchBenchmark implements Benchmark {
  private static final int[] SIZES = {1, 10, 100, 1000};
  private static final int HOOKS = 100;
  private static final int OURS = 1_000;
  private static final int COPIED = 2_000;

  private final Rows rows = new Rows();
  private final Random random = new Random(1);

  @Override
  public Table run(Scale scale) throws Exception {
    Table table = new Table();
    try (Store store = new Store();
        Connection connection = store.connect()) {
      BesideCopy beside = new BesideCopy(table, scale, connection);
      Saving saving = new Saving(Store.writer(store.database()));
      for (int hooks : new int[] {1, HOOKS}) {
        String of = hooks == 1 ? ", one hook" : ", a hundred hooks";
        for (int size : SIZES) {
          // Emptied before each: with growing indexes the order would show in the numbers.
          store.execute("TRUNCATE captures, bodies, hooks");
          beside.compare(
              "save, batch " + Table.number(size) + of,
              Math.min(10_000, 1_000 * size),
              size,
              Goal.none(),
              count -> batch(OURS, hooks, count),
              count -> batch(COPIED, hooks, count),
              batch -> batch,
              saving::save);
        }
      }
      BatchInvocation persist = saving.persist();
      for (int size : SIZES) {
        store.execute("TRUNCATE captures, bodies, hooks");
        beside.compare(
            "persist, event to answer, batch " + Table.number(size) + ", a hundred hooks",
            Math.min(10_000, 1_000 * size),
            size,
            Goal.none(),
            count -> batch(OURS, HOOKS, count),
            count -> batch(COPIED, HOOKS, count),
            BatchInvocation::event,
            persist::invoke);
      }
    }
    return table;
  }

  private List<Capture> batch(int first, int hooks, int count) {
    return rows.next(() -> first + random.nextInt(hooks), count);
  }
}
