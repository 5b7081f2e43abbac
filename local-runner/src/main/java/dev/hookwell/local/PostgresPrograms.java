package dev.hookwell.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs for this machine, as the libraries bring them: an archive each, named by
 * system and processor.
 */
final class PostgresPrograms {
  private static final int ANY_EXECUTABLE = 0111;

  private PostgresPrograms() {}

  /**
   * Unpacks them below {@code folder}, unless that was done before, and removes what other versions
   * left there.
   *
   * @return the folder with the programs themselves
   * @throws LocalDatabaseException when there are none for this machine
   */
  static Path unpack(Path folder) throws IOException {
    String platform = platform();
    URL archive = PostgresPrograms.class.getResource("/postgres-" + platform + ".txz");
    if (archive == null) {
      throw new LocalDatabaseException(
          "there is no built-in PostgreSQL for this machine ("
              + platform
              + "): name a database of your own by HOOKWELL_DATABASE_URL");
    }
    Path programs = folder.resolve(platform + "-" + checksum(archive));
    PrivateFiles.makeFolder(folder);
    removeAllBut(programs, folder);
    if (!Files.isDirectory(programs)) {
      Path draft = folder.resolve("new");
      unpack(archive, draft);
      Files.move(draft, programs, StandardCopyOption.ATOMIC_MOVE);
    }
    return programs.resolve("bin");
  }

  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "");
    return (system.startsWith("mac") ? "darwin" : system)
        + "-"
        + switch (processor) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> processor;
        }
        // Its C library is another one.
        + (Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "");
  }

  /** From the jar's own list, so that the archive is not read at every start. */
  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    return connection instanceof JarURLConnection jar
        ? "%08x".formatted(jar.getJarEntry().getCrc())
        : "loose";
  }

  private static void removeAllBut(Path kept, Path folder) throws IOException {
    List<Path> there;
    try (Stream<Path> entries = Files.list(folder)) {
      there = entries.filter(entry -> !entry.equals(kept)).toList();
    }
    for (Path entry : there) {
      delete(entry);
    }
  }

  private static void unpack(URL archive, Path folder) throws IOException {
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
          makeFolders(target);
        } else {
          makeFolders(target.resolveSibling(""));
          make(target, entry, entries);
        }
      }
    }
  }

  private static void makeFolders(Path folder) throws IOException {
    Files.createDirectories(folder, PrivateFiles.rights("rwx------"));
  }

  private static void make(Path target, TarArchiveEntry entry, InputStream content)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    Files.setPosixFilePermissions(
        target,
        PosixFilePermissions.fromString(
            (entry.getMode() & ANY_EXECUTABLE) != 0 ? "rwx------" : "rw-------"));
  }

  /** Deletes a file, a link or a folder with all that is in it, if it is there; follows no link. */
  static void delete(Path path) throws IOException {
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
}
