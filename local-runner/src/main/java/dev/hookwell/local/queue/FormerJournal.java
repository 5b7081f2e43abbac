package dev.hookwell.local.queue;

import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.HookUid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The messages as the runner kept them before it had an outbox: in one map for each queue, by
 * number.
 */
final class FormerJournal implements AutoCloseable {
  private static final String CAPTURES = "hookwell-captures";
  private static final String DEAD = "hookwell-dead";

  /** A value is the message's id in that queue, a UUID, and the body after it. */
  private static final int ID_LENGTH = 36;

  private final MVStore store;

  private FormerJournal(MVStore store) {
    this.store = store;
  }

  /** Opens such a file and reads all of it; null when that is not possible. */
  static @Nullable FormerJournal openOrNull(Path file) {
    MVStore store = null;
    try {
      store = new MVStore.Builder().fileName(file.toString()).readOnly().open();
      FormerJournal journal = new FormerJournal(store);
      for (String queue : List.of(CAPTURES, DEAD)) {
        journal.forEach(queue, (_, _) -> {});
      }
      return journal;
    } catch (RuntimeException | OutOfMemoryError e) {
      LoggerFactory.getLogger(FormerJournal.class).error("the queue {} does not open", file, e);
      if (store != null) {
        store.closeImmediately();
      }
      return null;
    }
  }

  /** The newest version of its content that was found on opening it. */
  long version() {
    return store.getCurrentVersion();
  }

  /** Copies all messages. */
  void copyTo(OutboxStore outbox, InstantSource clock) {
    copy(CAPTURES, outbox, clock, outbox::add);
    copy(DEAD, outbox, clock, outbox::addDead);
    outbox.commit();
  }

  private void copy(
      String queue, OutboxStore outbox, InstantSource clock, BiConsumer<OutboxKey, byte[]> add) {
    forEach(
        queue,
        (hook, text) -> {
          long number = OutboxKey.number(outbox.lastNumber(), clock.instant());
          add.accept(new OutboxKey(hook, number), text);
          outbox.commitIfLarge();
        });
  }

  private void forEach(String queue, BiConsumer<HookUid, byte[]> reader) {
    if (store.hasMap(queue)) {
      MVMap<Long, byte[]> messages = store.openMap(queue);
      for (byte[] value : messages.values()) {
        byte[] text = Arrays.copyOfRange(value, ID_LENGTH, value.length);
        reader.accept(hook(text), text);
      }
    }
  }

  private static HookUid hook(byte[] text) {
    return EnvelopeReader.read(new String(text, StandardCharsets.US_ASCII))
            instanceof EnvelopeReading.Read read
        ? read.capture().hook().uid()
        : OutboxKey.NO_HOOK;
  }

  @Override
  public void close() {
    store.closeImmediately();
  }
}
