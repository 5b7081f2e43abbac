package dev.hookwell.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the queues on disk: H2's store of ordered maps, one map a queue, in the order in
 * which they came. What {@link #commit} returned from survives a kill and a power cut. After a
 * failure, the next call opens it again. Thread-safe.
 */
final class QueueJournal implements AutoCloseable {
  /** Message ids of ElasticMQ are UUIDs; a value is the id and the body after it. */
  private static final int ID_LENGTH = 36;

  private final Path file;
  private final QueueMemory memory;
  private final Map<String, Map<String, Long>> keys = new HashMap<>();
  private @Nullable MVStore store;
  private long lastKey;

  /**
   * A message as it was sent.
   *
   * @param id the queue's own
   */
  record Entry(String id, String body) {}

  private QueueJournal(Path file, QueueMemory memory) {
    this.file = file;
    this.memory = memory;
  }

  /**
   * Opens it, or makes it.
   *
   * @param memory is told of each message that comes and goes
   * @throws org.h2.mvstore.MVStoreException when the file cannot be used
   */
  static QueueJournal open(Path file, QueueMemory memory) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    QueueJournal journal = new QueueJournal(file, memory);
    journal.opened();
    return journal;
  }

  private MVStore opened() {
    if (store != null) {
      return store;
    }
    MVStore opened =
        new MVStore.Builder()
            .fileName(file.toString())
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .open();
    // Each commit is on disk before the next begins, so what none needs can be overwritten at once.
    opened.setRetentionTime(0);
    opened.setVersionsToKeep(0);
    store = opened;
    keys.clear();
    memory.recount();
    for (String queue : opened.getMapNames()) {
      Map<String, Long> ids = new HashMap<>();
      map(opened, queue)
          .forEach((key, value) -> {
            ids.put(entry(value).id(), key);
            memory.added(queue, value.length);
            lastKey = Math.max(lastKey, key);
          });
      keys.put(queue, ids);
    }
    return opened;
  }

  private static MVMap<Long, byte[]> map(MVStore store, String queue) {
    return store.openMap(queue);
  }

  private static Entry entry(byte[] value) {
    return new Entry(
        new String(value, 0, ID_LENGTH, StandardCharsets.US_ASCII),
        new String(value, ID_LENGTH, value.length - ID_LENGTH, StandardCharsets.UTF_8));
  }

  /** Adds a message; it is kept once {@link #commit} returned. */
  synchronized void add(String queue, Entry message) {
    byte[] value = (message.id() + message.body()).getBytes(StandardCharsets.UTF_8);
    map(opened(), queue).put(++lastKey, value);
    keys.computeIfAbsent(queue, _ -> new HashMap<>()).put(message.id(), lastKey);
    memory.added(queue, value.length);
  }

  /** Removes a message that was deleted, if it is there. */
  synchronized void remove(String queue, String id) {
    take(queue, id).ifPresent(bytes -> memory.deleted(queue, bytes));
  }

  /** Removes a message of an earlier run, which has been sent anew, if it is there. */
  synchronized void forget(String queue, String id) {
    take(queue, id).ifPresent(bytes -> memory.forgotten(queue, bytes));
  }

  /** The length of what was there. */
  private OptionalInt take(String queue, String id) {
    MVMap<Long, byte[]> messages = map(opened(), queue);
    Long key = keys.computeIfAbsent(queue, _ -> new HashMap<>()).remove(id);
    byte[] value = key == null ? null : messages.remove(key);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value.length);
  }

  /** Forgets a queue with all its messages. */
  synchronized void drop(String queue) {
    MVStore store = opened();
    map(store, queue).values().forEach(value -> memory.forgotten(queue, value.length));
    store.removeMap(queue);
    keys.remove(queue);
  }

  /**
   * Makes what was added and removed since the last time permanent.
   *
   * @throws org.h2.mvstore.MVStoreException when it is not known to be, such as on a full disk
   */
  synchronized void commit() {
    MVStore committed = opened();
    try {
      committed.commit();
      committed.sync();
    } catch (RuntimeException e) {
      abandon(committed);
      throw e;
    }
  }

  /** What was not committed is gone, as those who wait for it are told. */
  private void abandon(MVStore failed) {
    store = null;
    failed.closeImmediately();
  }

  /** The messages of a queue, the oldest first. */
  synchronized List<Entry> messages(String queue) {
    return oldest(queue, Integer.MAX_VALUE);
  }

  /** So many of the oldest messages of a queue, or all. */
  synchronized List<Entry> oldest(String queue, int limit) {
    List<Entry> entries = new ArrayList<>();
    Cursor<Long, byte[]> cursor = map(opened(), queue).cursor(null);
    while (entries.size() < limit && cursor.hasNext()) {
      cursor.next();
      entries.add(entry(cursor.getValue()));
    }
    return entries;
  }

  /** How many messages a queue has. */
  synchronized int size(String queue) {
    opened();
    return keys.getOrDefault(queue, Map.of()).size();
  }

  @Override
  public synchronized void close() {
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
