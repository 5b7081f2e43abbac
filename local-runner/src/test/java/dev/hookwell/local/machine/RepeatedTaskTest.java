package dev.hookwell.local.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RepeatedTaskTest {
  @Test
  void aTaskThatFailsRunsAgain() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    try (RepeatedTask task =
        RepeatedTask.start(
            "test",
            Duration.ofMillis(1),
            () -> {
              runs.countDown();
              throw new AssertionError("an Error, too");
            })) {
      assertTrue(runs.await(60, TimeUnit.SECONDS), task::toString);
    }
  }

  @Test
  void aSteadyTimeGoesOnAsNanosecondsPass() {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    InstantSource time = SteadyTime.from(Instant.EPOCH, nanos::get);

    // The count may overflow.
    nanos.addAndGet(2_000_000_000L);

    assertEquals(Instant.EPOCH.plusSeconds(2), time.instant());
  }
}
