package dev.hookwell.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * About how much memory ElasticMQ's messages take. Each of its queues is in the order of the
 * moments at which messages may be handed out, and a deleted one leaves it only from the front: its
 * own time has to come, and all that waited until then has to be handed out before it. So of the
 * deleted ones it holds those of one visibility timeout, and as many again as wait. Where storing
 * slows down after a fast while, the deleted ones of that while stay longer, uncounted: then it
 * holds up to half as much again as is counted here. Thread-safe.
 */
final class QueueMemory {
  /** What a message takes besides its text: measured, with what the journal remembers of it. */
  static final long PER_MESSAGE = 700;

  private final InstantSource clock;
  private final Duration hold;
  private final String received;
  private final Map<String, Long> live = new HashMap<>();
  private final Deque<Deleted> deleted = new ArrayDeque<>();
  private long deletedBytes;

  private record Deleted(Instant gone, long bytes) {}

  /**
   * @param hold for how long a message that was received is not handed out again
   * @param received the queue that is received from; in others nothing is deleted
   */
  QueueMemory(InstantSource clock, Duration hold, String received) {
    this.clock = clock;
    this.hold = hold;
    this.received = received;
  }

  /** A message of so many bytes came. */
  synchronized void added(String queue, int bytes) {
    live.merge(queue, PER_MESSAGE + bytes, Long::sum);
  }

  /** A message of so many bytes is gone, and not held by ElasticMQ either. */
  synchronized void forgotten(String queue, int bytes) {
    live.merge(queue, -PER_MESSAGE - bytes, Long::sum);
  }

  /** A message of so many bytes was deleted. */
  synchronized void deleted(String queue, int bytes) {
    forgotten(queue, bytes);
    long freed = PER_MESSAGE + bytes;
    deletedBytes += freed;
    // By the second: a list with each of them would be as long as what it counts.
    Instant gone = clock.instant().plus(hold).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    if (!deleted.isEmpty() && deleted.getLast().gone().equals(gone)) {
      freed += deleted.removeLast().bytes();
    }
    deleted.addLast(new Deleted(gone, freed));
  }

  /** The messages are counted anew. */
  synchronized void recount() {
    live.clear();
  }

  /** Bytes that are taken now, or are going to be by what is there. */
  synchronized long taken() {
    Instant now = clock.instant();
    while (!deleted.isEmpty() && !now.isBefore(deleted.getFirst().gone())) {
      deletedBytes -= deleted.removeFirst().bytes();
    }
    long waiting = live.getOrDefault(received, 0L);
    return live.values().stream().mapToLong(Long::longValue).sum() + waiting + deletedBytes;
  }
}
