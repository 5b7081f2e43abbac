package dev.hookwell.local.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Permits for a function's invocations, called turns: for a number of them at once, and for the
 * bytes of the large ones. Invocations that wait are served in order, and small ones never wait
 * behind large ones. Thread-safe.
 */
public final class Turns {
  private static final int UNIT = 1024;
  private static final ThreadLocal<Turn> CURRENT = new ThreadLocal<>();

  private final Semaphore turns;
  private final Semaphore units;
  private final int allUnits;

  /**
   * @param number invocations at once
   * @param largeBytes of all large ones at once; one that takes more than that runs without other
   *     large ones
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
    // A fair semaphore would make even a request for 0 permits wait behind those for more.
    if (wanted > 0 && !units.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    if (!turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      units.release(wanted);
      return Optional.empty();
    }
    return Optional.of(new Turn(wanted));
  }

  /** Sleeps. If this thread works in a turn, another invocation may have that turn meanwhile. */
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

    /** Marks the calling thread as working in this turn. The thread has to end with that work. */
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
