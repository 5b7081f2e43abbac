package dev.hookwell.client.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  @Test
  void pausesDoubleUpToALongestAndBeginAnew() {
    // The least that jitter leaves: half.
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4), () -> 0L);

    assertEquals(
        List.of(500L, 1000L, 2000L, 2000L),
        Stream.generate(backoff::next).limit(4).map(Duration::toMillis).toList());
    backoff.reset();
    assertEquals(500, backoff.next().toMillis());
  }
}
