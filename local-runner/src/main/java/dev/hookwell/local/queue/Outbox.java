package dev.hookwell.local.queue;

import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.HookUid;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.machine.HeapShares;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The queue on this machine: one file, and no port. A capture is kept once it is on the disk.
 * Callers wait for the one thread that uses the file: an interrupt of a thread that uses it would
 * close it for all. Thread-safe.
 */
public final class Outbox implements CaptureQueue, AutoCloseable {
  /** Below the 6 s of ingest, so that a sender gets ingest's own 503. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

  /** How long a caller waits for the age of the oldest message. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Bytes that are read together, while all other callers wait. */
  private static final int READ_BYTES = 1024 * 1024;

  /** Dead letters that are redriven with one sync. */
  private static final int REDRIVE_BATCH = 100;

  /** Envelopes on their way to the disk, in KiB: half of the queue's share of the heap. */
  private static final int MEMORY_KIB =
      Math.clamp(HeapShares.ofThisProcess().queue() / 2 / 1024, 2048, Integer.MAX_VALUE);

  private final QueueSettings settings;
  private final InstantSource clock;
  private final DiskGuard disk;
  private final OutboxWriter writer;
  private final Semaphore memory = new Semaphore(MEMORY_KIB, true);

  /**
   * The sizes of the outbox.
   *
   * @param waiting messages that are not stored yet, those that are under way included
   * @param bytes of all messages, dead letters included
   */
  public record Counts(int waiting, int dead, long bytes, long fileBytes) {}

  private final AtomicLong accepted = new AtomicLong();

  private Outbox(QueueSettings settings, InstantSource clock, DiskGuard disk, OutboxWriter writer) {
    this.settings = settings;
    this.clock = clock;
    this.disk = disk;
    this.writer = writer;
  }

  /**
   * Opens the file, or makes it, with the messages of an earlier run.
   *
   * @param freeBytes of its disk
   * @param notices takes notices for the operator, one line each
   * @throws DataFolderException when the file cannot be used
   */
  public static Outbox open(
      Path file,
      QueueSettings settings,
      InstantSource clock,
      LongSupplier freeBytes,
      Consumer<String> notices) {
    return open(new OutboxFile(file, "", clock, notices), settings, clock, freeBytes, notices);
  }

  /** The same for a file of any file system. */
  public static Outbox open(
      OutboxFile file,
      QueueSettings settings,
      InstantSource clock,
      LongSupplier freeBytes,
      Consumer<String> notices) {
    OutboxWriter writer = new OutboxWriter(file, new Deliveries(settings), clock, notices);
    writer.start();
    return new Outbox(settings, clock, new DiskGuard(freeBytes, clock, notices), writer);
  }

  @Override
  public Sent send(Envelope envelope) {
    Sent sent = send(envelope.capture().hook().uid(), envelope.text());
    if (sent instanceof Sent.Kept) {
      accepted.incrementAndGet();
    }
    return sent;
  }

  /**
   * How many captures it took since it was opened. SQS counts the messages sent to it in the same
   * way.
   */
  public long accepted() {
    return accepted.get();
  }

  /** Sends any text, as one may to SQS. */
  public Sent send(HookUid hook, String text) {
    if (text.length() > settings.maximumMessageBytes()) {
      return new Sent.NotKept("too-long");
    }
    if (!disk.hasRoom(counts().bytes() + text.length())) {
      return new Sent.NotKept("disk-full");
    }
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    int share = Math.min(MEMORY_KIB, 1 + text.length() / 1024);
    try {
      if (!memory.tryAcquire(share, LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Sent.NotKept("queue-full");
      }
      try {
        return keep(hook, text.getBytes(StandardCharsets.US_ASCII), end);
      } finally {
        memory.release(share);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Sent.NotKept("interrupted");
    }
  }

  /** Whether the disk has room for so many bytes beside all messages. */
  public boolean hasRoom(long bytes) {
    return disk.hasRoom(counts().bytes() + bytes);
  }

  private Sent keep(HookUid hook, byte[] text, long end) throws InterruptedException {
    CompletableFuture<Sent> kept =
        writer.submit(store -> {
          store.add(new OutboxKey(hook, nextNumber(store)), text);
          return new Sent.Kept();
        });
    try {
      return kept.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Sent.NotKept("timeout");
    } catch (ExecutionException _) {
      return new Sent.NotKept(writer.isClosed() ? "closed" : "disk-failed");
    } finally {
      // A message whose writing has not begun is not written any more.
      kept.cancel(false);
    }
  }

  private long nextNumber(OutboxStore store) {
    return OutboxKey.number(store.lastNumber(), clock.instant());
  }

  /**
   * Receives messages, which are then out of sight for the visibility timeout.
   *
   * @param maxBytes of their bodies; one message may be longer
   * @param wait for the first, at most
   * @throws OutboxException when the file cannot be read at the moment
   */
  public List<QueueMessage> receive(int limit, long maxBytes, Duration wait) {
    return join(writer.receive(limit, maxBytes, wait));
  }

  /**
   * Removes messages that are stored.
   *
   * @throws OutboxException when the file cannot be written at the moment
   */
  public void delete(List<QueueMessage> messages) {
    join(writer.delete(messages));
  }

  /**
   * Makes messages that failed come back after a delay.
   *
   * @throws OutboxException when the file cannot be written at the moment
   */
  public void returnAfter(List<QueueMessage> messages, Function<QueueMessage, Duration> delay) {
    join(writer.giveBack(messages, delay));
  }

  /**
   * Makes messages of all dead letters again, as if they had never been received.
   *
   * @return how many there were
   * @throws OutboxException when the file cannot be written at the moment
   */
  public int redrive() {
    int all = 0;
    int some;
    do {
      some = join(writer.submit(this::redriveSome));
      all += some;
    } while (some > 0);
    return all;
  }

  private int redriveSome(OutboxStore store) {
    int fed = 0;
    while (fed < REDRIVE_BATCH) {
      var letter = store.exhume();
      if (letter.isEmpty()) {
        break;
      }
      HookUid hook = letter.get().getKey().hook();
      store.add(new OutboxKey(hook, nextNumber(store)), letter.get().getValue());
      fed++;
    }
    return fed;
  }

  /** Takes a message. */
  @FunctionalInterface
  public interface Reader {
    void accept(OutboxKey key, byte[] text) throws IOException;
  }

  /**
   * Reads all messages, a few at a time, so that senders go on meanwhile. One that is there at the
   * beginning is read unless it is removed before its turn.
   *
   * @param dead the dead letters instead of those that wait
   * @return how many there were
   * @throws OutboxException when the file cannot be read at the moment
   */
  public long read(boolean dead, Reader reader) throws IOException {
    long count = 0;
    long newest = join(writer.submit(OutboxStore::lastNumber));
    OutboxKey place = OutboxKey.BEFORE_ALL;
    while (true) {
      OutboxKey last = place;
      var page = join(writer.submit(store -> store.page(dead, last, READ_BYTES)));
      if (page.isEmpty()) {
        return count;
      }
      for (var message : page) {
        OutboxKey key = message.getKey();
        if (key.number() > newest) {
          // This message came meanwhile. A hook that gets messages all the time would be read for
          // ever.
          place = OutboxKey.after(key.hook());
          break;
        }
        reader.accept(key, message.getValue());
        place = key;
        count++;
      }
    }
  }

  /** The age of the oldest message; empty when the file cannot be read within a second. */
  public Optional<Duration> longestWaiting() {
    Instant now = clock.instant();
    try {
      return Optional.of(
          writer
              .submit(OutboxStore::oldest)
              .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .join()
              .map(oldest -> Duration.between(oldest.sentAt(), now))
              .filter(age -> !age.isNegative())
              .orElse(Duration.ZERO));
    } catch (CompletionException _) {
      return Optional.empty();
    }
  }

  /** The sizes after the last change. */
  public Counts counts() {
    return writer.counts();
  }

  private static <T> T join(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      throw new OutboxException("the outbox cannot be used at the moment", e.getCause());
    }
  }

  /** Finishes pending work, and closes the file. Messages stay in it. */
  @Override
  public void close() {
    writer.close();
  }
}
