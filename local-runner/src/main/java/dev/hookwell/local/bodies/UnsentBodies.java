package dev.hookwell.local.bodies;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.OutboxException;
import dev.hookwell.store.BodyObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Removes bodies that were put and whose message was never queued: the runner was killed between
 * the two, or the outbox refused the message. No row and no message points to such a body, and none
 * ever will. In the cloud nobody can read the whole queue, so a lifecycle rule removes them. Not
 * thread-safe.
 */
final class UnsentBodies {
  /**
   * How long a body has to be without a row before it may be removed. A request ends within
   * seconds.
   */
  static final Duration CERTAINTY = Duration.ofMinutes(2);

  /** The time until a body is checked again whose message waits. */
  static final Duration LATER = Duration.ofHours(1);

  /**
   * How much later than its last change a file may appear, or how far the clock may be set back.
   */
  static final Duration SLACK = Duration.ofMinutes(10);

  /** How each envelope of ours begins. */
  private static final String START = "{\"v\":1,\"id\":\"";

  private static final int ID_LENGTH = 36;

  private final FolderBodyStore bodies;
  private final Outbox outbox;
  private final BodyObjects rows;
  private final InstantSource wallClock;
  private final InstantSource steady;

  /** Bodies without a row, each with the time from which it may be removed. */
  private final Map<ObjectKey, Instant> untraced = new HashMap<>();

  /** Bodies of an earlier runner: their senders have gone. */
  private Set<ObjectKey> earlier;

  private Instant since;

  /**
   * To be made before the gateway takes requests.
   *
   * @param since bodies put before are left alone
   * @param wallClock the clock of the files' times
   * @param steady a monotonic clock
   */
  UnsentBodies(
      FolderBodyStore bodies,
      Outbox outbox,
      BodyObjects rows,
      Instant since,
      InstantSource wallClock,
      InstantSource steady)
      throws IOException {
    this.bodies = bodies;
    this.outbox = outbox;
    this.rows = rows;
    this.since = since;
    this.wallClock = wallClock;
    this.steady = steady;
    this.earlier = bodies.putSince(since);
  }

  /**
   * Checks the bodies put since the last check. Removes those without a message that have had no
   * row for {@link #CERTAINTY}; those of an earlier runner at once.
   *
   * @return how many were removed
   * @throws IOException when the folder cannot be read
   * @throws dev.hookwell.store.StoreUnavailableException when the database cannot be queried
   * @throws OutboxException when the outbox cannot be read at the moment
   */
  int look() throws IOException {
    Instant start = wallClock.instant();
    Instant now = steady.instant();
    Set<ObjectKey> candidates = bodies.putSince(since);
    candidates.addAll(earlier);
    candidates.addAll(untraced.keySet());
    Set<ObjectKey> unknown = rows.unknown(candidates);
    untraced.keySet().retainAll(unknown);
    for (ObjectKey key : unknown) {
      untraced.putIfAbsent(key, earlier.contains(key) ? now : now.plus(CERTAINTY));
    }
    Set<ObjectKey> due =
        untraced.entrySet().stream()
            .filter(one -> !one.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    int removed = due.isEmpty() ? 0 : remove(due, now);
    earlier = Set.of();
    since = since.isAfter(start.minus(SLACK)) ? since : start.minus(SLACK);
    return removed;
  }

  private int remove(Set<ObjectKey> due, Instant now) {
    Set<ObjectKey> free = withoutMessage(due);
    // A message may have become a row meanwhile.
    free = rows.unknown(free);
    due.forEach(key -> untraced.put(key, now.plus(LATER)));
    Set<ObjectKey> gone = bodies.delete(free).gone();
    untraced.keySet().removeAll(gone);
    return gone.size();
  }

  /**
   * Reads the dead letters twice, since a message that becomes one meanwhile could be missed in
   * both places.
   */
  private Set<ObjectKey> withoutMessage(Collection<ObjectKey> keys) {
    Map<UUID, ObjectKey> left = new HashMap<>();
    keys.forEach(key -> left.put(key.capture(), key));
    try {
      for (boolean dead : new boolean[] {true, false, true}) {
        outbox.read(dead, (_, text) -> strike(new String(text, StandardCharsets.US_ASCII), left));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("its reader writes nothing", e);
    }
    return new HashSet<>(left.values());
  }

  private static void strike(String message, Map<UUID, ObjectKey> left) {
    if (message.startsWith(START) && message.length() > START.length() + ID_LENGTH) {
      try {
        left.remove(UUID.fromString(message.substring(START.length(), START.length() + ID_LENGTH)));
        return;
      } catch (IllegalArgumentException _) {
        // Its id is searched for below.
      }
    }
    // In an envelope of another version, or a damaged one, the id may stand anywhere.
    for (Iterator<UUID> captures = left.keySet().iterator(); captures.hasNext(); ) {
      if (message.contains(captures.next().toString())) {
        captures.remove();
      }
    }
  }
}
