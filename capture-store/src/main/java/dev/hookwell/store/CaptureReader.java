package dev.hookwell.store;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.StoredHead;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads hooks and captures: only what is neither deleted, evicted nor expired. Read the hook first
 * and hand it on: its floor is what the other calls begin at. A next cursor is the last number that
 * a list gave, or else the caller's own; never the hook's {@code lastSeq}, which was read before
 * the list and so may be of another moment. Every call throws {@link StoreUnavailableException}
 * when the database failed. Thread-safe.
 */
public final class CaptureReader {
  private static final Duration BUDGET = Duration.ofSeconds(2);

  private final Database database;
  private final HookLimits limits;
  private final Clock clock;
  private final Retries retries;

  public CaptureReader(Database database, HookLimits limits, Clock clock, Retries retries) {
    this.database = database;
    this.limits = limits;
    this.clock = clock;
    this.retries = retries;
  }

  @FunctionalInterface
  private interface Bind {
    void to(PreparedStatement statement) throws SQLException;
  }

  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The hook's row; empty while nothing was stored and the hook was not deleted. */
  public Optional<HookState> hook(HookUid hook) {
    return query(
            Sql.READ_HOOK, read -> read.setObject(1, hook.value()), row -> hookState(hook, row))
        .stream()
        .findFirst();
  }

  /**
   * Captures with a number above the cursor, ascending: as many as are asked for, and no more once
   * their rows have so many bytes.
   */
  public CaptureList listAfter(HookState hook, long cursor, int limit, long bytes) {
    return list(
        hook,
        limit,
        Sql.LIST_AFTER,
        list -> {
          list.setObject(1, hook.hook().value());
          list.setLong(2, Math.max(cursor, hook.floorSeq()));
          list.setObject(3, oldest());
          list.setInt(4, oneMore(limit));
          list.setLong(5, bytes);
        });
  }

  /** The same below the cursor, descending. */
  public CaptureList listBefore(HookState hook, long cursor, int limit, long bytes) {
    return list(
        hook,
        limit,
        Sql.LIST_BEFORE,
        list -> {
          list.setObject(1, hook.hook().value());
          list.setLong(2, hook.floorSeq());
          list.setLong(3, cursor);
          list.setObject(4, oldest());
          list.setInt(5, oneMore(limit));
          list.setLong(6, bytes);
        });
  }

  /** Which tells whether there are more. */
  private static int oneMore(int limit) {
    return limit == Integer.MAX_VALUE ? limit : limit + 1;
  }

  private CaptureList list(HookState hook, int limit, String sql, Bind bind) {
    record Listed(StoredCapture capture, long found, Instant oldest) {}
    List<Listed> rows =
        query(
            sql,
            bind,
            row -> new Listed(storedCapture(hook.hook(), row), row.getLong(12), instant(row, 13)));
    List<StoredCapture> captures = rows.stream().limit(limit).map(Listed::capture).toList();
    return rows.isEmpty()
        ? CaptureList.EMPTY
        : new CaptureList(
            captures,
            rows.getFirst().found() > captures.size(),
            Optional.of(rows.getFirst().oldest().plus(limits.captureLife())));
  }

  /** Captures with a number above the cursor, ascending, however large they are. */
  public List<StoredCapture> after(HookState hook, long cursor, int limit) {
    return listAfter(hook, cursor, limit, Long.MAX_VALUE).captures();
  }

  /** Captures with a number below the cursor, descending, however large they are. */
  public List<StoredCapture> before(HookState hook, long cursor, int limit) {
    return listBefore(hook, cursor, limit, Long.MAX_VALUE).captures();
  }

  /** The last captures, descending. */
  public List<StoredCapture> newest(HookState hook, int limit) {
    return before(hook, Long.MAX_VALUE, limit);
  }

  public Optional<StoredCapture> latest(HookState hook) {
    return newest(hook, 1).stream().findFirst();
  }

  public Optional<StoredCapture> bySeq(HookState hook, long seq) {
    return seq < 1
        ? Optional.empty()
        : after(hook, seq - 1, 1).stream().filter(c -> c.seq() == seq).findFirst();
  }

  public Optional<StoredCapture> byId(HookState hook, UUID captureId) {
    return query(
            Sql.FIND_SEQ,
            find -> {
              find.setObject(1, hook.hook().value());
              find.setObject(2, captureId);
            },
            row -> row.getLong(1))
        .stream()
        .findFirst()
        .flatMap(seq -> bySeq(hook, seq));
  }

  /** The lowest number that is still available. */
  public OptionalLong firstSeq(HookState hook) {
    return query(
            Sql.FIRST_SEQ,
            find -> {
              find.setObject(1, hook.hook().value());
              find.setLong(2, hook.floorSeq());
              find.setObject(3, oldest());
            },
            row -> row.getLong(1))
        .stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  /** One capture's body as it was enqueued. */
  public Optional<CapturedBody> body(HookState hook, long seq) {
    return Optional.ofNullable(bodies(hook, List.of(seq)).get(seq));
  }

  /** The bodies of these captures as they were enqueued, by number. All are held in memory. */
  public SortedMap<Long, CapturedBody> bodies(HookState hook, Collection<Long> seqs) {
    record Numbered(long seq, Optional<CapturedBody> body) {}
    SortedMap<Long, CapturedBody> bodies = new TreeMap<>();
    query(
            Sql.READ_BODIES,
            read -> {
              read.setObject(1, hook.hook().value());
              read.setLong(2, hook.floorSeq());
              read.setObject(3, oldest());
              read.setArray(
                  4, read.getConnection().createArrayOf("int8", seqs.toArray(Long[]::new)));
            },
            row -> new Numbered(row.getLong(1), capturedBody(row)))
        .forEach(read -> read.body().ifPresent(body -> bodies.put(read.seq(), body)));
    return bodies;
  }

  private <T> List<T> query(String sql, Bind bind, Row<T> row) {
    return retries.within(
        BUDGET,
        () ->
            database.call(connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind.to(statement);
                List<T> rows = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                  while (result.next()) {
                    rows.add(row.read(result));
                  }
                }
                return rows;
              }
            }));
  }

  private OffsetDateTime oldest() {
    return clock.instant().minus(limits.captureLife()).atOffset(ZoneOffset.UTC);
  }

  private static HookState hookState(HookUid hook, ResultSet row) throws SQLException {
    return new HookState(
        hook,
        instant(row, 1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        optionalInstant(row, 8),
        optionalInstant(row, 9));
  }

  private static StoredCapture storedCapture(HookUid hook, ResultSet row) throws SQLException {
    return new StoredCapture(
        hook,
        row.getLong(1),
        row.getObject(2, UUID.class),
        instant(row, 3),
        instant(row, 4),
        text(row, 5),
        text(row, 6),
        text(row, 7),
        StoredHead.fromBytes(row.getBytes(8)),
        BodyEncoding.ofCode(row.getInt(9)),
        row.getLong(10),
        Sha256.fromBytes(row.getBytes(11)));
  }

  /** Nothing when the row was swept of its body while it was read. */
  private static Optional<CapturedBody> capturedBody(ResultSet row) throws SQLException {
    byte @Nullable [] data = row.getBytes(5);
    return data == null
        ? Optional.empty()
        : Optional.of(
            new CapturedBody(
                BodyEncoding.ofCode(row.getInt(2)),
                Body.copyOf(data),
                row.getLong(3),
                Sha256.fromBytes(row.getBytes(4))));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static Optional<Instant> optionalInstant(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return new String(row.getBytes(column), StandardCharsets.UTF_8);
  }
}
