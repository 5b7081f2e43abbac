package dev.hookwell.local.queue;

import dev.hookwell.capture.HookUid;
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

/**
 * Decides which messages are handed out next, and keeps those that are handed out invisible
 * meanwhile. The hooks take turns, a message each, so that the flood of one delays no other, also
 * when it is a flood of messages that come back. Within a hook, messages that come back go before
 * those never handed out, and the oldest go first. Not thread-safe.
 */
final class Deliveries {
  private static final Comparator<OutboxKey> OLDEST_FIRST =
      Comparator.comparingLong(OutboxKey::number);

  private final QueueSettings settings;
  private final Map<OutboxKey, Lease> leases = new HashMap<>();
  private final NavigableSet<Return> returns = new TreeSet<>();

  /** Messages that came back and are not handed out again yet, by hook; no set is empty. */
  private final Map<HookUid, NavigableSet<OutboxKey>> back = new HashMap<>();

  /** The hook whose turn was the last. */
  private HookUid turn = OutboxKey.NO_HOOK;

  /** A message that is invisible until it is deleted or comes back. */
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

  /** Forgets a message that was deleted. */
  void forget(OutboxKey key) {
    Lease lease = leases.remove(key);
    if (lease != null) {
      returns.remove(new Return(lease.until(), key));
      back.computeIfPresent(
          key.hook(),
          (_, its) -> {
            its.remove(key);
            return its.isEmpty() ? null : its;
          });
    }
  }

  /**
   * Makes a received message come back after a delay; does nothing when it is gone, or received
   * again.
   */
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
   * Hands out messages. A message that was received too often becomes a dead letter instead.
   *
   * @param maxBytes of their bodies; one message may be longer
   */
  List<QueueMessage> take(OutboxStore store, int limit, long maxBytes, Instant now) {
    comeBack(store, now);
    Batch batch = new Batch(store, limit, maxBytes, now);
    Deque<OutboxKey> heads = heads(batch);
    while (!heads.isEmpty() && !batch.isFull()) {
      OutboxKey key = heads.remove();
      OutboxKey place = leases.containsKey(key) ? OutboxKey.before(key.hook()) : key;
      if (!takeOrBury(batch, key)) {
        break;
      }
      turn = key.hook();
      next(store, place).ifPresent(heads::add);
    }
    return batch.messages;
  }

  private void comeBack(OutboxStore store, Instant now) {
    while (!returns.isEmpty() && !returns.first().at().isAfter(now)) {
      OutboxKey key = returns.first().key();
      if (Objects.requireNonNull(leases.get(key)).receives() >= settings.maxReceiveCount()) {
        forget(key);
        store.bury(key);
      } else {
        returns.pollFirst();
        back.computeIfAbsent(key.hook(), _ -> new TreeSet<>(OLDEST_FIRST)).add(key);
      }
    }
  }

  /** False when the message does not fit into the batch. */
  private boolean takeOrBury(Batch batch, OutboxKey key) {
    Lease lease = leases.get(key);
    if (lease != null) {
      return batch.add(key, lease.receives(), lease.firstReceivedAt());
    }
    int receives = batch.store.receives(key);
    if (receives >= settings.maxReceiveCount()) {
      batch.store.bury(key);
      return true;
    }
    return batch.add(key, receives, batch.now);
  }

  /** The next message of each hook, beginning with the hook after the last turn. */
  private Deque<OutboxKey> heads(Batch batch) {
    Deque<OutboxKey> heads = new ArrayDeque<>();
    HookUid first = null;
    HookUid hook = turn;
    while (heads.size() < batch.limit) {
      Optional<OutboxKey> oldest = batch.store.next(OutboxKey.after(hook));
      if (oldest.isEmpty()) {
        oldest = batch.store.next(OutboxKey.BEFORE_ALL);
      }
      if (oldest.isEmpty() || oldest.get().hook().equals(first)) {
        break;
      }
      hook = oldest.get().hook();
      first = first == null ? hook : first;
      next(batch.store, OutboxKey.before(hook)).ifPresent(heads::add);
    }
    return heads;
  }

  /** The next message of a hook: one that came back, or else the first behind a place. */
  private Optional<OutboxKey> next(OutboxStore store, OutboxKey place) {
    NavigableSet<OutboxKey> its = back.get(place.hook());
    return its == null
        ? fresh(store, store.next(place)).filter(next -> next.hook().equals(place.hook()))
        : Optional.of(its.first());
  }

  /** The first message from there on that is visible. */
  private Optional<OutboxKey> fresh(OutboxStore store, Optional<OutboxKey> from) {
    Optional<OutboxKey> next = from;
    while (next.isPresent() && leases.containsKey(next.get())) {
      next = store.next(next.get());
    }
    return next;
  }

  /** Messages that are handed out together. */
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
              key.hook().toString(),
              text.get(),
              receives + 1,
              key.sentAt(),
              firstReceivedAt));
      return true;
    }
  }
}
