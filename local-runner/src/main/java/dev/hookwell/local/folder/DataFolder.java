package dev.hookwell.local.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The folder in which a runner keeps everything between its runs: keys, messages, rows, logs. It is
 * locked while this object is open, so that no other runner works on it. The system releases the
 * lock when the process ends, even by a kill. Needs a POSIX file system.
 */
public final class DataFolder implements AutoCloseable {
  /**
   * The number of the folder's layout, raised when earlier versions can no longer use it. A folder
   * without a number is of format 1: there the built-in PostgreSQL's superuser has no password.
   */
  static final int FORMAT = 2;

  /** Bytes of its disk that stay free in any case. */
  public static final long RESERVE = 256L * 1024 * 1024;

  /** The file that a folder has while a backup is restored into it. */
  public static final String RESTORING = "restoring";

  private final Path root;
  private final FileChannel lock;
  private final LocalKeys keys;

  /** The folder's disk; finding it is slow. */
  private final FileStore disk;

  private DataFolder(Path root, FileChannel lock, LocalKeys keys, FileStore disk) {
    this.root = root;
    this.lock = lock;
    this.keys = keys;
    this.disk = disk;
  }

  /**
   * Opens the folder; makes it when it is missing. From then on only its owner can read or write
   * the files in it, also where others could before.
   *
   * @param random a cryptographically strong generator, for the keys of a new folder
   * @throws DataFolderInUseException when another runner has it
   * @throws DataFolderException when it cannot be made, read or written, a file in it belongs to
   *     another user, it is of a newer version, its keys are damaged, or a backup was not wholly
   *     restored into it
   */
  public static DataFolder open(Path folder, RandomGenerator random) {
    if (Files.exists(folder.resolve(RESTORING), LinkOption.NOFOLLOW_LINKS)) {
      throw new DataFolderException(
          "the restoring of a backup into "
              + folder
              + " was broken off, and it is not whole: delete the folder and restore again");
    }
    return openUnfinished(folder, random);
  }

  /** The same for a folder into which a backup is restored. */
  public static DataFolder openUnfinished(Path folder, RandomGenerator random) {
    Path shown = folder.toAbsolutePath().normalize();
    try {
      PrivateFiles.makeFolder(shown);
      // The path is resolved here: a link on it that is changed later has no effect.
      Path root = shown.toRealPath();
      refuseForeign(root, shown);
      refuseNewer(root.resolve("format"));
      closeToOthers(root);
      FileChannel lock =
          FileChannel.open(
              root.resolve("lock"),
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              PrivateFiles.rights("rw-------"));
      try {
        if (!isLocked(lock)) {
          throw new DataFolderInUseException(root);
        }
        PrivateFiles.write(root.resolve("format"), FORMAT + "\n");
        for (String part : List.of("logs", "queue", "postgres")) {
          PrivateFiles.makeFolder(root.resolve(part));
        }
        return new DataFolder(
            root, lock, KeyFile.readOrMake(root.resolve("keys"), random), Files.getFileStore(root));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataFolderException(
          "the data folder " + shown + " cannot be made or written (" + reason(e) + ")", e);
    }
  }

  private static void refuseForeign(Path path, Path shown) throws IOException {
    if (!PrivateFiles.isOurs(path)) {
      throw new DataFolderException(
          shown
              + " belongs to the user "
              + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName()
              + ", not to "
              + System.getProperty("user.name")
              + ", who runs this: run Hookwell as that user, or name another folder by --data");
    }
  }

  private static void refuseNewer(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String text =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file).strip() : "";
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new DataFolderException("the file " + file + " does not hold the folder's format");
    }
    if (Integer.parseInt(text) > FORMAT) {
      throw new DataFolderException(
          "the data folder "
              + file.getParent()
              + " is of a newer Hookwell (format "
              + text
              + ", and this one knows "
              + FORMAT
              + "): run that one, or name another folder by --data");
    }
  }

  /**
   * Takes the rights of others away. Another user may have left files there while others could
   * write.
   */
  private static void closeToOthers(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          // Before its content is read, so that nobody else can change it meanwhile.
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(folder, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            refuseForeign(path, path);
            if (attributes.isSymbolicLink()) {
              refuseLinkToOutside(path, root);
            } else {
              PrivateFiles.closeToOthers(path);
            }
            return FileVisitResult.CONTINUE;
          }

          // A PostgreSQL that a killed runner left behind still makes and deletes files.
          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  private static void refuseLinkToOutside(Path link, Path root) throws IOException {
    Path target = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
    // Each link on the way there is checked as well.
    if (!target.startsWith(root)) {
      throw new DataFolderException(
          link
              + " is a link to a place outside of the data folder: put the whole folder there, and"
              + " name it by --data");
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : e.getClass().getSimpleName();
  }

  /** Whether a runner has the folder now. */
  static boolean isInUse(Path folder) {
    try (FileChannel lock =
        FileChannel.open(folder.resolve("lock"), Set.of(StandardOpenOption.WRITE))) {
      return !isLocked(lock);
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // Another runner in this very JVM.
      return false;
    }
  }

  public Path root() {
    return root;
  }

  /** The keys that make this folder's URLs and read them. */
  public LocalKeys keys() {
    return keys;
  }

  /** Free bytes of the folder's disk; 0 when they cannot be read. */
  public long freeBytes() {
    try {
      return disk.getUsableSpace();
    } catch (IOException _) {
      return 0;
    }
  }

  /** The file of messages that are acknowledged and not stored yet. */
  public Path outbox() {
    return root.resolve("queue").resolve("outbox");
  }

  /** The folder of bodies that are too large for a message; made when it is first opened. */
  public Path bodies() {
    return root.resolve("bodies");
  }

  /** Where PostgreSQL keeps its binaries and its rows. */
  public Path postgres() {
    return root.resolve("postgres");
  }

  /** A log file of that name. */
  public Path log(String name) {
    return root.resolve("logs").resolve(name);
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + root + " stays", e);
    }
  }
}
