package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Shows;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What deleting means: gone, counted, and never back. */
abstract class CaptureRemovalContract extends StoreContract {
  CaptureRemovalContract(String url) {
    super(url);
  }

  @Test
  void oneDeletedCaptureIsGoneAndCounted() {
    writer.save(captures(1, 5), DEADLINE);

    assertTrue(removal.deleteOne(hook.uid(), 3));

    assertEquals(List.of(1L, 2L, 4L, 5L), availableSeqs());
    assertEquals(1, state().deleted());
    assertEquals(6, state().revision());
    assertTrue(reader.bySeq(state(), 3).isEmpty());
    assertTrue(reader.byId(state(), Captures.id(3)).isEmpty());
    assertTrue(reader.body(state(), 3).isEmpty());
    assertCountsAreExact();
  }

  @Test
  @Shows("S11")
  void theBytesOfADeletedCaptureAreOverwritten() {
    save(Captures.capture(hook, 1, new byte[20]), Captures.capture(hook, 2, new byte[9000]));

    assertTrue(removal.deleteOne(hook.uid(), 1));
    assertTrue(removal.deleteOne(hook.uid(), 2));

    assertEquals(0, rows("bodies"));
    assertEquals(
        0,
        PostgresServer.number(
            url,
            """
            SELECT sum(length(method) + length(path) + length(query) + length(head)
              + length(body_sha256) + length(coalesce(body, '')))
            FROM captures WHERE hook_id = '%s'
            """
                .formatted(hook.uid())));
  }

  @Test
  void deletingTwiceCountsOnce() {
    writer.save(captures(1, 2), DEADLINE);

    assertTrue(removal.deleteOne(hook.uid(), 1));
    assertFalse(removal.deleteOne(hook.uid(), 1));
    assertFalse(removal.deleteOne(hook.uid(), 3));
    assertFalse(removal.deleteOne(anotherHook().uid(), 1));

    assertEquals(1, state().deleted());
    assertCountsAreExact();
  }

  @Test
  void aDeletedCaptureThatIsDeliveredAgainStaysDeleted() {
    writer.save(captures(1, 3), DEADLINE);
    removal.deleteOne(hook.uid(), 2);

    assertEquals(List.of(SaveOutcome.DUPLICATE), save(capture(2)));

    assertEquals(List.of(1L, 3L), availableSeqs());
    assertCountsAreExact();
  }

  @Test
  void clearingTakesAllAndWhatComesLaterIsNumberedOn() {
    writer.save(captures(1, 4), DEADLINE);
    removal.deleteOne(hook.uid(), 2);

    removal.clear(hook, NOW);

    assertEquals(List.of(), availableSeqs());
    assertEquals(4, state().deleted());
    assertEquals(0, state().bytes());
    assertEquals(Optional.of(NOW), state().clearedAt());
    assertFalse(removal.deleteOne(hook.uid(), 1));
    assertCountsAreExact();

    assertEquals(List.of(SaveOutcome.STORED), save(capture(3_700_000)));
    assertEquals(List.of(5L), availableSeqs());
    assertCountsAreExact();
  }

  @Test
  @Shows("S11")
  void whatWasReceivedBeforeTheClearingDoesNotComeBack() {
    writer.save(captures(1, 2), DEADLINE);
    removal.clear(hook, NOW);

    assertEquals(
        List.of(SaveOutcome.DUPLICATE, SaveOutcome.DROPPED, SaveOutcome.STORED),
        save(capture(1), capture(3), capture(3_700_000)));

    assertEquals(0, state().dropped());
    assertEquals(List.of(Captures.id(3_700_000)), storedIds());
    assertCountsAreExact();
  }

  @Test
  void whatWasReceivedInTheInstantOfTheClearingIsGoneToo() {
    writer.save(captures(1, 2), DEADLINE);
    removal.clear(hook, capture(3).receivedAt());

    assertEquals(List.of(SaveOutcome.DROPPED), save(capture(3)));
    assertEquals(List.of(SaveOutcome.STORED), save(capture(4)));
    assertEquals(List.of(3L), availableSeqs());
  }

  @Test
  void aHookCanBeClearedBeforeItsFirstCapture() {
    removal.clear(hook, NOW);

    assertEquals(List.of(SaveOutcome.DROPPED), save(capture(1)));
    assertEquals(List.of(SaveOutcome.STORED), save(capture(3_700_000)));
    assertEquals(List.of(1L), availableSeqs());
  }

  @Test
  @Shows({"F23", "S11"})
  void aDeletedHookTakesNothingMoreAndCountsWhatCame() {
    writer.save(captures(1, 3), DEADLINE);

    removal.deleteHook(hook);
    removal.deleteHook(hook);

    assertEquals(
        List.of(SaveOutcome.DROPPED, SaveOutcome.DROPPED, SaveOutcome.DUPLICATE),
        save(capture(3_700_000), capture(4), capture(2)));
    assertEquals(List.of(), availableSeqs());
    assertEquals(3, state().deleted());
    assertEquals(2, state().dropped());
    assertEquals(Optional.of(NOW), state().deletedAt());
    assertCountsAreExact();
  }

  @Test
  void aHookCanBeDeletedBeforeItsFirstCapture() {
    removal.deleteHook(hook);

    assertEquals(List.of(SaveOutcome.DROPPED), save(capture(1)));
    assertEquals(0, state().lastSeq());
    assertEquals(1, state().dropped());
  }

  @Test
  void hooksThatTakeNothingHoldNoOthersUp() {
    HookId deleted = anotherHook();
    HookId other = anotherHook();
    writer.save(captures(1, 2), DEADLINE);
    removal.clear(hook, NOW);
    removal.deleteHook(deleted);

    assertEquals(
        List.of(
            SaveOutcome.DROPPED,
            SaveOutcome.DROPPED,
            SaveOutcome.STORED,
            SaveOutcome.STORED,
            SaveOutcome.STORED),
        save(
            capture(3),
            Captures.capture(deleted, 1, new byte[1]),
            Captures.capture(other, 1, new byte[1]),
            capture(3_700_000),
            Captures.capture(other, 3_700_000, new byte[1])));

    assertEquals(List.of(3L), availableSeqs());
    assertEquals(2, reader.hook(other.uid()).orElseThrow().lastSeq());
    assertEquals(1, reader.hook(deleted.uid()).orElseThrow().dropped());
    assertCountsAreExact();
  }

  @Test
  void aClearedHookTakesWhatCameLaterBesideAnotherHooksOlder() {
    HookId other = anotherHook();
    writer.save(captures(1, 2), DEADLINE);
    removal.clear(hook, NOW);

    assertEquals(
        List.of(SaveOutcome.STORED, SaveOutcome.STORED),
        save(Captures.capture(other, 1, new byte[1]), capture(3_700_000)));

    assertEquals(List.of(3L), availableSeqs());
    assertCountsAreExact();
  }

  @Test
  void theFirstTimeOfDeletionStays() {
    CaptureRemoval later =
        new CaptureRemoval(
            database, Clock.offset(CLOCK, Duration.ofHours(1)), Stores.retries(CLOCK));
    removal.deleteHook(hook);
    later.deleteHook(hook);

    assertEquals(Optional.of(NOW), state().deletedAt());
  }

  @Test
  void deletingWhileOthersSaveKeepsTheCountsExact() throws Exception {
    List<Callable<Integer>> work = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      long first = w * 100L + 1;
      work.add(() -> {
        for (long id = first; id < first + 100; id += 5) {
          List<Capture> batch = captures(id, id + 4);
          assertEquals(Collections.nCopies(5, SaveOutcome.STORED), writer.save(batch, DEADLINE));
        }
        return 0;
      });
      work.add(() -> {
        int deleted = 0;
        for (long seq = first; seq < first + 100; seq++) {
          deleted += removal.deleteOne(hook.uid(), seq) ? 1 : 0;
        }
        return deleted;
      });
    }

    int deleted = inThreads(work).stream().mapToInt(Integer::intValue).sum();

    assertEquals(400, state().lastSeq());
    assertEquals(deleted, state().deleted());
    assertCountsAreExact();
  }

  @Test
  void clearingWhileOthersSaveKeepsTheCountsExact() throws Exception {
    List<Callable<List<SaveOutcome>>> work = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      long first = w * 100L + 1;
      work.add(() -> {
        List<SaveOutcome> outcomes = new ArrayList<>();
        for (long id = first; id < first + 100; id += 5) {
          outcomes.addAll(writer.save(captures(id, id + 4), DEADLINE));
        }
        return outcomes;
      });
    }
    work.add(() -> {
      for (long id = 10; id <= 200; id += 10) {
        removal.clear(hook, capture(id).receivedAt());
      }
      return List.of();
    });

    List<SaveOutcome> outcomes = inThreads(work).stream().flatMap(List::stream).toList();

    assertEquals(400, outcomes.size());
    assertEquals(state().lastSeq(), Collections.frequency(outcomes, SaveOutcome.STORED), "stored");
    assertEquals(
        400 - state().lastSeq(), Collections.frequency(outcomes, SaveOutcome.DROPPED), "dropped");
    assertCountsAreExact();
    assertEquals(List.of(SaveOutcome.STORED), save(capture(401)));
    assertEquals(Captures.id(401), storedIds().getLast());
  }
}
