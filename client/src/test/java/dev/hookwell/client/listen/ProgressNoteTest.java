package dev.hookwell.client.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressNoteTest {
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong open = new AtomicLong();
  private final List<String> said = new ArrayList<>();
  private final ProgressNote note =
      new ProgressNote(
          delivered::get,
          open::get,
          (count, left, rate) -> said.add(count + " " + left + " " + rate),
          Duration.ofSeconds(2));

  private void run(long deliveredNow, long openNow) {
    delivered.set(deliveredNow);
    open.set(openNow);
    note.run();
  }

  @Test
  void itIsSaidWhileAtLeastAHundredAreToGo() {
    run(50, 101);
    run(60, 100);
    run(70, 99);

    assertEquals(List.of("50 101 25.0", "60 100 5.0"), said);
  }

  @Test
  void whereNothingMovesNothingIsSaid() {
    run(0, 500);
    run(10, 500);
    run(10, 700);

    assertEquals(List.of("10 500 5.0"), said);
  }
}
