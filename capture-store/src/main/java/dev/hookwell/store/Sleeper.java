package dev.hookwell.store;

import java.time.Duration;

/** How to wait: {@code Thread::sleep}, or nothing in a test. */
@FunctionalInterface
public interface Sleeper {
  void sleep(Duration duration) throws InterruptedException;
}
