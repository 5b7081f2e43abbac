package dev.hookwell.client.listen;

import java.time.Duration;

/** Waits that a stop, or a wake-up, ends early. For several threads. */
final class Pauses {
  private boolean stopped;
  private long wakeUps;

  /** True unless it was stopped meanwhile. */
  synchronized boolean pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long before = wakeUps;
    while (!stopped && wakeUps == before) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(left / 1_000_000 + 1);
    }
    return !stopped;
  }

  /** Ends the pauses of now. */
  synchronized void wake() {
    wakeUps++;
    notifyAll();
  }

  /** Ends all pauses, for good. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  synchronized boolean isStopped() {
    return stopped;
  }
}
