package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import dev.hookwell.local.Client;
import dev.hookwell.local.queue.OutboxTexts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The captures that were sent, acknowledged, read and given up, compared with the content of the
 * outbox's and the database's disks.
 */
final class Ledger {
  /** Where an envelope has its capture's id. */
  private static final String ID = "\"id\":\"";

  private final FaultySystem system;

  /** The SHA-256 of an attempt's body, by the number that its query carries. */
  private final Map<Long, String> attempts = new ConcurrentHashMap<>();

  /** The hook of each acknowledged capture. */
  private final Map<UUID, HookUid> acknowledged = new ConcurrentHashMap<>();

  /** The status that the sender of each acknowledged capture got. */
  private final Map<UUID, Integer> told = new ConcurrentHashMap<>();

  /** The counted steps of all scripts, by the body that they answer with. */
  private final Map<String, CountedStep> steps = new ConcurrentHashMap<>();

  /** Captures that their owner gave up while they may still have been on their way. */
  private final Set<UUID> released = new HashSet<>();

  private final Map<HookUid, Book> books = new HashMap<>();

  /** Captures whose message was seen, by the message's id. */
  private int checks;

  Ledger(FaultySystem system) {
    this.system = system;
  }

  /** One hook's. */
  private static final class Book {
    /** The number of every capture that was ever stored. */
    private final Map<UUID, Long> stored = new HashMap<>();

    private final Map<Long, Long> attemptOfSeq = new HashMap<>();
    private final List<Reader> readers = List.of(new Reader(), new Reader(), new Reader());
    private final Set<Long> deleted = new HashSet<>();
    private long lastSeq;
    private long floor;
    private long evicted;
  }

  /** Goes on from the last number it was given, and records the numbers that it got. */
  static final class Reader {
    private final Set<Long> got = new HashSet<>();
    private long cursor;

    long cursor() {
      return cursor;
    }
  }

  /** A step of a script, and how often it answered. */
  private static final class CountedStep {
    private final HookUid hook;
    private final int times;
    private final AtomicInteger served = new AtomicInteger();
    private int beginnings = 1;

    private CountedStep(HookUid hook, int times) {
      this.hook = hook;
      this.times = times;
    }
  }

  /**
   * @param sha256 of the body's bytes in the database, if they are plain; else the row's own value
   */
  private record Row(long seq, UUID id, boolean deleted, String query, String sha256) {}

  private record Hook(long lastSeq, long floor, long evicted, long deleted) {}

  static HookUid key(Client.Hook hook) {
    return HookId.parse(hook.id()).orElseThrow().uid();
  }

  void hook(Client.Hook hook) {
    books.put(key(hook), new Book());
  }

  void attempted(long number, byte[] body) {
    attempts.put(number, Client.sha256(body));
  }

  void acknowledged(Client.Hook hook, String captureId) {
    HookUid before = acknowledged.put(UUID.fromString(captureId), key(hook));
    assertTrue(before == null, "one id for two requests: " + captureId);
  }

  /** A response that a sender got. */
  void told(String captureId, int status, String body) {
    told.put(UUID.fromString(captureId), status);
    CountedStep step = steps.get(body);
    if (step != null) {
      int served = step.served.incrementAndGet();
      assertTrue(
          served <= step.times * step.beginnings,
          () -> body + " answered " + served + " times, begun " + step.beginnings + " times");
    }
  }

  /**
   * A script that a hook may get.
   *
   * @return the body of its counted step, which no other script has
   */
  String script(Client.Hook hook, int times) {
    String body = "script " + steps.size();
    steps.put(body, new CountedStep(key(hook), times));
    return body;
  }

  /** The script of the hook begins again, if that is done; which it has may not be known. */
  void scriptMayBegin(Client.Hook hook) {
    HookUid key = key(hook);
    steps.values().stream()
        .filter(step -> step.hook.equals(key))
        .forEach(step -> step.beginnings++);
  }

  /** How often counted steps answered. */
  int servedByCountedSteps() {
    return steps.values().stream().mapToInt(step -> step.served.get()).sum();
  }

  int acknowledgedCount() {
    return acknowledged.size();
  }

  int checks() {
    return checks;
  }

  /** Captures that were acknowledged for this hook need not be stored any more. */
  void release(Client.Hook hook) {
    HookUid key = key(hook);
    acknowledged.forEach((id, of) -> {
      if (of.equals(key)) {
        released.add(id);
      }
    });
  }

  List<Reader> readers(Client.Hook hook) {
    return book(key(hook)).readers;
  }

  /** A stored number of the hook, to delete; 0 when there is none. */
  long lastSeq(Client.Hook hook) {
    return book(key(hook)).lastSeq;
  }

  private Book book(HookUid hook) {
    return Objects.requireNonNull(books.get(hook));
  }

  /** Takes a page that a reader got, and compares it with the captures that it should hold. */
  void read(Client.Hook hook, Reader reader, JsonNode page) {
    Book book = book(key(hook));
    long from = reader.cursor;
    long last = from;
    for (JsonNode capture : page.get("captures")) {
      long seq = capture.get("seq").longValue();
      assertTrue(seq > last, "not in order: " + seq + " after " + last);
      last = seq;
      assertTrue(reader.got.add(seq), "read twice: " + seq);
      UUID id = UUID.fromString(capture.get("id").textValue());
      book.stored.putIfAbsent(id, seq);
      int status = capture.at("/response/status").asInt(200);
      assertEquals(told.getOrDefault(id, status), status, "its sender was told otherwise");
      long attempt = number(capture.get("query").textValue());
      assertEquals(attempts.get(attempt), capture.get("bodySha256").textValue(), "changed");
    }
    assertEquals(last, page.get("next").longValue());
    for (long seq = from + 1; seq <= last; seq++) {
      assertTrue(
          reader.got.contains(seq) || seq <= book.floor || book.deleted.contains(seq),
          "a reader at " + from + " was not shown " + seq);
    }
    reader.cursor = last;
  }

  /** Everything that has to hold at any time at which the database can be asked. */
  void check() throws SQLException {
    checks++;
    assertEquals(List.of(), system.damage());
    try (Connection connection = system.connect()) {
      // One snapshot for all: a server that was held may still finish statements that nobody waits
      // for.
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      for (Map.Entry<HookUid, Book> one : books.entrySet()) {
        check(connection, one.getKey(), one.getValue());
      }
      ObjectsOnDisk.assertNoRowPointsToNothing(connection, system.bodies());
    }
    Set<UUID> missing = missing();
    assertTrue(missing.isEmpty(), "acknowledged and lost: " + missing);
  }

  private Set<UUID> missing() {
    Set<UUID> missing = new HashSet<>();
    acknowledged.forEach((id, hook) -> {
      if (!released.contains(id) && !book(hook).stored.containsKey(id)) {
        missing.add(id);
      }
    });
    if (!missing.isEmpty()) {
      missing.removeAll(queued());
    }
    return missing;
  }

  private void check(Connection connection, HookUid key, Book book) throws SQLException {
    Hook hook = hook(connection, key);
    List<Row> rows = rows(connection, key);
    long furthestCursor = book.readers.stream().mapToLong(Reader::cursor).max().orElse(0);
    long live = 0;
    long next = hook.floor() + 1;
    for (Row row : rows) {
      Long known = book.stored.putIfAbsent(row.id(), row.seq());
      if (known == null) {
        assertTrue(
            row.seq() > furthestCursor,
            row.seq() + " came into being behind a reader at " + furthestCursor);
      } else if (known != row.seq()) {
        // A capture that the quota evicted, and that is delivered once more, is a new one.
        assertTrue(known <= hook.floor(), "stored twice: " + known + " and " + row.seq());
        book.stored.put(row.id(), row.seq());
      }
      if (row.deleted()) {
        book.deleted.add(row.seq());
      } else {
        assertTrue(!book.deleted.contains(row.seq()), "deleted and back: " + row.seq());
        Long attempt = number(row.query());
        assertEquals(
            attempts.get(attempt), row.sha256(), () -> "never attempted, or changed: " + row);
        Long other = book.attemptOfSeq.put(row.seq(), attempt);
        assertTrue(other == null || other.equals(attempt), "changed: " + row.seq());
      }
      if (row.seq() > hook.floor()) {
        assertEquals(next++, row.seq(), "a hole, or a number twice");
        live += row.deleted() ? 0 : 1;
      }
    }
    assertEquals(hook.lastSeq() + 1, Math.max(next, hook.floor() + 1), "the last number");
    assertEquals(hook.lastSeq() - hook.evicted() - hook.deleted(), live, "the counts of " + key);
    assertTrue(hook.lastSeq() >= book.lastSeq && hook.floor() >= book.floor, "went back");
    assertTrue(hook.evicted() >= book.evicted);
    book.lastSeq = hook.lastSeq();
    book.floor = hook.floor();
    book.evicted = hook.evicted();
  }

  /** That nothing is missing at the end: every reader has read each capture that is there. */
  void assertReadersMissedNothing(Client.Hook hook) {
    Book book = book(key(hook));
    for (Reader reader : book.readers) {
      for (long seq = book.floor + 1; seq <= book.lastSeq; seq++) {
        assertTrue(reader.got.contains(seq) || book.deleted.contains(seq), "missed " + seq);
      }
    }
  }

  /** That every acknowledged capture which nobody gave up was stored. */
  void assertAllStored() {
    Set<UUID> missing = new HashSet<>();
    acknowledged.forEach((id, hook) -> {
      if (!released.contains(id) && !book(hook).stored.containsKey(id)) {
        missing.add(id);
      }
    });
    assertEquals(Set.of(), missing, "never stored");
  }

  /**
   * Bodies that lie apart although their captures were stored or acknowledged, and no row points to
   * them any more. One that was put and whose message was not taken waits for its time to end.
   */
  Set<UUID> objectsThatOutliveTheirRows() throws SQLException {
    Set<UUID> objects = ObjectsOnDisk.withoutRow(system);
    objects.removeIf(id ->
        !acknowledged.containsKey(id)
            && books.values().stream().noneMatch(book -> book.stored.containsKey(id)));
    return objects;
  }

  private static long number(String query) {
    return Long.parseLong(query.substring("n=".length()));
  }

  private static Hook hook(Connection connection, HookUid key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT last_seq, floor_seq, evicted_count, deleted_count"
                + " FROM hooks WHERE hook_id = ?")) {
      select.setObject(1, key.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? new Hook(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))
            : new Hook(0, 0, 0, 0);
      }
    }
  }

  private static List<Row> rows(Connection connection, HookUid key) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT c.seq, c.capture_id, c.deleted_at IS NOT NULL, convert_from(c.query, 'UTF8'),
              encode(CASE WHEN c.body_enc = %d THEN sha256(coalesce(c.body, b.body, ''))
                          ELSE c.body_sha256 END, 'hex')
            FROM captures AS c
            LEFT JOIN bodies AS b ON b.hook_id = c.hook_id AND b.seq = c.seq
            WHERE c.hook_id = ? ORDER BY c.seq
            """
                .formatted(BodyEncoding.PLAIN.code()))) {
      select.setObject(1, key.value());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(
              new Row(
                  row.getLong(1),
                  row.getObject(2, UUID.class),
                  row.getBoolean(3),
                  row.getString(4),
                  row.getString(5)));
        }
      }
    }
    return rows;
  }

  /** The captures whose messages are in the file of the outbox, dead letters included. */
  Set<UUID> queued() {
    Set<UUID> captures = new HashSet<>();
    for (String message : OutboxTexts.all(system.outbox())) {
      int id = message.indexOf(ID) + ID.length();
      if (id >= ID.length()) {
        captures.add(UUID.fromString(message.substring(id, id + 36)));
      }
    }
    return captures;
  }
}
