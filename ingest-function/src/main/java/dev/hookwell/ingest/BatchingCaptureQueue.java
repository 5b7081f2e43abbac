package dev.hookwell.ingest;

import dev.hookwell.capture.Envelope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * For a process that serves many requests at once: sends that meet others under way share a call to
 * SQS. A send that meets none goes at once and waits for nobody. Each envelope is kept, or not, by
 * itself. Thread-safe.
 *
 * <p>There is no thread of its own: the sender whose turn it is takes along those who wait, and
 * then hands its turn on.
 */
public final class BatchingCaptureQueue implements CaptureQueue {
  /** The most that {@code SendMessageBatch} takes. */
  static final int MAX_ENTRIES = 10;

  private final SqsCaptureQueue queue;
  private final int calls;
  private final Duration patience;
  private final Object lock = new Object();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * One who waits.
   *
   * @param turn what came of its envelope, or null when it is its own turn to call
   */
  private record Waiting(Envelope envelope, CompletableFuture<@Nullable Sent> turn) {}

  /**
   * A queue that gives up on a turn that does not come as on a call that is not answered.
   *
   * @param calls under way at once before senders wait for each other
   */
  public BatchingCaptureQueue(SqsCaptureQueue queue, int calls) {
    this(queue, calls, SqsCaptureQueue.TOTAL_TIMEOUT);
  }

  BatchingCaptureQueue(SqsCaptureQueue queue, int calls, Duration patience) {
    this.queue = queue;
    this.calls = calls;
    this.patience = patience;
  }

  @Override
  public Sent send(Envelope envelope) {
    Waiting mine = new Waiting(envelope, new CompletableFuture<>());
    if (!startsAtOnce(mine)) {
      Sent sent = await(mine);
      if (sent != null) {
        return sent;
      }
    }
    try {
      return callWith(mine);
    } finally {
      handOn();
    }
  }

  private boolean startsAtOnce(Waiting mine) {
    synchronized (lock) {
      if (underWay < calls) {
        underWay++;
        return true;
      }
      waiting.add(mine);
      return false;
    }
  }

  /** What another's call made of it; null when it is its turn. */
  private @Nullable Sent await(Waiting mine) {
    String cause;
    try {
      return mine.turn.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      cause = "timeout";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      cause = "interrupted";
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn is never completed so", e);
    }
    synchronized (lock) {
      if (waiting.remove(mine)) {
        return new Sent.NotKept(cause);
      }
    }
    // Somebody has just taken it along, or handed it the turn: that has to be seen through.
    return mine.turn.join();
  }

  /** Calls with one envelope of its own and those of others that fit beside it. */
  private Sent callWith(Waiting mine) {
    List<Waiting> batch = new ArrayList<>();
    batch.add(mine);
    int bytes = mine.envelope.text().length();
    synchronized (lock) {
      for (Waiting next = waiting.peek();
          next != null
              && batch.size() < MAX_ENTRIES
              && bytes + next.envelope.text().length() <= Envelope.MAX_BYTES;
          next = waiting.peek()) {
        batch.add(waiting.remove());
        bytes += next.envelope.text().length();
      }
    }
    try {
      List<Sent> sent = queue.sendAll(batch.stream().map(Waiting::envelope).toList());
      for (int i = 1; i < batch.size(); i++) {
        batch.get(i).turn.complete(sent.get(i));
      }
      return sent.getFirst();
    } finally {
      // After an Error nobody may wait for ever; a turn that is complete stays as it is.
      batch.forEach(one -> one.turn.complete(new Sent.NotKept("failed")));
    }
  }

  private void handOn() {
    Waiting next;
    synchronized (lock) {
      next = waiting.poll();
      if (next == null) {
        underWay--;
        return;
      }
    }
    next.turn.complete(null);
  }
}
