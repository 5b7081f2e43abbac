package dev.hookwell.local.folder;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Files and folders that only the user who made them may use, under any umask. */
public final class PrivateFiles {
  /** The rights that a file may grant its owner; group and others get none. */
  static final int OWNERS_RIGHTS = 0700;

  private static final int OTHERS_RIGHTS = 0077;

  private PrivateFiles() {}

  /** Makes the folder, and those above it that are missing. One that is there stays as it is. */
  public static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(folder, rights("rwx------"));
      sync(folder.resolveSibling("."));
    } catch (FileAlreadyExistsException e) {
      // Another process made the folder meanwhile, which is as good, or there is a file, which is
      // not.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  /** Makes an empty file. One that is there stays as it is. */
  public static void makeFile(Path file) throws IOException {
    FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), rights("rw-------"))
        .close();
  }

  /** Writes the whole file or none, synced; replaces a file that was there before. */
  public static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            rights("rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.resolveSibling("."));
  }

  /** Makes a file's content, or the names in a folder, survive a power cut. */
  public static void sync(Path fileOrFolder) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder)) {
      channel.force(true);
    }
  }

  /** Rights for files that other calls make. */
  public static FileAttribute<Set<PosixFilePermission>> rights(String ninePlaces) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(ninePlaces));
  }

  /** Deletes a file, a link or a folder with all that is in it, if it is there; follows no link. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }

  /** Takes all rights from group and others. A link is left alone: it grants none. */
  public static void closeToOthers(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & OTHERS_RIGHTS) != 0 && !Files.isSymbolicLink(path)) {
      Files.setAttribute(path, "unix:mode", mode & OWNERS_RIGHTS, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** Whether this process's user owns the path itself, not a link's target. */
  static boolean isOurs(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) == ownUser();
  }

  /** The number of the user that this process runs as; 0 is root. */
  public static long ownUser() {
    return new UnixSystem().getUid();
  }
}
