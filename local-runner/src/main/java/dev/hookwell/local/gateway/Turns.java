package dev.hookwell.local.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The turns of a function's invocations: so many at once, and the large ones of so many bytes. Who
 * waits is served in order, and small ones never wait behind the large. Thread-safe.
 */
public final class Turns {
  private static final int UNIT = 1024;
  private static final ThreadLocal<Turn> CURRENT = new ThreadLocal<>();

  private final Semaphore turns;
  private final Semaphore units;
  private final int allUnits;

  /**
   * @param number invocations at once
   * @param largeBytes for the large ones; one that is larger than that runs alone
   */
  Turns(int number, long largeBytes) {
    this.turns = new Semaphore(number, true);
    this.allUnits = Math.clamp(largeBytes / UNIT, 1, Integer.MAX_VALUE);
    this.units = new Semaphore(allUnits, true);
  }

  /**
   * Waits for a turn; empty when none came.
   *
   * @param bytes of the heap that the invocation takes, 0 for a small one
   */
  Optional<Turn> await(long bytes, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    int wanted = (int) Math.min(allUnits, (bytes + UNIT - 1) / UNIT);
    // Asked for nothing, a fair semaphore would still have it wait behind all who ask for more.
    if (wanted > 0 && !units.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    if (!turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      units.release(wanted);
      return Optional.empty();
    }
    return Optional.of(new Turn(wanted));
  }

  /** Sleeps. A turn in which this thread works is another's meanwhile. */
  public static void sleep(Duration duration) throws InterruptedException {
    Turn turn = CURRENT.get();
    if (turn == null) {
      Thread.sleep(duration);
    } else {
      turn.rest(duration);
    }
  }

  /** One invocation's turn, until it is closed. */
  final class Turn implements AutoCloseable {
    private final int held;
    private boolean resting;
    private boolean over;

    private Turn(int held) {
      this.held = held;
    }

    /** Says that the calling thread works in this turn; it has to end with that work. */
    void enter() {
      CURRENT.set(this);
    }

    private void rest(Duration duration) throws InterruptedException {
      synchronized (this) {
        if (over) {
          throw new InterruptedException("the turn is over");
        }
        resting = true;
        turns.release();
      }
      Thread.sleep(duration);
      turns.acquire();
      synchronized (this) {
        resting = false;
        if (over) {
          turns.release();
        }
      }
    }

    @Override
    public synchronized void close() {
      if (!over) {
        over = true;
        units.release(held);
        if (!resting) {
          turns.release();
        }
      }
    }
  }
}
