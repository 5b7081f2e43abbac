package dev.hookwell.store;

import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.ObjectKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Deletes the objects of captures whose rows are gone: a row first, its object after. Each is
 * remembered in a table until then, and longer: until no message can hold its capture any more.
 */
final class ObjectUpkeep {
  /** How long a message may wait: in the queue, and then as a dead letter. */
  static final Duration LONGEST_WAY = Duration.ofDays(7 + 14);

  /** When to look again at an object whose row should be gone, and is not. */
  private static final Duration LATER = Duration.ofHours(1);

  /** When to try again to delete one that was refused: meanwhile the others have their turn. */
  static final Duration NEXT_TRY = Duration.ofMinutes(10);

  private final Database database;
  private final HookLimits limits;
  private final BodyStore bodies;
  private final int batch;
  private final Clock clock;
  private final Retries retries;

  /**
   * @param batch objects a statement
   */
  ObjectUpkeep(
      Database database,
      HookLimits limits,
      BodyStore bodies,
      int batch,
      Clock clock,
      Retries retries) {
    this.database = database;
    this.limits = limits;
    this.bodies = bodies;
    this.batch = batch;
    this.clock = clock;
    this.retries = retries;
  }

  /**
   * @param held whether a row points to it
   */
  private record Due(ObjectKey key, Instant receivedAt, boolean held) {}

  /** Counts the work of runs. */
  static final class Tally {
    private long deleted;
    private final SortedMap<String, Long> left = new TreeMap<>();

    private void left(String cause, long objects) {
      left.merge(cause, objects, Long::sum);
    }

    long deleted() {
      return deleted;
    }

    /** How many were due and stay, by the cause. */
    SortedMap<String, Long> left() {
      return left;
    }
  }

  /**
   * Deletes the objects that are due, as long as there is time for another call before the
   * deadline. An object that is refused keeps no other from its turn.
   *
   * @return whether nothing is left; false too when the bucket did not delete all
   */
  boolean run(Instant deadline, Tally tally) throws SQLException {
    boolean all = true;
    while (clock.instant().plus(BodyStore.DELETE_PATIENCE).isBefore(deadline)) {
      List<Due> due = due(deadline);
      List<Due> free = due.stream().filter(o -> !o.held()).toList();
      BodyStore.Deletion deletion =
          free.isEmpty()
              ? BodyStore.Deletion.of(Set.of())
              : bodies.delete(free.stream().map(Due::key).toList());
      Set<ObjectKey> gone = deletion.gone();
      tally.deleted += gone.size();
      deletion.refused().values().forEach(cause -> tally.left(cause, 1));
      all &= deletion.refused().isEmpty();
      forget(free.stream().filter(o -> gone.contains(o.key()) && isOver(o)).toList(), deadline);
      postpone(
          due.stream()
              .filter(o ->
                  o.held() || gone.contains(o.key()) || deletion.refused().containsKey(o.key()))
              .toList(),
          gone,
          deadline);
      if (deletion.failure().isPresent()) {
        // Nobody answers. The same objects would come first again.
        tally.left(deletion.failure().get(), free.size() - gone.size() - deletion.refused().size());
        return false;
      }
      if (due.size() < batch) {
        return all;
      }
    }
    return false;
  }

  private Instant end(Due object) {
    Duration life = limits.captureLife();
    return object
        .receivedAt()
        .plus(life.compareTo(LONGEST_WAY) > 0 ? life : LONGEST_WAY)
        .plus(HookUpkeep.GRACE);
  }

  /** Whether nobody can send its capture again. */
  private boolean isOver(Due object) {
    return !end(object).isAfter(clock.instant());
  }

  private List<Due> due(Instant deadline) throws SQLException {
    return retries.until(
        deadline,
        database,
        ObjectSql.DUE.rows(
            to -> to.setTime("now", clock.instant()).setInt("limit", batch),
            row ->
                new Due(ObjectSql.key(row), Utc.read(row, "received_at"), row.getBoolean("held"))));
  }

  private void forget(List<Due> objects, Instant deadline) throws SQLException {
    if (!objects.isEmpty()) {
      retries.until(deadline, database, ObjectSql.FORGET.count(to -> setKeys(to, objects)));
    }
  }

  /** Those that were forgotten are not there, and stay so. */
  private void postpone(List<Due> objects, Set<ObjectKey> gone, Instant deadline)
      throws SQLException {
    if (!objects.isEmpty()) {
      retries.until(
          deadline,
          database,
          ObjectSql.POSTPONE.count(to ->
              setKeys(to, objects)
                  .setLongs("due", objects, o -> Utc.micros(next(o, gone.contains(o.key()))))));
    }
  }

  private Instant next(Due object, boolean gone) {
    if (gone) {
      return end(object);
    }
    return clock.instant().plus(object.held() ? LATER : NEXT_TRY);
  }

  private static Parameters setKeys(Parameters to, List<Due> objects) throws SQLException {
    return ObjectSql.setKeys(to, objects.stream().map(Due::key).toList());
  }
}
