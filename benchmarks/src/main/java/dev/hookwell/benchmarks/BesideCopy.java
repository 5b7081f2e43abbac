package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows a second of a way to save, against binary COPY on one connection. */
final class BesideCopy {
  private final Table table;
  private final Scale scale;
  private final Connection connection;
  private final CopyRows copy = new CopyRows();

  BesideCopy(Table table, Scale scale, Connection connection) {
    this.table = table;
    this.scale = scale;
    this.connection = connection;
  }

  /** Gives new captures, so many in a batch. */
  @FunctionalInterface
  interface Source {
    List<Capture> next(int count);
  }

  /** Makes the input of a save from a batch, before the time is taken. */
  @FunctionalInterface
  interface Prepare<T> {
    T of(List<Capture> batch) throws IOException;
  }

  @FunctionalInterface
  interface Save<T> {
    void save(T batch) throws Exception;
  }

  /**
   * Adds a row to the table.
   *
   * @param rows of a round
   * @param size of a batch
   * @param ours gives the captures that we save
   * @param copied gives the captures that are copied, of other hooks, since their numbers would
   *     collide
   */
  <T> void compare(
      String what,
      int rows,
      int size,
      Goal goal,
      Source ours,
      Source copied,
      Prepare<T> prepare,
      Save<T> save)
      throws Exception {
    int batches = scale.of(rows / size, 1);
    Comparison rates =
        Comparison.of(
            scale.of(3, 0),
            scale.of(15, 1),
            () -> rate(batches, size, ours, prepare, save),
            () -> rate(batches, size, copied, copy::encode, batch -> copy(batch, size)));
    table.row(
        what,
        Table.number(rates.ourMedian()) + " rows/s",
        "COPY, " + Table.number(rates.referenceMedian()) + " rows/s",
        rates.ratio(),
        goal);
  }

  /** Rows a second. All batches are prepared before. */
  private static <T> double rate(
      int batches, int size, Source source, Prepare<T> prepare, Save<T> save) throws Exception {
    List<T> prepared = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      prepared.add(prepare.of(source.next(size)));
    }
    long start = System.nanoTime();
    for (T batch : prepared) {
      save.save(batch);
    }
    return batches * size * 1e9 / (System.nanoTime() - start);
  }

  private void copy(byte[] batch, int size) throws SQLException {
    if (CopyRows.copy(connection, batch) != size) {
      throw new IllegalStateException("not all copied");
    }
  }
}
