package dev.hookwell.local.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks PostgreSQL's programs from the archive in a library. A class of its own, since a
 * distribution has neither such an archive nor the libraries that read it.
 */
final class PostgresArchive {
  private static final int ANY_EXECUTABLE = 0111;

  private PostgresArchive() {}

  static void unpack(URL archive, Path folder) throws IOException {
    try (InputStream packed = new BufferedInputStream(archive.openStream());
        TarArchiveInputStream entries =
            new TarArchiveInputStream(new XZInputStream(packed), "UTF-8")) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("PostgreSQL's archive has an entry outside of itself");
        }
        if (entry.isDirectory()) {
          PostgresPrograms.makeFolders(target);
        } else {
          PostgresPrograms.makeFolders(target.resolveSibling(""));
          make(target, entry, entries);
        }
      }
    }
  }

  private static void make(Path target, TarArchiveEntry entry, InputStream content)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    PostgresPrograms.setRights(target, (entry.getMode() & ANY_EXECUTABLE) != 0);
  }
}
