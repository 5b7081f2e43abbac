package dev.hookwell.client.listen;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Files and folders that only their owner can use: by mode, or where there are none, by ACL. */
public final class PrivateFiles {
  private PrivateFiles() {}

  /** Opens a file for reading and writing; makes it, and its folder, when they are not there. */
  static FileChannel open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      createFolder(folder);
    }
    try {
      return create(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException e) {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
  }

  /** Makes a file for writing; fails when there is one already. */
  public static FileChannel create(Path file) throws IOException {
    return create(file, Set.of(StandardOpenOption.WRITE));
  }

  private static FileChannel create(Path file, Set<? extends OpenOption> how) throws IOException {
    Set<OpenOption> options = new HashSet<>(how);
    options.add(StandardOpenOption.CREATE_NEW);
    FileChannel channel = FileChannel.open(file, options, modes(file.getFileSystem(), "rw-------"));
    ownByAcl(file);
    return channel;
  }

  private static void createFolder(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      createFolder(parent);
    }
    try {
      Files.createDirectory(folder, modes(folder.getFileSystem(), "rwx------"));
      ownByAcl(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static FileAttribute<?>[] modes(FileSystem system, String mode) {
    return system.supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static void ownByAcl(Path file) throws IOException {
    AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
    if (view == null || file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    UserPrincipal owner = view.getOwner();
    view.setAcl(
        List.of(
            AclEntry.newBuilder()
                .setType(AclEntryType.ALLOW)
                .setPrincipal(owner)
                .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                .build()));
  }

  /** Whether others than its owner may read it, as far as this file system shows. */
  public static boolean isReadableByOthers(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return false;
    }
    Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
    return modes.contains(PosixFilePermission.GROUP_READ)
        || modes.contains(PosixFilePermission.OTHERS_READ);
  }
}
