package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  private static final String RING = "1:[A-Za-z0-9_-]{43}";

  @TempDir private Path temporary;

  @Test
  void newFolderIsItsOwnersAlone() throws IOException {
    Path root = temporary.resolve("a/b");
    try (DataFolder folder = open(root)) {
      assertEquals(root, folder.root());
      assertEquals("rwx------", permissions(root));
      assertEquals("rw-------", permissions(root.resolve("keys")));
      assertTrue(Files.isDirectory(root.resolve("logs")));
    }
  }

  @Test
  void keysAreMadeOnceAndKept() {
    LocalKeys made;
    try (DataFolder folder = open(temporary.resolve("kept"))) {
      made = folder.keys();
    }
    assertTrue(made.hookKeys().matches(RING), "a ring of one key");
    assertTrue(made.readerKeys().matches(RING), "a ring of one key");
    assertNotEquals(made.hookKeys(), made.readerKeys());
    try (DataFolder folder = open(temporary.resolve("kept"))) {
      assertEquals(made, folder.keys());
    }
    try (DataFolder folder = open(temporary.resolve("other"))) {
      assertNotEquals(made.hookKeys(), folder.keys().hookKeys());
    }
  }

  @Test
  void keysAreNotShownInText() {
    try (DataFolder folder = open(temporary.resolve("shy"))) {
      assertFalse(folder.keys().toString().contains(folder.keys().hookKeys().substring(2)));
    }
  }

  @Test
  void secondRunnerIsToldSoInOneLine() {
    Path root = temporary.resolve("busy");
    try (DataFolder _ = open(root)) {
      DataFolderInUseException refused =
          assertThrows(DataFolderInUseException.class, () -> open(root));
      assertEquals("another runner is using the data folder " + root, refused.getMessage());
    }
    open(root).close();
  }

  @Test
  void damagedKeysAreNotReplaced() throws IOException {
    Path root = temporary.resolve("damaged");
    open(root).close();
    Files.writeString(root.resolve("keys"), "HOOK_KEYS=1:abcd\n");
    DataFolderException refused = assertThrows(DataFolderException.class, () -> open(root));
    assertEquals(
        "the key file "
            + root.resolve("keys")
            + " does not hold the two key rings: entry 1 is shorter than 32 bytes",
        refused.getMessage());
    assertEquals("HOOK_KEYS=1:abcd\n", Files.readString(root.resolve("keys")));
  }

  @Test
  void folderThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThrows(DataFolderException.class, () -> open(file));
  }

  private static DataFolder open(Path root) {
    return DataFolder.open(root, new SecureRandom());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
