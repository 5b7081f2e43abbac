package dev.hookwell.client.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CursorFileTest {
  private static final String HOOK = "ab".repeat(32);

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("a").resolve("b.cursor");
  }

  private static Cursor cursor(long done, List<Long> ahead, List<Long> begun) {
    return new Cursor(done, new TreeSet<>(ahead), new TreeSet<>(begun));
  }

  private void write(Cursor... cursors) {
    try (CursorFile file = CursorFile.open(file(), HOOK).file()) {
      for (Cursor cursor : cursors) {
        file.write(cursor);
      }
    }
  }

  private Optional<Cursor> read() {
    CursorFile.Opened opened = CursorFile.open(file(), HOOK);
    opened.file().close();
    return opened.cursor();
  }

  private String refusal(String hook) {
    return String.valueOf(
        assertThrows(CursorFileException.class, () -> CursorFile.open(file(), hook)).getMessage());
  }

  @Test
  void theLastCursorThatWasWrittenIsRead() {
    assertEquals(Optional.empty(), read());
    for (int i = 0; i < 5; i++) {
      Cursor last = cursor(i, List.of(i + 2L, i + 5L), List.of(i + 1L));
      write(cursor(0, List.of(), List.of()), last);

      assertEquals(Optional.of(last), read());
    }
  }

  @Test
  void aTornWriteLeavesTheOneBefore() throws IOException {
    Cursor first = cursor(1, List.of(3L), List.of(2L));
    Cursor second = cursor(2, List.of(), List.of());
    write(first);
    byte[] before = Files.readAllBytes(file());
    write(second);
    byte[] after = Files.readAllBytes(file());

    // Every prefix of the second write over the first content.
    int start = 0;
    while (start < before.length && before[start] == after[start]) {
      start++;
    }
    for (int torn = 1; torn < 200; torn++) {
      byte[] content = after.clone();
      int from = after.length > before.length ? before.length : 0;
      for (int i = from + torn; i < Math.min(content.length, from + 4096); i++) {
        content[i] = i < before.length ? before[i] : 0;
      }
      Files.write(file(), content);
      Cursor read = read().orElseThrow();
      assertTrue(read.equals(first) || read.equals(second), torn + ": " + read);
    }
  }

  @Test
  void asManyNumbersAsThereCanBeFitASlot() {
    long last = 999_999_999_999_999_999L;
    Cursor longest =
        cursor(
            last - 200,
            LongStream.rangeClosed(last - 123, last).boxed().toList(),
            LongStream.rangeClosed(last - 190, last - 127).boxed().toList());
    write(longest, longest);

    assertEquals(Optional.of(longest), read());
  }

  @Test
  void aFileOfAnotherHookIsRefusedAndStays() throws IOException {
    write(cursor(7, List.of(), List.of()));
    byte[] before = Files.readAllBytes(file());

    assertTrue(refusal("cd".repeat(32)).contains("is the cursor of another hook"));
    assertEquals(Optional.of(cursor(7, List.of(), List.of())), read());
    assertEquals(before.length, Files.size(file()));
  }

  @Test
  void aFileInUseIsRefused() {
    try (CursorFile _ = CursorFile.open(file(), HOOK).file()) {
      assertTrue(refusal(HOOK).contains("is in use by another hookwell"));
    }
    assertEquals(Optional.empty(), read());
  }

  @Test
  void aFileThatIsNoCursorIsRefusedAndStays() throws IOException {
    Files.createDirectories(file().getParent());
    for (String content : List.of("x", "my notes\n", " ".repeat(9000))) {
      Files.writeString(file(), content);

      assertTrue(refusal(HOOK).contains("is no cursor of this version"));
      assertEquals(content, Files.readString(file()));
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidInALine() throws IOException {
    Files.writeString(folder.resolve("a"), "a file where the folder should be");

    String refusal = refusal(HOOK);

    assertTrue(refusal.startsWith("can't keep the cursor in " + file()), refusal);
    assertTrue(refusal.endsWith("give another file with --cursor"), refusal);
    assertEquals(1, refusal.lines().count());
  }

  @Test
  void onlyItsOwnerCanUseIt() throws IOException {
    write(cursor(1, List.of(), List.of()));

    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file()));
    assertEquals(
        PosixFilePermissions.fromString("rwx------"),
        Files.getPosixFilePermissions(file().getParent()));
  }

  @Test
  void aPersonCanReadIt() throws IOException {
    write(cursor(41, List.of(43L), List.of(42L)));

    String content = Files.readString(file(), StandardCharsets.US_ASCII);

    assertTrue(content.contains("done=41 ahead=43 begun=42"), content);
    assertEquals(Collections.emptyList(), content.chars().filter(c -> c > 0x7e).boxed().toList());
  }
}
