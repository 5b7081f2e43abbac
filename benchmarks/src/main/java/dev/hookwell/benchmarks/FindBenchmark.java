package dev.hookwell.benchmarks;

import dev.hookwell.api.ApiHandler;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.store.Database;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A full hook, searched to its end for the only capture that matches. */
final class FindBenchmark implements Benchmark {
  private static final HookId HOOK = Captures.hook(1);
  private static final int BATCH = 500;

  private static final Pattern PLACE =
      Pattern.compile("\\\\\"next\\\\\":(\\d+),\\\\\"more\\\\\":(true|false)");

  /** The same rows and bodies, as many in one call. */
  private static final String READ =
      """
      SELECT c.seq, c.method, c.path, c.query, c.head, coalesce(c.body, b.body)
      FROM captures AS c LEFT JOIN bodies AS b ON b.hook_id = c.hook_id AND b.seq = c.seq
      WHERE c.hook_id = ? AND c.seq < ? AND c.deleted_at IS NULL
      ORDER BY c.seq DESC LIMIT 500
      """;

  @Override
  public Table run(Scale scale) throws Exception {
    int total = scale.of(10_000, 1000);
    Table table = new Table();
    try (Store store = new Store()) {
      fill(store, total);
      search(table, scale, store, total, "a word in the body", "text=" + written("no such word"));
      search(table, scale, store, total, "a value of JSON", "json=" + written("/event=failed"));
      search(table, scale, store, total, "a header", "header=" + written("x-id:none"));
    }
    return table;
  }

  private static void fill(Store store, int total) throws SQLException {
    Rows rows = new Rows();
    try (Database database = store.ownDatabase()) {
      for (int saved = 0; saved < total; saved += BATCH) {
        var _ = Store.writer(database).save(rows.next(1, BATCH), Store.deadline());
      }
    }
    store.execute("VACUUM ANALYZE captures", "VACUUM ANALYZE bodies");
    store.checkpoint();
  }

  private static String written(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static void search(
      Table table, Scale scale, Store store, int total, String what, String filter)
      throws Exception {
    double[] longest = {0};
    try (Database database = store.ownDatabase();
        Connection connection = store.connect()) {
      ApiHandler api = ReaderCalls.handler(database);
      Comparison seconds =
          Comparison.of(
              scale.of(5, 0),
              scale.of(7, 1),
              () -> searchAll(api, filter, longest),
              () -> readAll(connection, total));
      table.row(
          "%,d captures searched to the end for %s: s".formatted(total, what),
          Table.number(seconds.ourMedian()) + " s",
          "bare JDBC, " + Table.number(seconds.referenceMedian()) + " s",
          seconds.ourMedian(),
          Goal.atMost(5));
      table.row("the same: quotient", seconds.ratio(), Goal.none());
      table.row("the same: longest call, ms", longest[0], Goal.atMost(1000));
    }
  }

  /** Seconds; `longest` keeps the milliseconds of the slowest call. */
  private static double searchAll(ApiHandler api, String filter, double[] longest)
      throws IOException {
    long start = System.nanoTime();
    String before = "";
    Matcher place;
    do {
      long called = System.nanoTime();
      byte[] event = ReaderCalls.list(HOOK, filter + "&limit=500" + before, "");
      place = PLACE.matcher(ReaderCalls.call(api, event, 200));
      longest[0] = Math.max(longest[0], (System.nanoTime() - called) / 1e6);
      if (!place.find()) {
        throw new IllegalStateException("no place in the answer");
      }
      before = "&before=" + place.group(1);
    } while (place.group(2).equals("true"));
    return (System.nanoTime() - start) / 1e9;
  }

  private static double readAll(Connection connection, int total) throws SQLException {
    long start = System.nanoTime();
    long last = total + 1L;
    try (PreparedStatement read = connection.prepareStatement(READ)) {
      while (last > 1) {
        read.setObject(1, HOOK.uid().value());
        read.setLong(2, last);
        try (ResultSet rows = read.executeQuery()) {
          while (rows.next()) {
            last = rows.getLong(1);
            for (int column = 2; column <= 6; column++) {
              var _ = rows.getBytes(column);
            }
          }
        }
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
