package dev.hookwell.benchmarks;

import dev.hookwell.api.ApiHandler;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.store.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A page that asks for news of a hook with many captures, against the bare statements. */
final class PollBenchmark implements Benchmark {
  private static final HookId HOOK = Captures.hook(1);
  private static final int NEW = 100;

  private static final String READ_HOOK =
      """
      SELECT expires_at, last_seq, floor_seq, evicted_count, deleted_count, dropped_count,
        available_bytes, cleared_at, deleted_at
      FROM hooks WHERE hook_id = ?
      """;
  private static final String LIST =
      """
      SELECT seq, capture_id, received_at, stored_at, method, path, query, head, body_enc, body_size,
        body_sha256
      FROM captures
      WHERE hook_id = ? AND seq > ? AND deleted_at IS NULL AND received_at > ?
      ORDER BY seq LIMIT ?
      """;
  private static final String BODIES =
      """
      SELECT c.seq, c.body_enc, c.body_size, c.body_sha256, coalesce(c.body, b.body)
      FROM captures AS c LEFT JOIN bodies AS b ON b.hook_id = c.hook_id AND b.seq = c.seq
      WHERE c.hook_id = ? AND c.seq > ? AND c.deleted_at IS NULL AND c.received_at > ?
        AND c.seq = ANY (?::BIGINT[])
      """;

  @Override
  public Table run(Scale scale) throws Exception {
    int total = scale.of(1_000_000, 1000);
    Table table = new Table();
    try (Store store = new Store()) {
      fill(store, total);
      String etag = etag(store, total);
      compare(table, scale, store, "unchanged", poll(total, "", etag), 304, 1, bare -> hook(bare));
      compare(
          table,
          scale,
          store,
          "100 new",
          poll(total - NEW, "", ""),
          200,
          2,
          bare -> {
            hook(bare);
            list(bare, total - NEW);
          });
      compare(
          table,
          scale,
          store,
          "100 new with bodies",
          poll(total - NEW, "&include=headers,body", ""),
          200,
          3,
          bare -> {
            hook(bare);
            list(bare, total - NEW);
            bodies(bare, total - NEW);
          });
    }
    return table;
  }

  /** One capture is saved; the server makes the others of it. */
  private static void fill(Store store, int total) throws SQLException {
    try (Database database = store.ownDatabase()) {
      var _ = Store.writer(database).save(new Rows().next(1, 1), Store.deadline());
    }
    store.execute(
        """
        INSERT INTO captures (hook_id, seq, capture_id, received_at, method, path, query, head,
          body_enc, body_size, body_sha256, body)
        SELECT hook_id, n, gen_random_uuid(), received_at, method, path, query, head, body_enc,
          body_size, body_sha256, body
        FROM captures CROSS JOIN generate_series(2, %d) AS n
        """
            .formatted(total),
        "UPDATE hooks SET last_seq = " + total,
        // Other hooks, too: a table of one row would be scanned, not read by its keys.
        """
        INSERT INTO hooks (hook_id, expires_at, last_seq, floor_seq, swept_seq, evicted_count,
          deleted_count, dropped_count, available_bytes, due_at)
        SELECT gen_random_uuid(), now(), 0, 0, 0, 0, 0, 0, 0, now() FROM generate_series(1, 10000)
        """,
        """
        INSERT INTO bodies (hook_id, seq, body)
        SELECT gen_random_uuid(), 1, 'x' FROM generate_series(1, 10000)
        """,
        "VACUUM ANALYZE bodies",
        "VACUUM ANALYZE captures",
        "VACUUM ANALYZE hooks");
    store.checkpoint();
  }

  @FunctionalInterface
  private interface Bare {
    void run(Connection connection) throws SQLException;
  }

  private static void compare(
      Table table,
      Scale scale,
      Store store,
      String what,
      byte[] event,
      int status,
      int reads,
      Bare bare)
      throws Exception {
    int calls = scale.of(300, 3);
    awaitStatistics(store);
    long before = reads(store);
    long scansBefore = scans(store);
    try (Database database = store.ownDatabase()) {
      ApiHandler api = ReaderCalls.handler(database);
      for (int i = 0; i < calls; i++) {
        ReaderCalls.call(api, event, status);
      }
    }
    awaitStatistics(store);
    double perCall = (double) (reads(store) - before) / calls;
    long scans = scans(store) - scansBefore;

    try (Database database = store.ownDatabase();
        Connection connection = store.connect()) {
      ApiHandler api = ReaderCalls.handler(database);
      Comparison p95 =
          Comparison.of(
              // Before these rounds the compiler is at work beside it, on as many cores.
              scale.of(12, 0),
              scale.of(11, 1),
              () -> p95(calls, () -> ReaderCalls.call(api, event, status)),
              () -> p95(calls, () -> bare.run(connection)));
      double difference = p95.ourMedian() - p95.referenceMedian();
      table.row(what + ": reads by primary key", perCall, Goal.atMost(reads));
      table.row(what + ": reads of another kind", (double) scans, Goal.atMost(0));
      table.row(
          what + ": p95, difference in ms",
          Table.number(p95.ourMedian()) + " ms",
          "bare JDBC, " + Table.number(p95.referenceMedian()) + " ms",
          difference,
          Goal.atMost(2));
    }
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  /** Milliseconds. */
  private static double p95(int calls, Call call) throws Exception {
    double[] times = new double[calls];
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      call.run();
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    return Comparison.quantile(times, 0.95);
  }

  /**
   * Scans of primary keys, by the server's own statistics; bodies are found with their captures.
   */
  private static long reads(Store store) throws SQLException {
    return store.number(
        """
        SELECT sum(idx_scan) FROM pg_stat_user_indexes
        WHERE indexrelname IN ('hooks_pkey', 'captures_pkey')
        """);
  }

  /** Scans of whole tables, and of other indexes. */
  private static long scans(Store store) throws SQLException {
    return store.number(
        """
        SELECT (SELECT sum(seq_scan) FROM pg_stat_user_tables
            WHERE relname IN ('hooks', 'captures', 'bodies'))
          + (SELECT sum(idx_scan) FROM pg_stat_user_indexes
            WHERE indexrelname IN ('hooks_due', 'captures_once'))
        """);
  }

  /**
   * A connection's reads are counted when it has ended, which it does a moment after its end here.
   */
  private static void awaitStatistics(Store store) throws SQLException, InterruptedException {
    while (store.number(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'benchmarks'")
        > 0) {
      Thread.sleep(50);
    }
  }

  private static byte[] poll(long cursor, String more, String etag) {
    return ReaderCalls.list(HOOK, "after=" + cursor + more, etag);
  }

  private static String etag(Store store, int total) throws IOException {
    try (Database database = store.ownDatabase()) {
      String answer = ReaderCalls.call(ReaderCalls.handler(database), poll(total, "", ""), 200);
      return answer
          .replaceFirst("(?s).*\"etag\":\"((?:[^\"\\\\]|\\\\.)*)\".*", "$1")
          .replace("\\\"", "\"");
    }
  }

  private static void hook(Connection connection) throws SQLException {
    try (PreparedStatement read = connection.prepareStatement(READ_HOOK)) {
      read.setObject(1, HOOK.uid().value());
      readAll(read, 9);
    }
  }

  private static void list(Connection connection, long cursor) throws SQLException {
    try (PreparedStatement list = connection.prepareStatement(LIST)) {
      list.setObject(1, HOOK.uid().value());
      list.setLong(2, cursor);
      list.setObject(3, oldest());
      list.setInt(4, NEW + 1);
      readAll(list, 11);
    }
  }

  private static void bodies(Connection connection, long cursor) throws SQLException {
    Long[] numbers = new Long[NEW];
    for (int i = 0; i < NEW; i++) {
      numbers[i] = cursor + 1 + i;
    }
    try (PreparedStatement read = connection.prepareStatement(BODIES)) {
      read.setObject(1, HOOK.uid().value());
      read.setLong(2, 0);
      read.setObject(3, oldest());
      read.setArray(4, connection.createArrayOf("int8", numbers));
      readAll(read, 5);
    }
  }

  private static OffsetDateTime oldest() {
    return Captures.RECEIVED_AT.minusSeconds(1).atOffset(ZoneOffset.UTC);
  }

  private static void readAll(PreparedStatement statement, int columns) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          var _ = rows.getBytes(i);
        }
      }
    }
  }
}
