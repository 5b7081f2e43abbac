package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueueJournalTest {
  private static final QueueJournal.Entry FIRST = entry(1, "first");
  private static final QueueJournal.Entry SECOND = entry(2, "sécond €");

  @TempDir private Path folder;

  @Test
  void whatWasCommittedIsThereInOrderWhenItIsOpenedAgain() {
    try (QueueJournal journal = open()) {
      journal.add("a", FIRST);
      journal.add("b", entry(3, ""));
      journal.add("a", SECOND);
      journal.commit();
    }
    try (QueueJournal journal = open()) {
      assertEquals(List.of(FIRST, SECOND), journal.messages("a"));
      assertEquals(List.of(entry(3, "")), journal.messages("b"));
      journal.remove("a", FIRST.id());
      journal.remove("a", "unknown");
      journal.add("a", entry(4, "third"));
      journal.commit();
    }
    try (QueueJournal journal = open()) {
      assertEquals(List.of(SECOND, entry(4, "third")), journal.messages("a"));
      journal.drop("a");
      journal.commit();
    }
    try (QueueJournal journal = open()) {
      assertEquals(List.of(), journal.messages("a"));
      assertEquals(List.of(entry(3, "")), journal.messages("b"));
    }
  }

  @Test
  void spaceOfRemovedMessagesIsUsedAgain() throws Exception {
    Path file = folder.resolve("journal");
    try (QueueJournal journal = open()) {
      String body = "x".repeat(100_000);
      for (int i = 0; i < 400; i++) {
        journal.add("a", entry(i, body));
        journal.remove("a", entry(i - 5, "").id());
        journal.commit();
      }
      assertTrue(Files.size(file) < 8_000_000, "40 MB went through " + Files.size(file));
    }
  }

  private QueueJournal open() {
    return QueueJournal.open(
        folder.resolve("journal"), new QueueMemory(InstantSource.system(), Duration.ZERO, "queue"));
  }

  private static QueueJournal.Entry entry(long id, String body) {
    return new QueueJournal.Entry(new UUID(0, id).toString(), body);
  }
}
