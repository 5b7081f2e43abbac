package dev.hookwell.local.machine;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task that runs again and again until it is closed; a failure is logged, and it goes on. */
public final class RepeatedTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedTask.class);

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  private RepeatedTask() {}

  /**
   * Starts it.
   *
   * @param interval before the first run, and from the end of each to the next
   */
  public static RepeatedTask start(String name, Duration interval, Runnable task) {
    return start(name, interval, interval, task);
  }

  /**
   * The same.
   *
   * @param first before the first run
   */
  public static RepeatedTask start(String name, Duration first, Duration interval, Runnable task) {
    RepeatedTask repeated = new RepeatedTask();
    var _ =
        repeated.scheduler.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException | Error e) {
                // Catches every kind: the scheduler never again runs a task that has thrown.
                LOG.warn("{} failed", name, e);
              }
            },
            first.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
    return repeated;
  }

  /** Interrupts a run that is under way. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
