package dev.hookwell.local.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertTrue(made.seedKey().matches("[A-Za-z0-9_-]{43}"), "one key");
    assertNotEquals(made.hookKeys(), made.readerKeys());
    try (DataFolder folder = open(temporary.resolve("kept"))) {
      assertEquals(made, folder.keys());
    }
    try (DataFolder folder = open(temporary.resolve("other"))) {
      assertNotEquals(made.hookKeys(), folder.keys().hookKeys());
    }
  }

  @Test
  void folderOfTheTimeBeforeSeedKeysGetsOneAndKeepsTheRest() throws IOException {
    Path root = temporary.resolve("older");
    open(root).close();
    Path file = root.resolve("keys");
    String before =
        "# mine\nHOOK_KEYS=1:" + "A".repeat(43) + "\nOTHER=x\nREADER_KEYS=1:" + "B".repeat(43);
    Files.writeString(file, before);

    LocalKeys first;
    try (DataFolder folder = open(root)) {
      first = folder.keys();
    }

    assertEquals("1:" + "A".repeat(43), first.hookKeys());
    assertEquals("1:" + "B".repeat(43), first.readerKeys());
    assertEquals(before + "\nSEED_KEY=" + first.seedKey() + "\n", Files.readString(file));
    assertEquals("rw-------", permissions(file));
    try (DataFolder folder = open(root)) {
      assertEquals(first, folder.keys());
    }
  }

  @Test
  void damagedSeedKeyIsNotReplaced() throws IOException {
    Path root = temporary.resolve("damaged-seed");
    open(root).close();
    Path file = root.resolve("keys");
    String damaged = Files.readString(file).replaceFirst("SEED_KEY=.*", "SEED_KEY=abcd");
    Files.writeString(file, damaged);

    DataFolderException refused = assertThrows(DataFolderException.class, () -> open(root));

    assertEquals(
        "the key file " + file + " is damaged: SEED_KEY: the key is shorter than 32 bytes",
        refused.getMessage());
    assertEquals(damaged, Files.readString(file));
  }

  @Test
  void keysAreNotShownInText() {
    try (DataFolder folder = open(temporary.resolve("shy"))) {
      assertFalse(folder.keys().toString().contains(folder.keys().hookKeys().substring(2)));
      assertFalse(folder.keys().toString().contains(folder.keys().seedKey()));
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
            + " is damaged: HOOK_KEYS: entry 1 is shorter than 32 bytes",
        refused.getMessage());
    assertEquals("HOOK_KEYS=1:abcd\n", Files.readString(root.resolve("keys")));
  }

  @Test
  void folderThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThrows(DataFolderException.class, () -> open(file));
  }

  @Test
  @Shows("S39")
  void whatOthersCouldReadOrWriteIsClosedToThem() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("wide"));
    open(root).close();
    Files.createDirectories(root.resolve("postgres/binaries/bin"));
    Files.writeString(root.resolve("postgres/binaries/bin/postgres"), "");
    Files.writeString(root.resolve("queue/journal"), "");
    Files.writeString(root.resolve("logs/hookwell.log"), "");
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    }
    Files.setAttribute(root, "unix:mode", 01777);

    open(root).close();

    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        assertTrue(permissions(path).endsWith("------"), path::toString);
      }
    }
    assertEquals(0700, (int) Files.getAttribute(root, "unix:mode") & 07777);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "keys", "queue", "lock", "postgres/binaries/bin"})
  @Shows("S39")
  void whatIsAnotherUsersIsRefused(String part) throws IOException {
    assumeTrue(PrivateFiles.ownUser() == 0, "only root can give a file away");
    Path root = temporary.resolve("foreign");
    open(root).close();
    Path foreign = root.resolve(part);
    Files.createDirectories(root.resolve("postgres/binaries/bin"));
    Files.setAttribute(foreign, "unix:uid", 65534);

    DataFolderException refused = assertThrows(DataFolderException.class, () -> open(root));

    assertTrue(
        String.valueOf(refused.getMessage())
            .matches(
                foreign
                    + " belongs to the user (nobody|65534), not to root, who runs this: run"
                    + " Hookwell as that user, or name another folder by --data"),
        refused.getMessage());
  }

  @Test
  void anotherUsersFolderStaysAsItWas() throws IOException {
    assumeTrue(PrivateFiles.ownUser() == 0, "only root can give a file away");
    Path root = Files.createDirectory(temporary.resolve("theirs"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setAttribute(root, "unix:uid", 65534);

    assertThrows(DataFolderException.class, () -> open(root));

    assertEquals("rwxrwxrwx", permissions(root));
    try (Stream<Path> entries = Files.list(root)) {
      assertEquals(0, entries.count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys", "queue", "logs", "postgres", "lock", "format"})
  @Shows("S39")
  void aLinkThatLeadsOutOfTheFolderIsRefusedAndNotFollowed(String part) throws IOException {
    Path root = Files.createDirectory(temporary.resolve("linked"));
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "theirs");
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-rw-rw-"));
    for (String target : List.of(elsewhere.toString(), "../elsewhere", "x/../../elsewhere")) {
      Path link = root.resolve(part);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(target));

      DataFolderException refused = assertThrows(DataFolderException.class, () -> open(root));

      assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
      assertEquals("rw-rw-rw-", permissions(elsewhere));
      assertEquals("theirs", Files.readString(elsewhere));
    }
  }

  @Test
  void theFolderItselfMayBeALinkAndLinksWithinItStay() throws IOException {
    Path real = Files.createDirectory(temporary.resolve("real"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), real);
    open(link).close();
    Files.createSymbolicLink(real.resolve("postgres/libpq.so"), Path.of("libpq.so.5"));

    open(link).close();

    assertEquals("rwx------", permissions(real));
    assertTrue(Files.isSymbolicLink(real.resolve("postgres/libpq.so")));
  }

  @Test
  void aFolderOfANewerVersionIsRefusedAndStaysAsItIs() throws IOException {
    Path root = temporary.resolve("newer");
    open(root).close();
    assertEquals(DataFolder.FORMAT + "\n", Files.readString(root.resolve("format")));
    int newer = DataFolder.FORMAT + 1;
    Files.writeString(root.resolve("format"), newer + "\n");
    Files.delete(root.resolve("lock"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));

    DataFolderException refused = assertThrows(DataFolderException.class, () -> open(root));

    assertEquals(
        "the data folder "
            + root
            + " is of a newer Hookwell (format "
            + newer
            + ", and this one knows "
            + DataFolder.FORMAT
            + "): run that one, or name another folder by --data",
        refused.getMessage());
    assertFalse(Files.exists(root.resolve("lock")));
    assertEquals("rwxr-xr-x", permissions(root));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two", "0", "-1", "1.5", "99999999999"})
  void aFormatThatIsNoneIsRefused(String format) throws IOException {
    Path root = temporary.resolve("odd");
    open(root).close();
    Files.writeString(root.resolve("format"), format);

    DataFolderException refused = assertThrows(DataFolderException.class, () -> open(root));

    assertEquals(
        "the file " + root.resolve("format") + " does not hold the folder's format",
        refused.getMessage());
  }

  @Test
  void aFolderWithoutAFormatIsOfTheFirst() throws IOException {
    Path root = temporary.resolve("first");
    open(root).close();
    Files.delete(root.resolve("format"));

    open(root).close();

    assertEquals(DataFolder.FORMAT + "\n", Files.readString(root.resolve("format")));
  }

  private static DataFolder open(Path root) {
    return DataFolder.open(root, new SecureRandom());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
