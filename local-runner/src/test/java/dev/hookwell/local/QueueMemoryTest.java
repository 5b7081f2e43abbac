package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.capture.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueueMemoryTest {
  private static final long ONE = QueueMemory.PER_MESSAGE + 36 + 1_000;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T10:00:00.900Z"));
  private final QueueMemory memory = new QueueMemory(clock, Duration.ofSeconds(20), "a");

  @TempDir private Path folder;

  @Test
  void whatWasDeletedIsHeldUntilItWouldHaveBeenVisibleAgain() {
    memory.added("a", 300);
    memory.added("a", 500);
    memory.deleted("a", 300);
    clock.pass(Duration.ofMillis(300));
    memory.deleted("a", 500);
    long both = 800 + 2 * QueueMemory.PER_MESSAGE;
    assertEquals(both, memory.taken());
    // Counted by the second, and never too little.
    clock.pass(Duration.ofMillis(19_799));
    assertEquals(both, memory.taken());
    clock.pass(Duration.ofMillis(1));
    assertEquals(500 + QueueMemory.PER_MESSAGE, memory.taken());
    clock.pass(Duration.ofSeconds(1));
    assertEquals(0, memory.taken());
  }

  @Test
  void whatWaitsKeepsAsMuchThatWasDeletedBehindIt() {
    memory.added("a", 300);
    assertEquals(2 * (300 + QueueMemory.PER_MESSAGE), memory.taken());
  }

  @Test
  void whereNothingIsReceivedAMessageCountsOnce() {
    memory.added("dead", 300);
    assertEquals(300 + QueueMemory.PER_MESSAGE, memory.taken());
  }

  @Test
  void theJournalTellsOfWhatComesAndGoesAndOfWhatItFindsWhenItIsOpened() {
    try (QueueJournal journal = open()) {
      journal.add("a", entry(1));
      journal.add("a", entry(2));
      journal.add("b", entry(3));
      journal.commit();
      journal.remove("a", entry(1).id());
      journal.remove("a", "unknown");
      journal.commit();
      assertEquals(2 * ONE + ONE + ONE, memory.taken());
      clock.pass(Duration.ofSeconds(21));
      assertEquals(2 * ONE + ONE, memory.taken());
    }
    try (QueueJournal journal = open()) {
      assertEquals(2 * ONE + ONE, memory.taken());
      journal.drop("b");
      assertEquals(2 * ONE, memory.taken());
      journal.add("a", entry(4));
      journal.forget("a", entry(2).id());
      journal.forget("a", "unknown");
      journal.remove("unknown", "unknown");
      assertEquals(2 * ONE, memory.taken());
    }
  }

  private QueueJournal open() {
    return QueueJournal.open(folder.resolve("journal"), memory);
  }

  private static QueueJournal.Entry entry(long id) {
    return new QueueJournal.Entry(new UUID(0, id).toString(), "x".repeat(1_000));
  }
}
