package dev.hookwell.distribution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A jar whose classes are not compressed: in the package they are compressed all together, which
 * takes a third less room. Lambda has unpacked it before a start.
 */
final class StoredJar implements AutoCloseable {
  /**
   * Entries that no start reads: other machines' native parts, records of the jars' builds, and the
   * libraries that turn events into objects. Ingest reads its events itself.
   */
  private static final List<String> LEFT_OUT =
      List.of(
          "jni/",
          "META-INF/maven/",
          "META-INF/native-image/",
          "com/amazonaws/lambda/thirdparty/com/fasterxml/",
          "com/amazonaws/lambda/thirdparty/org/joda/");

  private final ZipOutputStream zip;
  private final LocalDateTime time;

  StoredJar(Path jar, LocalDateTime time) throws IOException {
    this.zip = new ZipOutputStream(Files.newOutputStream(jar));
    this.time = time;
  }

  /**
   * Copies another jar, without the entries that no start reads, and without a class path of its
   * own.
   */
  static void copy(Path from, Path to, LocalDateTime time) throws IOException {
    try (ZipFile source = new ZipFile(from.toFile());
        StoredJar jar = new StoredJar(to, time)) {
      for (ZipEntry entry : source.stream().filter(StoredJar::isNeeded).toList()) {
        byte[] content = source.getInputStream(entry).readAllBytes();
        boolean isManifest = entry.getName().equals(JarFile.MANIFEST_NAME);
        jar.add(entry.getName(), isManifest ? manifest(source, entry) : content);
      }
    }
  }

  private static boolean isNeeded(ZipEntry entry) {
    String name = entry.getName();
    return !entry.isDirectory() && LEFT_OUT.stream().noneMatch(name::startsWith);
  }

  private static byte[] manifest(ZipFile source, ZipEntry entry) throws IOException {
    Manifest manifest = new Manifest(source.getInputStream(entry));
    manifest.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  void add(String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTimeLocal(time);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
