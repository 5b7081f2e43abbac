package dev.hookwell.store;

import dev.hookwell.capture.Capture;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
import java.util.TreeMap;
import java.util.UUID;

/** Saves captures. Saving one again, at any time, changes nothing. Thread-safe. */
public final class CaptureWriter {
  /** What the captures of one statement may take of the 4 MiB that a statement may have. */
  static final int LARGEST_STATEMENT = 4 * 1024 * 1024 - 64 * 1024;

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

  private record Key(UUID hook, UUID capture) {
    static Key of(Capture capture) {
      return new Key(capture.hook().random(), capture.id());
    }
  }

  /**
   * Saves the captures, in order of receipt; in one round trip when all are new and together below
   * 4 MiB.
   *
   * @param deadline after which nothing is started; a statement that runs then is given up
   * @return one outcome a capture, in the batch's order
   * @throws StoreUnavailableException when the database failed: the whole batch has to come back
   * @throws StoreClashException when it refused a number twice: the same, and an alarm
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

    List<SaveOutcome> result = new ArrayList<>(batch.size());
    for (Capture capture : batch) {
      Key key = Key.of(capture);
      SaveOutcome outcome = outcomes.getOrDefault(key, SaveOutcome.RETRY_LATER);
      result.add(outcome);
      if (outcome == SaveOutcome.STORED) {
        outcomes.put(key, SaveOutcome.REPEATED);
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

  /** Cuts before what would make a statement too long; a single capture is never cut. */
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
    if (!clock.instant().isBefore(deadline)) {
      // No outcome: to come again.
      return;
    }
    try {
      Map<UUID, SaveStatement.Numbered> numbered =
          retries.until(
              deadline,
              () ->
                  database.call(connection -> {
                    giveUpAt(deadline, connection);
                    return statement.run(connection, chunk, clock.instant());
                  }));
      TreeMap<UUID, List<EncodedCapture>> byHook = new TreeMap<>();
      chunk.forEach(c -> byHook.computeIfAbsent(c.hook(), hook -> new ArrayList<>()).add(c));
      for (Map.Entry<UUID, List<EncodedCapture>> sent : byHook.entrySet()) {
        SaveStatement.Numbered got =
            numbered.getOrDefault(sent.getKey(), SaveStatement.Numbered.NONE);
        if (got.count() == sent.getValue().size()) {
          sent.getValue().forEach(c -> outcomes.put(Key.of(c.capture()), SaveOutcome.STORED));
        } else {
          lookUp(sent.getKey(), sent.getValue(), got, deadline, outcomes);
        }
      }
    } catch (SQLException e) {
      switch (SqlFailure.of(e)) {
        case RETRY -> {
          // No outcome: to come again.
        }
        case POISON -> isolate(chunk, deadline, outcomes);
        case CLASH, OUTAGE -> throw Retries.asUnchecked(e);
      }
    }
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

  /** Finds out which captures of a hook were not new, and why. */
  private void lookUp(
      UUID hook,
      List<EncodedCapture> sent,
      SaveStatement.Numbered got,
      Instant deadline,
      Map<Key, SaveOutcome> outcomes)
      throws SQLException {
    Map<UUID, Long> saved =
        retries.until(
            deadline,
            () ->
                database.call(connection -> {
                  giveUpAt(deadline, connection);
                  return saved(connection, hook, sent);
                }));
    int dropped = 0;
    for (EncodedCapture capture : sent) {
      Long seq = saved.get(capture.id());
      if (seq == null) {
        dropped++;
      }
      outcomes.put(
          Key.of(capture.capture()),
          seq == null
              ? SaveOutcome.DROPPED
              : got.gaveOut(seq) ? SaveOutcome.STORED : SaveOutcome.REPEATED);
    }
    if (dropped > 0) {
      countDropped(hook, dropped, deadline);
    }
  }

  private static Map<UUID, Long> saved(
      Connection connection, UUID hook, List<EncodedCapture> captures) throws SQLException {
    Array ids =
        connection.createArrayOf(
            "uuid", captures.stream().map(EncodedCapture::id).toArray(UUID[]::new));
    try (PreparedStatement find = connection.prepareStatement(Sql.SAVED)) {
      find.setObject(1, hook);
      find.setArray(2, ids);
      try (ResultSet rows = find.executeQuery()) {
        Map<UUID, Long> saved = new HashMap<>();
        while (rows.next()) {
          saved.put(rows.getObject(2, UUID.class), rows.getLong(1));
        }
        return saved;
      }
    }
  }

  private void countDropped(UUID hook, int dropped, Instant deadline) throws SQLException {
    retries.until(
        deadline,
        () ->
            database.call(connection -> {
              giveUpAt(deadline, connection);
              try (PreparedStatement count = connection.prepareStatement(Sql.COUNT_DROPPED)) {
                count.setLong(1, dropped);
                count.setObject(2, hook);
                return count.executeUpdate();
              }
            }));
  }

  /** Shortens the wait for an answer to what is left; the pool undoes it. */
  private void giveUpAt(Instant deadline, Connection connection) throws SQLException {
    Duration left = Duration.between(clock.instant(), deadline);
    if (left.compareTo(database.settings().socketTimeout()) < 0) {
      connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, left.toMillis()));
    }
  }
}
