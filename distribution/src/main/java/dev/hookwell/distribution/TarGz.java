package dev.hookwell.distribution;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Writes a folder as an archive that is the same on any machine and at any time. */
final class TarGz {
  private static final int EXECUTABLE = 0755;
  private static final int PLAIN = 0644;

  private TarGz() {}

  static void write(Path folder, Path archive, FileTime time) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
        OutputStream packed = new GzipCompressorOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Path path : Distribution.all(folder)) {
        String name = folder.resolveSibling("").relativize(path).toString();
        TarArchiveEntry entry = entry(path, name);
        entry.setLastModifiedTime(time);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        tar.putArchiveEntry(entry);
        if (Files.isRegularFile(path) && !Files.isSymbolicLink(path)) {
          Files.copy(path, tar);
        }
        tar.closeArchiveEntry();
      }
    }
  }

  private static TarArchiveEntry entry(Path path, String name) throws IOException {
    if (Files.isSymbolicLink(path)) {
      TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
      return entry;
    }
    boolean isFolder = Files.isDirectory(path);
    TarArchiveEntry entry = new TarArchiveEntry(isFolder ? name + "/" : name);
    if (!isFolder) {
      entry.setSize(Files.size(path));
    }
    entry.setMode(isFolder || Files.isExecutable(path) ? EXECUTABLE : PLAIN);
    return entry;
  }
}
