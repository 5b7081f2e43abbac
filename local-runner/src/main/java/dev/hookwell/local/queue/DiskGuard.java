package dev.hookwell.local.queue;

import dev.hookwell.local.folder.DataFolder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Whether the disk has room for another message. PostgreSQL, on the same disk, needs room for all
 * waiting messages, or they could never be stored. Gives one notice when there is no room, and one
 * when there is again. Thread-safe.
 */
final class DiskGuard {
  /** A row with its indexes and PostgreSQL's own log take about twice the bytes of its message. */
  private static final int BYTES_A_BYTE = 2;

  /** How long no message must have been refused before the notice that there is room again. */
  static final Duration QUIET = Duration.ofSeconds(5);

  private final LongSupplier freeBytes;
  private final InstantSource clock;
  private final Consumer<String> notices;
  private boolean full;
  private Instant refusedAt = Instant.EPOCH;

  DiskGuard(LongSupplier freeBytes, InstantSource clock, Consumer<String> notices) {
    this.freeBytes = freeBytes;
    this.clock = clock;
    this.notices = notices;
  }

  /**
   * @param waitingBytes of all messages that are not stored yet
   */
  boolean hasRoom(long waitingBytes) {
    long needed = DataFolder.RESERVE + BYTES_A_BYTE * waitingBytes;
    boolean room = freeBytes.getAsLong() >= needed;
    tell(room, needed);
    return room;
  }

  private synchronized void tell(boolean room, long needed) {
    if (!room) {
      refusedAt = clock.instant();
      if (!full) {
        full = true;
        notices.accept(
            "less than "
                + (needed >> 20)
                + " MB are free on the disk: requests are answered 503 and not kept until there"
                + " is room");
      }
    } else if (full && !clock.instant().isBefore(refusedAt.plus(QUIET))) {
      full = false;
      notices.accept("there is room on the disk again: requests are kept");
    }
  }
}
