package dev.hookwell.bodies;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.ObjectKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The files of bodies. Each is synced, and complete or absent even after a crash. */
final class BodyFolder {
  /** How often a move is tried: a deletion may remove the hook's empty folder before it. */
  private static final int ATTEMPTS = 5;

  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;

  /** The folder of unfinished files. Its name cannot be a hook's. */
  private final Path drafts;

  private final AtomicLong nextDraft = new AtomicLong();

  private BodyFolder(Path root) {
    this.root = root;
    this.drafts = root.resolve("drafts");
  }

  static BodyFolder open(Path root) throws IOException {
    BodyFolder folder = new BodyFolder(root);
    make(root);
    make(folder.drafts);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder.drafts)) {
      for (Path draft : left) {
        Files.delete(draft);
      }
    }
    return folder;
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, OWNERS_FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  Path file(ObjectKey key) {
    return hookFolder(key).resolve(key.capture().toString());
  }

  private Path hookFolder(ObjectKey key) {
    return root.resolve(key.hook().toString());
  }

  void write(ObjectKey key, Body body) throws IOException {
    Path draft = drafts.resolve(nextDraft.getAndIncrement() + "-" + key.capture());
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              OWNERS_FILE)) {
        OutputStream out = Channels.newOutputStream(channel);
        body.writeTo(out);
        channel.force(true);
      }
      move(draft, key);
    } finally {
      Files.deleteIfExists(draft);
    }
    sync(hookFolder(key));
    // Also where another thread made the hook's folder: its name may not be on the disk yet.
    sync(root);
  }

  private void move(Path draft, ObjectKey key) throws IOException {
    for (int attempt = 1; ; attempt++) {
      make(hookFolder(key));
      try {
        Files.move(draft, file(key), StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        // The hook's last body was deleted, and its folder with it.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Deletes files; those that are not there count as deleted. */
  void delete(Collection<ObjectKey> keys) throws IOException {
    Set<Path> folders = new HashSet<>();
    for (ObjectKey key : keys) {
      if (Files.deleteIfExists(file(key))) {
        folders.add(hookFolder(key));
      }
    }
    for (Path folder : folders) {
      tidy(folder);
    }
  }

  private static void tidy(Path folder) throws IOException {
    try {
      sync(folder);
      Files.delete(folder);
    } catch (DirectoryNotEmptyException | NoSuchFileException _) {
      // The hook has other bodies, or another thread deleted the folder.
    }
  }

  /** Returns the number of deleted files. */
  int deleteOlderThan(Instant time) throws IOException {
    int deleted = 0;
    try (DirectoryStream<Path> hooks = Files.newDirectoryStream(root)) {
      for (Path hook : hooks) {
        if (!hook.equals(drafts) && Files.isDirectory(hook, LinkOption.NOFOLLOW_LINKS)) {
          deleted += deleteOlderThan(time, hook);
        }
      }
    }
    return deleted;
  }

  private static int deleteOlderThan(Instant time, Path hook) throws IOException {
    int deleted = 0;
    try (DirectoryStream<Path> bodies = Files.newDirectoryStream(hook)) {
      for (Path body : bodies) {
        if (isOlder(body, time) && Files.deleteIfExists(body)) {
          deleted++;
        }
      }
    } catch (NoSuchFileException _) {
      return deleted;
    }
    if (deleted > 0) {
      tidy(hook);
    }
    return deleted;
  }

  /** The keys of complete files that were last changed at {@code time} or later. */
  Set<ObjectKey> keysSince(Instant time) throws IOException {
    Set<ObjectKey> keys = new HashSet<>();
    try (DirectoryStream<Path> hooks = Files.newDirectoryStream(root)) {
      for (Path hook : hooks) {
        // A new file changes the time of its folder.
        if (!hook.equals(drafts)
            && Files.isDirectory(hook, LinkOption.NOFOLLOW_LINKS)
            && !isOlder(hook, time)) {
          addKeysSince(time, hook, keys);
        }
      }
    }
    return keys;
  }

  private static void addKeysSince(Instant time, Path hook, Set<ObjectKey> keys)
      throws IOException {
    try (DirectoryStream<Path> bodies = Files.newDirectoryStream(hook)) {
      for (Path body : bodies) {
        if (!isOlder(body, time)) {
          key(hook, body).ifPresent(keys::add);
        }
      }
    } catch (NoSuchFileException _) {
      // Its last body was deleted.
    }
  }

  /** Empty for names that are not those of a body's file. */
  private static Optional<ObjectKey> key(Path hook, Path body) {
    try {
      return Optional.of(
          new ObjectKey(
              HookUid.parse(hook.getFileName().toString()),
              UUID.fromString(body.getFileName().toString())));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isOlder(Path body, Instant time) throws IOException {
    try {
      return Files.readAttributes(body, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .lastModifiedTime()
          .toInstant()
          .isBefore(time);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /** Makes the names in a folder survive a power cut. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }
}
