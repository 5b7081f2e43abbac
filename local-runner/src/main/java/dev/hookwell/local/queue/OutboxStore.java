package dev.hookwell.local.queue;

import dev.hookwell.local.folder.DataFolderException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/**
 * The outbox's file, open: H2's store of ordered maps, written as a log. Changes survive a kill and
 * a power cut once {@link #commit} has returned. Every method may throw {@link MVStoreException};
 * the store is of no use after that. Not thread-safe, and no thread that uses it may be
 * interrupted: an interrupt closes the file.
 */
public final class OutboxStore implements AutoCloseable {
  /**
   * The entry that marks a file as an outbox. Without it an empty outbox would look like a damaged
   * one.
   */
  private static final String FORMAT = "format";

  private static final String CURRENT = "2";
  private static final String FORMER = "1";

  /** The beginning of H2's message; it has no error code for this. */
  private static final String FAILED_SYNC = "Could not sync";

  private static final int LARGE_BYTES = 8 * 1024 * 1024;

  private final MVStore store;
  private final MVMap<String, String> about;
  private final MVMap<byte[], byte[]> waiting;
  private final MVMap<byte[], byte[]> dead;
  private final MVMap<byte[], Integer> receives;
  private final long openedVersion;
  private boolean former;
  private long lastNumber;
  private long bytes;

  private OutboxStore(MVStore store) {
    this.store = store;
    this.openedVersion = store.getCurrentVersion();
    this.about = store.openMap("about");
    this.waiting = store.openMap("waiting", envelopes());
    this.dead = store.openMap("dead", envelopes());
    this.receives =
        store.openMap(
            "receives", new MVMap.Builder<byte[], Integer>().keyType(ByteArrayDataType.INSTANCE));
  }

  private static MVMap.Builder<byte[], byte[]> envelopes() {
    return new MVMap.Builder<byte[], byte[]>()
        .keyType(ByteArrayDataType.INSTANCE)
        .valueType(ByteArrayDataType.INSTANCE);
  }

  /**
   * Opens a file and reads all of it, so that damage shows at once.
   *
   * @param name the file, perhaps with the scheme of one of H2's file systems before it
   * @throws RuntimeException when it is damaged
   * @throws DataFolderException when a newer version wrote it
   */
  static OutboxStore open(String name) {
    OutboxStore opened = new OutboxStore(openFile(name));
    try {
      String format = opened.about.get(FORMAT);
      if (format == null) {
        throw new IllegalStateException("nothing says that this is an outbox");
      }
      opened.former = format.equals(FORMER);
      if (!opened.former && !format.equals(CURRENT)) {
        throw new DataFolderException(
            "the outbox %s has format %s, of a newer Hookwell; this one knows %s"
                .formatted(name, format, CURRENT));
      }
      opened.readAll();
      return opened;
    } catch (RuntimeException | Error e) {
      opened.abandon();
      throw e;
    }
  }

  /** Makes a new file, which must not be there yet. */
  public static OutboxStore create(String name) {
    OutboxStore created = new OutboxStore(openFile(name));
    created.about.put(FORMAT, CURRENT);
    created.commit();
    return created;
  }

  private static MVStore openFile(String name) {
    MVStore store =
        new MVStore.Builder().fileName(name).autoCommitDisabled().autoCommitBufferSize(0).open();
    // Each commit is on disk before the next begins, so space that no commit needs can be
    // overwritten at once.
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
    return store;
  }

  /** Reads all values: only so are all checksums checked. */
  private void readAll() {
    AtomicLong messages = new AtomicLong();
    forEach((key, text) -> {
      messages.incrementAndGet();
      bytes += text.length;
      lastNumber = Math.max(lastNumber, key.number());
    });
    receives.forEach((_, _) -> {});
    if (messages.get() != waiting.sizeAsLong() + dead.sizeAsLong()) {
      throw new IllegalStateException("the outbox does not hold as many messages as it says");
    }
  }

  /** All messages, waiting and dead. */
  void forEach(BiConsumer<OutboxKey, byte[]> reader) {
    waiting.forEach((key, value) -> reader.accept(OutboxKey.of(key), text(key, value)));
    dead.forEach((key, value) -> reader.accept(OutboxKey.of(key), text(key, value)));
  }

  private byte[] value(byte[] key, byte[] text) {
    return former ? OutboxValue.ofFormat1(key, text) : OutboxValue.of(key, text);
  }

  private byte[] text(byte[] key, byte[] value) {
    return former ? OutboxValue.textOfFormat1(key, value) : OutboxValue.text(key, value);
  }

  /** Whether it has format 1. */
  boolean isFormer() {
    return former;
  }

  /** The newest version of the file's content that was found on opening it. */
  long openedVersion() {
    return openedVersion;
  }

  /** The greatest number of a message; 0 when there was none. */
  long lastNumber() {
    return lastNumber;
  }

  /** Bytes of all messages. */
  long bytes() {
    return bytes;
  }

  int waiting() {
    return waiting.size();
  }

  int dead() {
    return dead.size();
  }

  /** Adds a message; it is kept once {@link #commit} returned. */
  public void add(OutboxKey key, byte[] text) {
    add(waiting, key, text);
  }

  private void add(MVMap<byte[], byte[]> map, OutboxKey key, byte[] text) {
    map.put(key.bytes(), value(key.bytes(), text));
    bytes += text.length;
    lastNumber = Math.max(lastNumber, key.number());
  }

  /** Removes a message, if it is there. */
  void remove(OutboxKey key) {
    remove(waiting, key);
    receives.remove(key.bytes());
  }

  private Optional<byte[]> remove(MVMap<byte[], byte[]> map, OutboxKey key) {
    Optional<byte[]> removed =
        Optional.ofNullable(map.remove(key.bytes())).map(value -> text(key.bytes(), value));
    removed.ifPresent(text -> bytes -= text.length);
    return removed;
  }

  Optional<String> text(OutboxKey key) {
    return Optional.ofNullable(waiting.get(key.bytes()))
        .map(value -> new String(text(key.bytes(), value), StandardCharsets.US_ASCII));
  }

  /** The first waiting message behind a place. */
  Optional<OutboxKey> next(OutboxKey place) {
    return Optional.ofNullable(waiting.higherKey(place.bytes())).map(OutboxKey::of);
  }

  /** The message that waits longest: of each hook, its first is its oldest. */
  Optional<OutboxKey> oldest() {
    OutboxKey oldest = null;
    for (Optional<OutboxKey> first = next(OutboxKey.BEFORE_ALL);
        first.isPresent();
        first = next(OutboxKey.after(first.get().hook()))) {
      if (oldest == null || first.get().number() < oldest.number()) {
        oldest = first.get();
      }
    }
    return Optional.ofNullable(oldest);
  }

  /** Messages behind a place, in order, until they have {@code maxBytes}. */
  List<Map.Entry<OutboxKey, byte[]>> page(boolean ofDead, OutboxKey place, int maxBytes) {
    MVMap<byte[], byte[]> map = ofDead ? dead : waiting;
    List<Map.Entry<OutboxKey, byte[]>> page = new ArrayList<>();
    int size = 0;
    for (byte[] key = map.higherKey(place.bytes());
        key != null && size < maxBytes;
        key = map.higherKey(key)) {
      byte[] value = map.get(key);
      page.add(Map.entry(OutboxKey.of(key), text(key, Objects.requireNonNull(value))));
      size += value.length;
    }
    return page;
  }

  /** How often a message was received in vain. */
  int receives(OutboxKey key) {
    return receives.getOrDefault(key.bytes(), 0);
  }

  void setReceives(OutboxKey key, int count) {
    if (waiting.containsKey(key.bytes())) {
      receives.put(key.bytes(), count);
    }
  }

  /** Makes a dead letter of a message, if it is there. */
  void bury(OutboxKey key) {
    receives.remove(key.bytes());
    remove(waiting, key).ifPresent(text -> addDead(key, text));
  }

  /** Adds a dead letter. */
  public void addDead(OutboxKey key, byte[] text) {
    add(dead, key, text);
  }

  /** Removes and gives a dead letter, the oldest of its hook. */
  Optional<Map.Entry<OutboxKey, byte[]>> exhume() {
    return Optional.ofNullable(dead.firstKey())
        .map(OutboxKey::of)
        .flatMap(key -> remove(dead, key).map(text -> Map.entry(key, text)));
  }

  boolean isChanged() {
    return store.hasUnsavedChanges();
  }

  /** Makes all changes permanent, with one sync. */
  public void commit() {
    store.commit();
    store.sync();
    // H2 leaves the sync out where an interrupt has closed the file.
    if (Thread.interrupted()) {
      throw new IllegalStateException("interrupted while the outbox was written");
    }
  }

  /** Commits when there are many changes: uncommitted ones are kept in memory. */
  public void commitIfLarge() {
    if (store.getUnsavedMemory() > LARGE_BYTES) {
      commit();
    }
  }

  long fileBytes() {
    return store.getFileStore().size();
  }

  /** Makes the file smaller by rewriting its content, for about the given time. */
  void compact(Duration time) {
    store.compactFile(Math.toIntExact(time.toMillis()));
    store.sync();
  }

  /** Whether a sync failed. The bytes that were written before it may never reach the disk. */
  static boolean isOfSync(@Nullable Throwable failure) {
    return failure != null
        && (Objects.requireNonNullElse(failure.getMessage(), "").startsWith(FAILED_SYNC)
            || isOfSync(failure.getCause()));
  }

  /** Adds all messages to another store. */
  void copyTo(OutboxStore other) {
    waiting.forEach((key, value) -> other.copy(other.waiting, key, text(key, value)));
    dead.forEach((key, value) -> other.copy(other.dead, key, text(key, value)));
    receives.forEach((key, count) -> other.receives.put(key, count));
    other.commit();
  }

  private void copy(MVMap<byte[], byte[]> map, byte[] key, byte[] text) {
    add(map, OutboxKey.of(key), text);
    commitIfLarge();
  }

  /** Closes it with its uncommitted changes. */
  @Override
  public void close() {
    store.close();
  }

  /** Closes it and writes nothing more. Never throws. */
  void abandon() {
    store.closeImmediately();
  }
}
