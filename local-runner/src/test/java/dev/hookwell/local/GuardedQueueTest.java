package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.ingest.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GuardedQueueTest {
  private static final Envelope ENVELOPE = EnvelopeWriter.write(Captures.capture());
  private static final Sent KEPT = new Sent.Kept();

  private final List<String> notices = new ArrayList<>();
  private final List<Envelope> sent = new ArrayList<>();
  private long freeDisk = GuardedQueue.RESERVE;
  private long freeMemory = 1;
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T10:00:00Z"));
  private Duration waited = Duration.ZERO;

  /** How long a wait takes until there is memory again. */
  private Duration storedAfter = Duration.ofDays(1);

  private final GuardedQueue queue =
      new GuardedQueue(
          envelope -> {
            sent.add(envelope);
            return KEPT;
          },
          () -> freeDisk,
          () -> freeMemory,
          clock,
          this::pass,
          notices::add);

  private void pass(Duration pause) {
    waited = waited.plus(pause);
    clock.pass(pause);
    if (waited.compareTo(storedAfter) >= 0) {
      freeMemory = 1;
    }
  }

  @Test
  void atTheReserveOfTheDiskItKeepsAndOneByteBelowItDoesNot() {
    assertEquals(KEPT, queue.send(ENVELOPE));
    freeDisk--;
    assertEquals(new Sent.NotKept("disk-full"), queue.send(ENVELOPE));

    assertEquals(1, sent.size());
    assertEquals(Duration.ZERO, waited);
  }

  @Test
  void withAByteOfMemoryItKeepsAtOnceAndWithNoneNotAtAll() {
    assertEquals(KEPT, queue.send(ENVELOPE));
    assertEquals(Duration.ZERO, waited);
    freeMemory--;
    assertEquals(new Sent.NotKept("queue-full"), queue.send(ENVELOPE));

    assertEquals(1, sent.size());
    assertEquals(GuardedQueue.LONGEST_WAIT, waited);
  }

  @Test
  void aSenderWaitsUntilSomeAreStoredAndNothingIsTold() {
    freeMemory = -1_000_000;
    storedAfter = GuardedQueue.LONGEST_WAIT;
    assertEquals(KEPT, queue.send(ENVELOPE));

    assertEquals(List.of(ENVELOPE), sent);
    assertEquals(List.of(), notices);
  }

  @Test
  void onceOneWaitedInVainNobodyWaitsUntilThereIsMemory() {
    freeMemory = 0;
    queue.send(ENVELOPE);
    waited = Duration.ZERO;
    assertEquals(new Sent.NotKept("queue-full"), queue.send(ENVELOPE));
    assertEquals(Duration.ZERO, waited);

    freeMemory = 1;
    assertEquals(KEPT, queue.send(ENVELOPE));
    freeMemory = 0;
    queue.send(ENVELOPE);
    assertEquals(GuardedQueue.LONGEST_WAIT, waited);
  }

  @Test
  void eachChangeIsToldOnce() {
    queue.send(ENVELOPE);
    freeDisk = 0;
    queue.send(ENVELOPE);
    queue.send(ENVELOPE);
    freeDisk = GuardedQueue.RESERVE;
    queue.send(ENVELOPE);
    queue.send(ENVELOPE);
    freeMemory = 0;
    queue.send(ENVELOPE);

    assertEquals(3, notices.size(), notices.toString());
    assertTrue(notices.getFirst().contains("256 MB"), notices.getFirst());
    assertTrue(notices.getLast().contains("memory"), notices.getLast());
  }

  @Test
  void memoryForSomeAmongRefusalsIsNotTold() {
    for (int i = 0; i < 5; i++) {
      freeMemory = 0;
      queue.send(ENVELOPE);
      freeMemory = 1;
      queue.send(ENVELOPE);
    }
    clock.pass(GuardedQueue.QUIET.minusMillis(1));
    queue.send(ENVELOPE);
    assertEquals(1, notices.size(), notices.toString());

    clock.pass(Duration.ofMillis(1));
    queue.send(ENVELOPE);
    assertEquals(2, notices.size(), notices.toString());
  }
}
