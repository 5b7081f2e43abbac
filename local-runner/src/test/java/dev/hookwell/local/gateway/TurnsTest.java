package dev.hookwell.local.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TurnsTest {
  private static final int MIB = 1024 * 1024;

  private static Optional<Turns.Turn> take(Turns turns, long bytes) throws InterruptedException {
    return turns.await(bytes, Duration.ZERO);
  }

  @Test
  void thereAreSoManyTurnsAndNoMore() throws InterruptedException {
    Turns turns = new Turns(2, MIB);
    Turns.Turn first = take(turns, 0).orElseThrow();
    assertTrue(take(turns, 0).isPresent());
    assertFalse(take(turns, 0).isPresent());
    first.close();
    first.close();
    assertTrue(take(turns, 0).isPresent());
    assertFalse(take(turns, 0).isPresent());
  }

  @Test
  void largeOnesHaveSoManyBytesAndLeaveTheSmallOnesAlone() throws InterruptedException {
    Turns turns = new Turns(10, 3 * MIB);
    Turns.Turn first = take(turns, 2 * MIB).orElseThrow();
    assertFalse(take(turns, MIB + 1).isPresent());
    assertTrue(take(turns, MIB).isPresent());
    assertTrue(take(turns, 0).isPresent());
    first.close();
    assertTrue(take(turns, 2 * MIB).isPresent());
  }

  @Test
  void aSmallOneDoesNotWaitBehindALargeOneThatWaits() throws InterruptedException {
    Turns turns = new Turns(10, MIB);
    Turns.Turn first = take(turns, MIB).orElseThrow();
    Thread large =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = turns.await(MIB, Duration.ofMinutes(1));
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    while (large.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertTrue(take(turns, 0).isPresent());
    first.close();
    large.join();
  }

  @Test
  void oneThatIsLargerThanAllOfItRunsAlone() throws InterruptedException {
    Turns turns = new Turns(10, MIB);
    Turns.Turn huge = take(turns, 100L * MIB).orElseThrow();
    assertFalse(take(turns, 1).isPresent());
    huge.close();
    assertTrue(take(turns, 1).isPresent());
  }

  @Test
  void whatWaitedForBytesInVainKeepsNoTurn() throws InterruptedException {
    Turns turns = new Turns(1, MIB);
    Turns.Turn only = take(turns, MIB).orElseThrow();
    assertFalse(take(turns, MIB).isPresent());
    only.close();
    assertTrue(take(turns, MIB).isPresent());
  }

  @Test
  void aThreadWithoutATurnJustSleeps() throws InterruptedException {
    Turns.sleep(Duration.ZERO);
  }

  @Test
  void aTurnThatEndedWhileItsThreadSleptIsNotGivenBackTwice() throws Exception {
    Turns turns = new Turns(1, MIB);
    Turns.Turn turn = take(turns, 0).orElseThrow();
    Thread sleeper =
        Thread.ofVirtual()
            .start(() -> {
              turn.enter();
              try {
                Turns.sleep(Duration.ofSeconds(60));
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    Turns.Turn other = turns.await(0, Duration.ofSeconds(60)).orElseThrow();
    turn.close();
    sleeper.interrupt();
    sleeper.join();
    assertFalse(take(turns, 0).isPresent());
    other.close();
    assertTrue(take(turns, 0).isPresent());
    assertFalse(take(turns, 0).isPresent());
  }
}
