package dev.hookwell.local.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that uses the outbox's file. All changes that come while the disk is busy are made
 * permanent together, with one sync, and each completes only after it. When the sync fails, all of
 * them fail, and the file is opened again. Thread-safe.
 */
final class OutboxWriter implements AutoCloseable {
  /** How long nothing changes before the file is compacted, a little at a time. */
  private static final Duration IDLE = Duration.ofSeconds(2);

  private static final Duration COMPACTION = Duration.ofMillis(100);

  /** Bytes of a file that is not worth compacting. */
  private static final long SMALL_FILE = 4L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(OutboxWriter.class);

  private final OutboxFile file;
  private final InstantSource clock;
  private final Consumer<String> notices;
  private final Deliveries deliveries;
  private final BlockingQueue<Work<?>> works = new LinkedBlockingQueue<>();
  private final List<Receive> receives = new ArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("outbox").unstarted(this::run);

  /** Null after a failure, until it is opened again. */
  private @Nullable OutboxStore store;

  private boolean failing;
  private boolean compacted;
  private Instant changedAt = Instant.EPOCH;
  private volatile boolean closed;
  private volatile Outbox.Counts counts = new Outbox.Counts(0, 0, 0, 0);

  /** A change of the file, or a read of it. */
  private record Work<T>(Function<OutboxStore, T> task, CompletableFuture<T> result) {
    /**
     * Does the work. The result is completed by the returned task, once the change is permanent.
     */
    private Runnable done(OutboxStore store) {
      T outcome = task.apply(store);
      return () -> result.complete(outcome);
    }
  }

  /** A caller that waits for messages, until a time. */
  private record Receive(
      int limit, long maxBytes, Instant until, CompletableFuture<List<QueueMessage>> result) {}

  /** Opens the file. */
  OutboxWriter(
      OutboxFile file, Deliveries deliveries, InstantSource clock, Consumer<String> notices) {
    this.file = file;
    this.deliveries = deliveries;
    this.clock = clock;
    this.notices = notices;
    OutboxStore opened = file.open();
    this.store = opened;
    count(opened);
  }

  void start() {
    tellOfDeadLetters(0);
    thread.start();
  }

  /** The sizes after the last change. */
  Outbox.Counts counts() {
    return counts;
  }

  boolean isClosed() {
    return closed;
  }

  /** Queues work on the file. Work whose result is complete before it begins is skipped. */
  <T> CompletableFuture<T> submit(Function<OutboxStore, T> task) {
    Work<T> work = new Work<>(task, new CompletableFuture<>());
    var _ = work.result().whenComplete((_, _) -> forgetIfCancelled(work));
    works.add(work);
    if (closed) {
      // The thread may have ended before it found this work.
      work.result().completeExceptionally(new OutboxException("the outbox is closed", null));
    }
    return work.result();
  }

  /** Frees the bytes of a caller that gave up, so that they do not wait for a slow disk. */
  private void forgetIfCancelled(Work<?> work) {
    if (work.result().isCancelled()) {
      works.remove(work);
    }
  }

  /** Messages, as soon as there are some; none when the time is over. */
  CompletableFuture<List<QueueMessage>> receive(int limit, long maxBytes, Duration wait) {
    CompletableFuture<List<QueueMessage>> received = new CompletableFuture<>();
    Instant until = clock.instant().plus(wait);
    var _ =
        submit(_ -> receives.add(new Receive(limit, maxBytes, until, received)))
            .whenComplete((_, failure) -> {
              if (failure != null) {
                received.completeExceptionally(failure);
              }
            });
    return received;
  }

  /** Removes messages. */
  CompletableFuture<Integer> delete(List<QueueMessage> messages) {
    return submit(store -> {
      for (QueueMessage message : messages) {
        OutboxKey key = OutboxKey.ofReceipt(message.receipt());
        store.remove(key);
        deliveries.forget(key);
      }
      return messages.size();
    });
  }

  /** Makes messages come back after a delay, counted as received once more in vain. */
  CompletableFuture<Integer> giveBack(
      List<QueueMessage> messages, Function<QueueMessage, Duration> delay) {
    return submit(store -> {
      Instant now = clock.instant();
      messages.forEach(
          message -> deliveries.returnAfter(store, message, delay.apply(message), now));
      return messages.size();
    });
  }

  private void run() {
    while (true) {
      try {
        Work<?> first = works.poll(pause().toNanos(), TimeUnit.NANOSECONDS);
        List<Work<?>> group = new ArrayList<>();
        if (first != null) {
          group.add(first);
          works.drainTo(group);
        }
        if (group.isEmpty() && receives.isEmpty() && closed) {
          break;
        }
        step(group);
      } catch (InterruptedException _) {
        // No caller has a reason to interrupt this thread: it goes on.
      }
    }
    try {
      if (store != null) {
        store.close();
      }
    } catch (RuntimeException e) {
      // All that was acknowledged is on the disk already.
      LOG.warn("the outbox is not closed cleanly", e);
    }
  }

  /** How long there is nothing to do, unless work comes. */
  private Duration pause() {
    if (closed) {
      return Duration.ZERO;
    }
    Instant end = clock.instant().plus(IDLE);
    for (Receive receive : receives) {
      end = earlier(end, receive.until());
    }
    if (!receives.isEmpty()) {
      end = earlier(end, deliveries.nextReturn().orElse(end));
    }
    Duration pause = Duration.between(clock.instant(), end);
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void step(List<Work<?>> group) {
    try {
      OutboxStore opened = store == null ? file.open() : store;
      store = opened;
      change(opened, group);
      deliver(opened);
      if (works.isEmpty() && !clock.instant().isBefore(changedAt.plus(IDLE))) {
        compact(opened);
      }
    } catch (RuntimeException | Error e) {
      // Catches every kind: without this thread nothing would ever be kept again.
      fail(group, e);
      LOG.error("the outbox cannot be used", e);
    }
  }

  private void change(OutboxStore opened, List<Work<?>> group) {
    List<Runnable> answers = new ArrayList<>();
    for (Work<?> work : group) {
      if (!work.result().isDone()) {
        answers.add(work.done(opened));
      }
    }
    commit(opened);
    tell(false);
    answers.forEach(Runnable::run);
  }

  private void deliver(OutboxStore opened) {
    Instant now = clock.instant();
    int dead = opened.dead();
    List<Receive> answered = new ArrayList<>();
    List<Runnable> answers = new ArrayList<>();
    for (Receive receive : receives) {
      List<QueueMessage> messages =
          deliveries.take(opened, receive.limit(), receive.maxBytes(), now);
      if (!messages.isEmpty() || closed || !now.isBefore(receive.until())) {
        answered.add(receive);
        answers.add(() -> receive.result().complete(messages));
      }
    }
    // The callers are still in the list here, so that a failure reaches them, too.
    commit(opened);
    receives.removeAll(answered);
    tellOfDeadLetters(dead);
    answers.forEach(Runnable::run);
  }

  private void commit(OutboxStore opened) {
    if (opened.isChanged()) {
      opened.commit();
      compacted = false;
      changedAt = clock.instant();
      count(opened);
    }
  }

  private void compact(OutboxStore opened) {
    long before = opened.fileBytes();
    if (!compacted && before > Math.max(SMALL_FILE, 2 * opened.bytes())) {
      opened.compact(COMPACTION);
      // Goes on at the next idle moment, as long as it helps.
      compacted = opened.fileBytes() >= before;
      count(opened);
    }
  }

  private void fail(List<Work<?>> group, Throwable cause) {
    file.failed(cause);
    if (store != null) {
      store.abandon();
      store = null;
    }
    tell(true);
    group.forEach(work -> work.result().completeExceptionally(cause));
    receives.forEach(receive -> receive.result().completeExceptionally(cause));
    receives.clear();
  }

  private void tell(boolean failed) {
    if (failed != failing) {
      failing = failed;
      notices.accept(
          failed
              ? "the outbox cannot be written: requests are answered 503 and not kept until it can"
              : "the outbox can be written again: requests are kept");
    }
  }

  private void tellOfDeadLetters(int before) {
    if (before == 0 && counts.dead() > 0) {
      notices.accept(
          "dead letters: "
              + counts.dead()
              + "; they could not be stored however often it was tried. ./run redrive has them"
              + " tried again");
    }
  }

  private void count(OutboxStore opened) {
    counts = new Outbox.Counts(opened.waiting(), opened.dead(), opened.bytes(), opened.fileBytes());
  }

  /** Finishes pending work, and closes the file. */
  @Override
  public void close() {
    closed = true;
    // Wakes the thread.
    works.add(new Work<>(_ -> true, new CompletableFuture<>()));
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
