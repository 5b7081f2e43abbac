package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.SettableClock;
import dev.hookwell.local.folder.DataFolder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiskGuardTest {
  private final List<String> notices = new ArrayList<>();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T10:00:00Z"));
  private long free = DataFolder.RESERVE + 2000;
  private final DiskGuard disk = new DiskGuard(() -> free, clock, notices::add);

  @Test
  void theReserveAndTwiceWhatWaitsMustBeFreeAndOneByteLessIsTooLittle() {
    assertTrue(disk.hasRoom(1000));
    assertFalse(disk.hasRoom(1001));
    free--;
    assertFalse(disk.hasRoom(1000));
  }

  @Test
  void eachChangeIsToldOnceAndRoomOnlyWhenNobodyWasRefusedForAWhile() {
    disk.hasRoom(1000);
    assertEquals(List.of(), notices);
    for (int i = 0; i < 5; i++) {
      disk.hasRoom(5000);
      disk.hasRoom(1000);
    }
    clock.pass(DiskGuard.QUIET.minusMillis(1));
    disk.hasRoom(1000);
    assertEquals(1, notices.size(), notices.toString());
    assertTrue(notices.getFirst().contains("256 MB"), notices.getFirst());

    clock.pass(Duration.ofMillis(1));
    disk.hasRoom(1000);
    disk.hasRoom(1000);
    assertEquals(2, notices.size(), notices.toString());
    assertTrue(notices.getLast().contains("room"), notices.getLast());
  }
}
