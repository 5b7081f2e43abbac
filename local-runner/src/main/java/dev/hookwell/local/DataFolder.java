package dev.hookwell.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.random.RandomGenerator;

/**
 * Where a runner keeps everything between its runs: keys, messages, rows, logs. Whoever holds this
 * object is the only runner that works on the folder; the lock goes with the process, however it
 * ends. Needs a POSIX file system.
 */
public final class DataFolder implements AutoCloseable {
  private final Path root;
  private final FileChannel lock;
  private final LocalKeys keys;

  private DataFolder(Path root, FileChannel lock, LocalKeys keys) {
    this.root = root;
    this.lock = lock;
    this.keys = keys;
  }

  /**
   * Opens the folder; makes it, readable by its owner alone, when it is missing.
   *
   * @param random a cryptographically strong generator, for the keys of a new folder
   * @throws DataFolderInUseException when another runner has it
   * @throws DataFolderException when it cannot be made, read or written, or its keys are damaged
   */
  public static DataFolder open(Path folder, RandomGenerator random) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      makePrivate(root);
      FileChannel lock =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!isLocked(lock)) {
          throw new DataFolderInUseException(root);
        }
        makePrivate(root.resolve("logs"));
        return new DataFolder(root, lock, KeyFile.readOrMake(root.resolve("keys"), random));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataFolderException(
          "the data folder " + root + " cannot be made or written (" + reason(e) + ")", e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : e.getClass().getSimpleName();
  }

  private static void makePrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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

  /** What is free on the folder's disk; 0 where that cannot be told. */
  public long freeBytes() {
    try {
      return Files.getFileStore(root).getUsableSpace();
    } catch (IOException _) {
      return 0;
    }
  }

  /** Where the queue keeps its messages. */
  public Path queue() {
    return root.resolve("queue");
  }

  /** Where PostgreSQL keeps its binaries and its rows. */
  public Path postgres() {
    return root.resolve("postgres");
  }

  /** A log file of that name. */
  public Path log(String name) {
    return root.resolve("logs").resolve(name);
  }

  /** Lets the next runner in. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + root + " stays", e);
    }
  }
}
