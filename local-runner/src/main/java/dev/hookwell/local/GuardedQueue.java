package dev.hookwell.local;

import dev.hookwell.capture.Envelope;
import dev.hookwell.ingest.CaptureQueue;
import dev.hookwell.ingest.Sent;
import dev.hookwell.store.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The queue as ingest sees it here: it keeps nothing while the disk is nearly full, and lets
 * senders wait a little while its messages take the memory they may, so that storing catches up.
 * SQS needs none of this. Thread-safe.
 */
final class GuardedQueue implements CaptureQueue {
  /** Bytes that stay free: room for what is under way, and for PostgreSQL to go on for a while. */
  static final long RESERVE = 256L * 1024 * 1024;

  /** The function has 6 s, and the queue may take 5 of them: 2.5 for a turn and 2.5 for a call. */
  static final Duration LONGEST_WAIT = Duration.ofMillis(900);

  /** Nobody is told that there is room in memory again while some are still refused. */
  static final Duration QUIET = Duration.ofSeconds(5);

  static final Duration PAUSE = Duration.ofMillis(20);

  private final CaptureQueue queue;
  private final LongSupplier freeDisk;
  private final LongSupplier freeMemory;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Consumer<String> notices;
  private final AtomicReference<Room> told = new AtomicReference<>(Room.ENOUGH);

  /** Whether a sender waited and there was no memory since: hardly anything is stored then. */
  private volatile boolean waitedInVain;

  private volatile Instant refusedAt = Instant.MIN;

  /** Whether there is room for another message, and what is said when that changes. */
  private enum Room {
    ENOUGH("", "there is room again: requests are kept"),
    NO_DISK(
        "disk-full",
        "less than 256 MB are free on the disk: requests are answered 503 and not kept until there"
            + " is room"),
    NO_MEMORY(
        "queue-full",
        "more requests wait to be stored than fit the memory: further ones are answered 503 and"
            + " not kept until some are stored");

    private final String cause;
    private final String notice;

    Room(String cause, String notice) {
      this.cause = cause;
      this.notice = notice;
    }
  }

  /**
   * @param freeDisk bytes that are free on the disk of the queue
   * @param freeMemory bytes that its messages may still take; 0 or less is none
   * @param notices is told, once each time, that requests are not kept any more, or again
   */
  GuardedQueue(
      CaptureQueue queue,
      LongSupplier freeDisk,
      LongSupplier freeMemory,
      InstantSource clock,
      Sleeper sleeper,
      Consumer<String> notices) {
    this.queue = queue;
    this.freeDisk = freeDisk;
    this.freeMemory = freeMemory;
    this.clock = clock;
    this.sleeper = sleeper;
    this.notices = notices;
  }

  @Override
  public Sent send(Envelope envelope) {
    Room room;
    try {
      room = awaitRoom();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Sent.NotKept("interrupted");
    }
    tell(room);
    return room == Room.ENOUGH ? queue.send(envelope) : new Sent.NotKept(room.cause);
  }

  /** Waits for memory, unless somebody did so in vain and there has been none since. */
  private Room awaitRoom() throws InterruptedException {
    Room room = room();
    if (room == Room.NO_MEMORY && !waitedInVain) {
      room = awaitMemory();
      waitedInVain = room == Room.NO_MEMORY;
    } else if (room == Room.ENOUGH) {
      waitedInVain = false;
    }
    return room;
  }

  private Room awaitMemory() throws InterruptedException {
    Instant end = clock.instant().plus(LONGEST_WAIT);
    // By number too: a clock may be set back.
    for (int i = 0; i < LONGEST_WAIT.dividedBy(PAUSE); i++) {
      if (memory() == Room.ENOUGH || !clock.instant().isBefore(end)) {
        break;
      }
      sleeper.sleep(PAUSE);
    }
    // The disk is not asked again: that takes longer.
    return memory();
  }

  private Room room() {
    return freeDisk.getAsLong() < RESERVE ? Room.NO_DISK : memory();
  }

  private Room memory() {
    return freeMemory.getAsLong() <= 0 ? Room.NO_MEMORY : Room.ENOUGH;
  }

  private void tell(Room room) {
    Instant now = clock.instant();
    if (room != Room.ENOUGH) {
      refusedAt = now;
    } else if (told.get() == Room.NO_MEMORY && now.isBefore(refusedAt.plus(QUIET))) {
      return;
    }
    if (told.getAndSet(room) != room) {
      notices.accept(room.notice);
    }
  }
}
