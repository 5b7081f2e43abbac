package dev.hookwell.local.postgres;

import dev.hookwell.local.folder.PrivateFiles;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL's programs for this machine. The libraries bring an archive for each system and
 * processor, which its name says. A distribution has them unpacked in a folder, which the system
 * property {@code hookwell.postgres} names.
 */
final class PostgresPrograms {
  private PostgresPrograms() {}

  /**
   * Unpacks them below {@code folder}, unless that was done before, and removes those of other
   * versions there.
   *
   * @return the folder with the programs themselves
   * @throws LocalDatabaseException when there are none for this machine
   */
  static Path unpack(Path folder) throws IOException {
    String platform = platform();
    Optional<Path> unpacked =
        Optional.ofNullable(System.getProperty("hookwell.postgres")).map(Path::of);
    if (unpacked.isPresent()) {
      String version = Files.readString(unpacked.get().resolve("version")).strip();
      return install(folder, platform + "-" + version, draft -> copy(unpacked.get(), draft));
    }
    URL archive = PostgresPrograms.class.getResource("/postgres-" + platform + ".txz");
    if (archive == null) {
      throw new LocalDatabaseException(
          "there is no built-in PostgreSQL for this machine ("
              + platform
              + "): name a database of your own by HOOKWELL_DATABASE_URL");
    }
    return install(
        folder,
        platform + "-" + checksum(archive),
        draft -> PostgresArchive.unpack(archive, draft));
  }

  /** Puts them into a folder. */
  private interface Source {
    void bring(Path draft) throws IOException;
  }

  private static Path install(Path folder, String name, Source source) throws IOException {
    Path programs = folder.resolve(name);
    PrivateFiles.makeFolder(folder);
    removeAllBut(programs, folder);
    if (!Files.isDirectory(programs)) {
      Path draft = folder.resolve("new");
      source.bring(draft);
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
        // Alpine has another C library.
        + (Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "");
  }

  /** From the jar's directory of entries, so that the archive is not read at every start. */
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
      PrivateFiles.delete(entry);
    }
  }

  /**
   * Copies them from the folder of a distribution, which may be another user's and may be used by
   * many. {@link Postmaster} needs programs that one data folder alone uses.
   */
  private static void copy(Path source, Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(source)) {
      all = walk.sorted().toList();
    }
    for (Path each : all) {
      Path copy = folder.resolve(source.relativize(each).toString());
      if (Files.isSymbolicLink(each)) {
        Files.createSymbolicLink(copy, Files.readSymbolicLink(each));
      } else if (Files.isDirectory(each)) {
        makeFolders(copy);
      } else {
        Files.copy(each, copy);
        setRights(copy, Files.isExecutable(each));
      }
    }
  }

  static void setRights(Path file, boolean executable) throws IOException {
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
  }

  static void makeFolders(Path folder) throws IOException {
    Files.createDirectories(folder, PrivateFiles.rights("rwx------"));
  }
}
