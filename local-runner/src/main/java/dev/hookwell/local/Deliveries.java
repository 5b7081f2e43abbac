package dev.hookwell.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which messages are handed out next, and which are out of sight meanwhile. The hooks take turns, a
 * message each, so that the flood of one delays no other; within a hook the oldest comes first.
 * What comes back goes before what was never handed out. Not thread-safe.
 */
final class Deliveries {
  private final QueueSettings settings;
  private final Map<OutboxKey, Lease> leases = new HashMap<>();
  private final NavigableSet<Return> returns = new TreeSet<>();

  /** The hook whose turn was the last. */
  private UUID turn = OutboxKey.NO_HOOK;

  /** A message that is out of sight until it is deleted or comes back. */
  private record Lease(int receives, Instant firstReceivedAt, Instant until) {}

  /** When a lease ends. */
  private record Return(Instant at, OutboxKey key) implements Comparable<Return> {
    private static final Comparator<Return> ORDER =
        Comparator.comparing(Return::at)
            .thenComparingLong(back -> back.key().number())
            .thenComparing(back -> back.key().hook());

    @Override
    public int compareTo(Return other) {
      return ORDER.compare(this, other);
    }
  }

  Deliveries(QueueSettings settings) {
    this.settings = settings;
  }

  /** When the next message comes back by itself. */
  Optional<Instant> nextReturn() {
    return returns.isEmpty() ? Optional.empty() : Optional.of(returns.first().at());
  }

  /** It was deleted. */
  void forget(OutboxKey key) {
    Lease lease = leases.remove(key);
    if (lease != null) {
      returns.remove(new Return(lease.until(), key));
    }
  }

  /** Lets a message that was received come back so much later; nothing when it is gone. */
  void returnAfter(OutboxStore store, QueueMessage message, Duration delay, Instant now) {
    OutboxKey key = OutboxKey.ofReceipt(message.receipt());
    Lease lease = leases.get(key);
    if (lease != null && lease.receives() == message.receives()) {
      store.setReceives(key, lease.receives());
      lease(key, new Lease(lease.receives(), lease.firstReceivedAt(), now.plus(delay)));
    }
  }

  private void lease(OutboxKey key, Lease lease) {
    forget(key);
    leases.put(key, lease);
    returns.add(new Return(lease.until(), key));
  }

  /**
   * Hands out messages. What was received too often becomes a dead letter instead.
   *
   * @param maxBytes of their bodies; one message may be longer
   */
  List<QueueMessage> take(OutboxStore store, int limit, long maxBytes, Instant now) {
    Batch batch = new Batch(store, limit, maxBytes, now);
    takeReturned(batch);
    takeFresh(batch);
    return batch.messages;
  }

  private void takeReturned(Batch batch) {
    while (!batch.isFull() && !returns.isEmpty() && !returns.first().at().isAfter(batch.now)) {
      OutboxKey key = returns.first().key();
      Lease lease = Objects.requireNonNull(leases.get(key));
      if (lease.receives() >= settings.maxReceiveCount()) {
        forget(key);
        batch.store.bury(key);
      } else if (!batch.add(key, lease.receives(), lease.firstReceivedAt())) {
        return;
      }
    }
  }

  private void takeFresh(Batch batch) {
    Deque<OutboxKey> heads = heads(batch);
    while (!heads.isEmpty() && !batch.isFull()) {
      OutboxKey key = heads.remove();
      if (!takeOrBury(batch, key)) {
        return;
      }
      turn = key.hook();
      fresh(batch.store, batch.store.next(key))
          .filter(next -> next.hook().equals(key.hook()))
          .ifPresent(heads::add);
    }
  }

  /** False when it does not fit any more. */
  private boolean takeOrBury(Batch batch, OutboxKey key) {
    int receives = batch.store.receives(key);
    if (receives >= settings.maxReceiveCount()) {
      batch.store.bury(key);
      return true;
    }
    return batch.add(key, receives, batch.now);
  }

  /**
   * The oldest message of each hook that is not out of sight, from the hook after the last turn.
   */
  private Deque<OutboxKey> heads(Batch batch) {
    Deque<OutboxKey> heads = new ArrayDeque<>();
    UUID first = null;
    UUID hook = turn;
    while (heads.size() < batch.limit) {
      Optional<OutboxKey> oldest = batch.store.next(OutboxKey.after(hook));
      if (oldest.isEmpty()) {
        oldest = batch.store.next(new OutboxKey(OutboxKey.NO_HOOK, 0));
      }
      if (oldest.isEmpty() || oldest.get().hook().equals(first)) {
        break;
      }
      hook = oldest.get().hook();
      first = first == null ? hook : first;
      UUID of = hook;
      fresh(batch.store, oldest).filter(next -> next.hook().equals(of)).ifPresent(heads::add);
    }
    return heads;
  }

  /** The first from there on that is not out of sight. */
  private Optional<OutboxKey> fresh(OutboxStore store, Optional<OutboxKey> from) {
    Optional<OutboxKey> next = from;
    while (next.isPresent() && leases.containsKey(next.get())) {
      next = store.next(next.get());
    }
    return next;
  }

  /** What is handed out together. */
  private final class Batch {
    private final OutboxStore store;
    private final int limit;
    private final long maxBytes;
    private final Instant now;
    private final List<QueueMessage> messages = new ArrayList<>();
    private long bytes;

    private Batch(OutboxStore store, int limit, long maxBytes, Instant now) {
      this.store = store;
      this.limit = limit;
      this.maxBytes = maxBytes;
      this.now = now;
    }

    private boolean isFull() {
      return messages.size() >= limit;
    }

    /** False when it does not fit; a message that is gone is left out. */
    private boolean add(OutboxKey key, int receives, Instant firstReceivedAt) {
      Optional<String> text = store.text(key);
      if (text.isEmpty()) {
        forget(key);
        return true;
      }
      int length = text.get().length();
      if (!messages.isEmpty() && bytes + length > maxBytes) {
        return false;
      }
      bytes += length;
      if (receives > 0) {
        store.setReceives(key, receives);
      }
      lease(key, new Lease(receives + 1, firstReceivedAt, now.plus(settings.visibilityTimeout())));
      messages.add(
          new QueueMessage(
              key.messageId(),
              key.receipt(),
              text.get(),
              receives + 1,
              key.sentAt(),
              firstReceivedAt));
      return true;
    }
  }
}
