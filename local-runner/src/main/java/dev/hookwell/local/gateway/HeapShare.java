package dev.hookwell.local.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** A number of bytes of which parts are taken and given back. Thread-safe. */
final class HeapShare {
  private final AtomicLong free;

  HeapShare(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  /** Whether there was room; if not, nothing was taken. */
  boolean take(long bytes) {
    if (free.addAndGet(-bytes) >= 0) {
      return true;
    }
    free.addAndGet(bytes);
    return false;
  }

  void give(long bytes) {
    free.addAndGet(bytes);
  }

  long free() {
    return free.get();
  }
}
