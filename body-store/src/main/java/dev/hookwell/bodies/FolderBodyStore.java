package dev.hookwell.bodies;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Bodies as files of a folder, {@code random/captureId}, synced before they count as kept. Only the
 * files' owner may read them. Thread-safe; only one store at a time may use a folder.
 */
public final class FolderBodyStore implements BodyStore, AutoCloseable {
  /** A disk gains nothing from more syncs at once. */
  private static final int WRITERS = 8;

  private final BodyFolder folder;
  private final LongPredicate hasRoom;
  private final Duration patience;

  /** Files are written in these threads: an interrupt of a sender's thread would close the file. */
  private final ExecutorService writers =
      Executors.newFixedThreadPool(
          WRITERS, Thread.ofPlatform().daemon().name("bodies-", 0).factory());

  private FolderBodyStore(BodyFolder folder, LongPredicate hasRoom, Duration patience) {
    this.folder = folder;
    this.hasRoom = hasRoom;
    this.patience = patience;
  }

  /**
   * Opens the folder, or makes it. Deletes unfinished files of a killed process.
   *
   * @param hasRoom whether so many bytes may still be written
   * @throws IOException when it cannot be made or written
   */
  public static FolderBodyStore open(Path root, LongPredicate hasRoom) throws IOException {
    return open(root, hasRoom, PATIENCE);
  }

  static FolderBodyStore open(Path root, LongPredicate hasRoom, Duration patience)
      throws IOException {
    return new FolderBodyStore(BodyFolder.open(root), hasRoom, patience);
  }

  @Override
  public Put put(ObjectKey key, Body body, Sha256 sha256) {
    if (!hasRoom.test(body.size())) {
      return new Put.NotKept("disk-full");
    }
    // Set once: by the writer when it is done, or by the sender's thread when it gives up.
    AtomicBoolean settled = new AtomicBoolean();
    Future<?> written;
    try {
      written = writers.submit(() -> write(key, body, settled));
    } catch (RejectedExecutionException _) {
      return new Put.NotKept("closed");
    }
    try {
      written.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return new Put.Kept();
    } catch (ExecutionException _) {
      return new Put.NotKept("disk-failed");
    } catch (TimeoutException _) {
      return givenUp(settled, "timeout");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return givenUp(settled, "interrupted");
    } finally {
      // A write that has not begun is dropped.
      written.cancel(false);
    }
  }

  private @Nullable Void write(ObjectKey key, Body body, AtomicBoolean settled) throws IOException {
    folder.write(key, body);
    if (!settled.compareAndSet(false, true)) {
      folder.delete(Set.of(key));
    }
    return null;
  }

  private static Put givenUp(AtomicBoolean settled, String cause) {
    return settled.compareAndSet(false, true) ? new Put.NotKept(cause) : new Put.Kept();
  }

  @Override
  public Got get(ObjectKey key, long size, Sha256 sha256) {
    if (size > CapturedBody.MAX_BYTES) {
      return new Got.Damaged();
    }
    try (InputStream in = Files.newInputStream(folder.file(key), LinkOption.NOFOLLOW_LINKS)) {
      return Got.of(in.readNBytes((int) size + 1), size, sha256);
    } catch (NoSuchFileException _) {
      return new Got.Missing();
    } catch (IOException e) {
      return new Got.Unavailable("disk-failed");
    }
  }

  @Override
  public Deletion delete(Collection<ObjectKey> keys) {
    Set<ObjectKey> gone = new HashSet<>();
    Map<ObjectKey, String> refused = new HashMap<>();
    for (ObjectKey key : keys) {
      try {
        folder.delete(Set.of(key));
        gone.add(key);
      } catch (IOException e) {
        refused.put(key, e.getClass().getSimpleName());
      }
    }
    return new Deletion(gone, refused, Optional.empty());
  }

  /**
   * Deletes bodies put before then, as a bucket's lifecycle rule does. By then no row refers to
   * them and no message can add one.
   *
   * @return the number of deleted bodies
   * @throws IOException when the folder cannot be read
   */
  public int expire(Instant before) throws IOException {
    return folder.deleteOlderThan(before);
  }

  /**
   * The keys of bodies put since then, by the times of their files.
   *
   * @throws IOException when the folder cannot be read
   */
  public Set<ObjectKey> putSince(Instant time) throws IOException {
    return folder.keysSince(time);
  }

  /** Finishes the writes that have begun. */
  @Override
  public void close() {
    writers.close();
  }
}
