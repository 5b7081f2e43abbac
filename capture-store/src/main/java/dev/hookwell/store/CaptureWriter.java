package dev.hookwell.store;

import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.HookUid;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Saves captures. Saving one again, at any time, changes nothing. Thread-safe. */
public final class CaptureWriter {
  /** The most bytes of captures in one statement, which may have 4 MiB in all. */
  static final int LARGEST_STATEMENT = 4 * 1024 * 1024 - 64 * 1024;

  private static final NamedStatement COUNT_AND_ADD = Sql.COUNT_DROPPED.then(ObjectSql.ADD_GONE);

  private static final Comparator<EncodedCapture> ORDER =
      Comparator.<EncodedCapture, Instant>comparing(c -> c.capture().receivedAt())
          .thenComparing(EncodedCapture::id);

  private final Database database;
  private final HookLimits limits;
  private final Clock clock;
  private final Retries retries;
  private final SaveStatement statement;

  public CaptureWriter(Database database, HookLimits limits, Clock clock, Retries retries) {
    this.database = database;
    this.limits = limits;
    this.clock = clock;
    this.retries = retries;
    this.statement = new SaveStatement(limits);
  }

  private record Key(HookUid hook, UUID capture) {
    static Key of(Capture capture) {
      return new Key(capture.hook().uid(), capture.id());
    }
  }

  /**
   * Saves the captures, in order of receipt; in one round trip when all are new, none of their
   * hooks was cleared or deleted meanwhile, and together they are below 4 MiB.
   *
   * @param deadline after which nothing is started; a statement that runs then is given up
   * @return one outcome a capture, in the batch's order
   * @throws StoreUnavailableException when the database failed: the whole batch has to come back
   * @throws StoreClashException when it refused captures twice, for no reason that can be found:
   *     the same, and an alarm
   */
  public List<SaveOutcome> save(List<Capture> batch, Instant deadline) {
    Map<Key, SaveOutcome> outcomes = new HashMap<>();
    List<EncodedCapture> captures = new ArrayList<>();
    Instant now = clock.instant();
    for (Capture capture : firsts(batch).values()) {
      if (isOver(capture, now)) {
        outcomes.put(Key.of(capture), SaveOutcome.EXPIRED);
      } else {
        captures.add(EncodedCapture.of(capture));
      }
    }
    captures.sort(ORDER);
    for (List<EncodedCapture> chunk : cut(captures)) {
      saveChunk(chunk, deadline, outcomes);
    }
    settle(List.copyOf(firsts(batch).values()), deadline, outcomes);

    List<SaveOutcome> result = new ArrayList<>(batch.size());
    for (Capture capture : batch) {
      Key key = Key.of(capture);
      SaveOutcome outcome = outcomes.getOrDefault(key, SaveOutcome.RETRY_LATER);
      result.add(outcome);
      if (outcome == SaveOutcome.STORED) {
        outcomes.put(key, SaveOutcome.DUPLICATE);
      }
    }
    return List.copyOf(result);
  }

  private static Map<Key, Capture> firsts(List<Capture> batch) {
    Map<Key, Capture> firsts = new LinkedHashMap<>();
    batch.forEach(capture -> firsts.putIfAbsent(Key.of(capture), capture));
    return firsts;
  }

  /**
   * Nobody could read it any more; and the row of a hook that ended must not come into being again,
   * since it would start at 1.
   */
  private boolean isOver(Capture capture, Instant now) {
    return !capture.receivedAt().plus(limits.captureLife()).isAfter(now)
        || !capture.hook().expiresAt().isAfter(now);
  }

  /** Cuts before a capture that would make a statement too long; a capture itself is never cut. */
  static List<List<EncodedCapture>> cut(List<EncodedCapture> captures) {
    List<List<EncodedCapture>> chunks = new ArrayList<>();
    int start = 0;
    int size = 0;
    for (int i = 0; i < captures.size(); i++) {
      int next = captures.get(i).size();
      if (size > 0 && size + next > LARGEST_STATEMENT) {
        chunks.add(captures.subList(start, i));
        start = i;
        size = 0;
      }
      size += next;
    }
    if (start < captures.size()) {
      chunks.add(captures.subList(start, captures.size()));
    }
    return chunks;
  }

  private void saveChunk(
      List<EncodedCapture> chunk, Instant deadline, Map<Key, SaveOutcome> outcomes) {
    List<EncodedCapture> left = chunk;
    boolean unexplained = false;
    try {
      // A capture that is left at the deadline has no outcome: it has to come again.
      while (!left.isEmpty() && clock.instant().isBefore(deadline)) {
        List<EncodedCapture> next = saveOnce(left, unexplained, deadline, outcomes);
        unexplained = next.size() == left.size();
        left = next;
      }
    } catch (SQLException e) {
      switch (SqlFailure.of(e)) {
        case RETRY -> {
          // No outcome: to come again.
        }
        case POISON -> isolate(left, deadline, outcomes);
        case CLASH, OUTAGE -> throw Retries.asUnchecked(e);
      }
    }
  }

  /**
   * Tries it once.
   *
   * @param unexplained whether the same captures were refused before, and nothing said why:
   *     retention may have swept a duplicate between the two statements, but not twice
   * @return the captures that are left: those that could be saved without the others
   */
  private List<EncodedCapture> saveOnce(
      List<EncodedCapture> captures,
      boolean unexplained,
      Instant deadline,
      Map<Key, SaveOutcome> outcomes)
      throws SQLException {
    Set<HookUid> saved = Set.of();
    SQLException clash = null;
    try {
      saved = call(deadline, statement.save(captures, clock));
    } catch (SQLException e) {
      if (SqlFailure.of(e) != SqlFailure.CLASH) {
        throw e;
      }
      clash = e;
    }
    List<EncodedCapture> refused = new ArrayList<>();
    for (EncodedCapture capture : captures) {
      if (saved.contains(capture.hook())) {
        outcomes.put(Key.of(capture.capture()), SaveOutcome.STORED);
      } else {
        refused.add(capture);
      }
    }
    if (refused.isEmpty() || !clock.instant().isBefore(deadline)) {
      return refused;
    }
    List<EncodedCapture> left = sift(refused, deadline, outcomes);
    if (unexplained && left.size() == captures.size()) {
      throw new StoreClashException("captures were refused, and nothing says why", clash);
    }
    return left;
  }

  /** Halves the chunk until the capture at fault stands alone; the others are stored. */
  private void isolate(
      List<EncodedCapture> chunk, Instant deadline, Map<Key, SaveOutcome> outcomes) {
    if (chunk.size() == 1) {
      outcomes.put(Key.of(chunk.getFirst().capture()), SaveOutcome.POISON);
      return;
    }
    int middle = chunk.size() / 2;
    saveChunk(chunk.subList(0, middle), deadline, outcomes);
    saveChunk(chunk.subList(middle, chunk.size()), deadline, outcomes);
  }

  /**
   * Finds out which of them cannot be saved: those that are there already, and those that their
   * hook's owner wants gone.
   *
   * @return the others
   */
  private List<EncodedCapture> sift(
      List<EncodedCapture> refused, Instant deadline, Map<Key, SaveOutcome> outcomes)
      throws SQLException {
    List<Long> positions = LongStream.range(0, refused.size()).boxed().toList();
    record Reason(int position, SaveOutcome outcome) {}
    Map<Integer, SaveOutcome> reasons = new HashMap<>();
    call(
            deadline,
            Sql.REFUSED.rows(
                to ->
                    to.setLongs("positions", positions, position -> position)
                        .setUuids("hooks", refused, capture -> capture.hook().value())
                        .setUuids("ids", refused, EncodedCapture::id)
                        .setLongs("received", refused, EncodedCapture::receivedMicros),
                row ->
                    new Reason(
                        row.getInt("ord"),
                        row.getBoolean("stored") ? SaveOutcome.DUPLICATE : SaveOutcome.DROPPED)))
        .forEach(reason -> reasons.put(reason.position(), reason.outcome()));
    List<EncodedCapture> left = new ArrayList<>();
    for (int i = 0; i < refused.size(); i++) {
      SaveOutcome reason = reasons.get(i);
      if (reason == null) {
        left.add(refused.get(i));
      } else {
        outcomes.put(Key.of(refused.get(i).capture()), reason);
      }
    }
    return left;
  }

  /**
   * Counts the captures of deleted hooks, and marks the objects of all captures that are not stored
   * for deletion. It does so at the end, for all in one transaction: no capture is counted that
   * comes again with the batch.
   */
  private void settle(List<Capture> captures, Instant deadline, Map<Key, SaveOutcome> outcomes) {
    SortedMap<HookUid, Long> dropped = new TreeMap<>();
    List<Capture> gone = new ArrayList<>();
    for (Capture capture : captures) {
      SaveOutcome outcome = outcomes.get(Key.of(capture));
      if (outcome == SaveOutcome.DROPPED) {
        dropped.merge(capture.hook().uid(), 1L, Long::sum);
      }
      if (leavesObject(capture, outcome)) {
        gone.add(capture);
      }
    }
    if ((!dropped.isEmpty() || !gone.isEmpty()) && !settle(dropped, gone, deadline)) {
      for (Capture capture : captures) {
        SaveOutcome outcome = outcomes.get(Key.of(capture));
        if (outcome == SaveOutcome.DROPPED || leavesObject(capture, outcome)) {
          outcomes.remove(Key.of(capture));
        }
      }
    }
  }

  private static boolean leavesObject(Capture capture, @Nullable SaveOutcome outcome) {
    return capture.body().encoding() == BodyEncoding.OBJECT
        && (outcome == SaveOutcome.DROPPED || outcome == SaveOutcome.EXPIRED);
  }

  /** False when there was no time for it. */
  private boolean settle(SortedMap<HookUid, Long> dropped, List<Capture> gone, Instant deadline) {
    if (!clock.instant().isBefore(deadline)) {
      return false;
    }
    List<EncodedCapture> objects = gone.stream().map(EncodedCapture::of).toList();
    NamedStatement settle =
        gone.isEmpty() ? Sql.COUNT_DROPPED : dropped.isEmpty() ? ObjectSql.ADD_GONE : COUNT_AND_ADD;
    try {
      call(
          deadline,
          settle.count(to -> {
            if (!dropped.isEmpty()) {
              to.setUuids("dropped_hooks", dropped.keySet(), HookUid::value)
                  .setLongs("dropped", dropped.values(), number -> number);
            }
            if (!gone.isEmpty()) {
              to.setUuids("gone_hooks", objects, capture -> capture.hook().value())
                  .setUuids("gone_ids", objects, EncodedCapture::id)
                  .setLongs("gone_received", objects, EncodedCapture::receivedMicros);
            }
          }));
      return true;
    } catch (SQLException e) {
      return switch (SqlFailure.of(e)) {
        case RETRY -> false;
        case POISON, CLASH, OUTAGE -> throw Retries.asUnchecked(e);
      };
    }
  }

  /** Repeats it after a conflict, and gives up a response that is awaited at the deadline. */
  private <T> T call(Instant deadline, Database.Work<T> work) throws SQLException {
    return retries.until(
        deadline,
        database,
        connection -> {
          Duration left = Duration.between(clock.instant(), deadline);
          if (left.compareTo(database.settings().socketTimeout()) < 0) {
            // The pool undoes it.
            connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, left.toMillis()));
          }
          return work.run(connection);
        });
  }
}
