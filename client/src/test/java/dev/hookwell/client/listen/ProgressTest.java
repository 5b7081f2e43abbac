package dev.hookwell.client.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgressTest {
  private static final String HOOK = "00".repeat(32);

  @TempDir private Path folder;

  /** Does something to a progress that begins at 10, and gives the cursor that is left on disk. */
  private Cursor after(Cursor start, Steps steps) throws InterruptedException {
    Path file = folder.resolve("cursor");
    try (CursorFile open = CursorFile.open(file, HOOK).file()) {
      steps.take(new Progress(open, start));
    }
    CursorFile.Opened opened = CursorFile.open(file, HOOK);
    opened.file().close();
    return opened.cursor().orElseThrow();
  }

  private interface Steps {
    void take(Progress progress) throws InterruptedException;
  }

  private static Cursor cursor(long done, List<Long> ahead, List<Long> begun) {
    return new Cursor(done, new TreeSet<>(ahead), new TreeSet<>(begun));
  }

  @Test
  void theCursorIsBelowTheFirstThatIsUnfinished() throws InterruptedException {
    assertEquals(
        cursor(10, List.of(12L), List.of(11L, 13L)),
        after(
            Cursor.at(10),
            progress -> {
              for (long seq = 11; seq <= 14; seq++) {
                progress.expect(seq);
              }
              progress.begin(11);
              progress.begin(12);
              progress.begin(13);
              progress.finish(12);
            }));
  }

  @Test
  void itJumpsOverWhatIsFinishedAhead() throws InterruptedException {
    assertEquals(
        cursor(12, List.of(), List.of(13L)),
        after(
            Cursor.at(10),
            progress -> {
              for (long seq = 11; seq <= 13; seq++) {
                progress.expect(seq);
                progress.begin(seq);
              }
              progress.finish(12);
              progress.finish(11);
            }));
  }

  @Test
  void numbersThatAreGoneArePassedOver() throws InterruptedException {
    assertEquals(
        cursor(99, List.of(), List.of()),
        after(
            Cursor.at(10),
            progress -> {
              progress.expect(11);
              progress.pass(99);
              progress.begin(11);
              progress.finish(11);
            }));
  }

  @Test
  void anotherRunKnowsWhatIsFinishedAndWhatWasUnderWay() throws InterruptedException {
    assertEquals(
        cursor(10, List.of(12L), List.of(11L)),
        after(
            cursor(10, List.of(12L), List.of(11L)),
            progress -> {
              assertTrue(progress.isFinished(12));
              assertFalse(progress.isFinished(11));
              progress.expect(11);
              progress.pass(12);
              progress.save();
            }));
  }

  @Test
  void whatWasNotSentIsNotUnderWay() throws InterruptedException {
    assertEquals(
        cursor(10, List.of(), List.of()),
        after(
            Cursor.at(10),
            progress -> {
              progress.expect(11);
              progress.begin(11);
              progress.undo(11);
            }));
  }
}
