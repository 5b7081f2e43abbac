package dev.hookwell.store;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.StoredHead;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads hooks and captures: only captures that are neither deleted, evicted nor expired. Read the
 * hook first and hand it on: the other calls begin at its floor. A next cursor is the last number
 * that a list gave, or else the caller's own; never the hook's {@code lastSeq}, which was read
 * before the list and so may be of another moment. Every call throws {@link
 * StoreUnavailableException} when the database failed. Thread-safe.
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

  /** The hook's row; empty while nothing was stored and the hook was not deleted. */
  public Optional<HookState> hook(HookUid hook) {
    return query(
        Sql.READ_HOOK.row(to -> to.setUuid("hook", hook.value()), row -> hookState(hook, row)));
  }

  /**
   * Captures with a number above the cursor, ascending: as many as are asked for, and no more once
   * their rows have so many bytes.
   */
  public CaptureList listAfter(HookState hook, long cursor, int limit, long bytes) {
    long after = Math.max(cursor, hook.floorSeq());
    return list(hook, limit, bytes, Sql.LIST_AFTER, to -> to.setLong("after", after));
  }

  /** The same below the cursor, descending. */
  public CaptureList listBefore(HookState hook, long cursor, int limit, long bytes) {
    return list(
        hook,
        limit,
        bytes,
        Sql.LIST_BEFORE,
        to -> to.setLong("after", hook.floorSeq()).setLong("before", cursor));
  }

  private CaptureList list(
      HookState hook, int limit, long bytes, NamedStatement list, NamedStatement.Bind range) {
    record Listed(StoredCapture capture, long found, Instant oldest) {}
    // One more tells whether there are more.
    int rowLimit = limit == Integer.MAX_VALUE ? limit : limit + 1;
    List<Listed> rows =
        query(
            list.rows(
                to -> {
                  range.to(to);
                  to.setUuid("hook", hook.hook().value())
                      .setTime("oldest", oldest())
                      .setInt("limit", rowLimit)
                      .setLong("bytes", bytes);
                },
                row ->
                    new Listed(
                        storedCapture(hook.hook(), row),
                        row.getLong("found"),
                        Utc.read(row, "oldest"))));
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
            Sql.FIND_SEQ.row(
                to -> to.setUuid("hook", hook.hook().value()).setUuid("id", captureId),
                row -> row.getLong("seq")))
        .flatMap(seq -> bySeq(hook, seq));
  }

  /** The lowest number that is still available. */
  public OptionalLong firstSeq(HookState hook) {
    return query(Sql.FIRST_SEQ.row(to -> setAvailable(to, hook), row -> row.getLong("seq")))
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
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
            Sql.READ_BODIES.rows(
                to -> setAvailable(to, hook).setLongs("seqs", seqs, seq -> seq),
                row -> new Numbered(row.getLong("seq"), capturedBody(row))))
        .forEach(read -> read.body().ifPresent(body -> bodies.put(read.seq(), body)));
    return bodies;
  }

  private <T> T query(Database.Work<T> read) {
    return retries.within(BUDGET, database, read);
  }

  /** Sets the hook and the bounds below which a capture is evicted or expired. */
  private Parameters setAvailable(Parameters to, HookState hook) throws SQLException {
    return to.setUuid("hook", hook.hook().value())
        .setLong("floor", hook.floorSeq())
        .setTime("oldest", oldest());
  }

  private Instant oldest() {
    return clock.instant().minus(limits.captureLife());
  }

  private static HookState hookState(HookUid hook, ResultSet row) throws SQLException {
    return new HookState(
        hook,
        Utc.read(row, "expires_at"),
        row.getLong("last_seq"),
        row.getLong("floor_seq"),
        row.getLong("evicted_count"),
        row.getLong("deleted_count"),
        row.getLong("dropped_count"),
        row.getLong("available_bytes"),
        Utc.readOptional(row, "cleared_at"),
        Utc.readOptional(row, "deleted_at"));
  }

  private static StoredCapture storedCapture(HookUid hook, ResultSet row) throws SQLException {
    return new StoredCapture(
        hook,
        row.getLong("seq"),
        row.getObject("capture_id", UUID.class),
        Utc.read(row, "received_at"),
        Utc.read(row, "stored_at"),
        text(row, "method"),
        text(row, "path"),
        text(row, "query"),
        StoredHead.fromBytes(row.getBytes("head")),
        BodyEncoding.ofCode(row.getInt("body_enc")),
        row.getLong("body_size"),
        Sha256.fromBytes(row.getBytes("body_sha256")));
  }

  /** Nothing when the row was swept of its body while it was read. */
  private static Optional<CapturedBody> capturedBody(ResultSet row) throws SQLException {
    byte @Nullable [] data = row.getBytes("body");
    return data == null
        ? Optional.empty()
        : Optional.of(
            new CapturedBody(
                BodyEncoding.ofCode(row.getInt("body_enc")),
                Body.copyOf(data),
                row.getLong("body_size"),
                Sha256.fromBytes(row.getBytes("body_sha256"))));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    return new String(row.getBytes(column), StandardCharsets.UTF_8);
  }
}
