package dev.hookwell.local.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** An open backup, of which all checksums were found to be right. */
final class BackupArchive implements AutoCloseable {
  /** A manifest has a line or two for each part. */
  private static final int MOST_MANIFEST_BYTES = 64 * 1024 * 1024;

  private final ZipFile zip;
  private final BackupManifest manifest;

  private BackupArchive(ZipFile zip, BackupManifest manifest) {
    this.zip = zip;
    this.manifest = manifest;
  }

  /**
   * Opens it and reads all of it.
   *
   * @throws BackupException when it is none, not whole, or of a newer version
   */
  static BackupArchive open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BackupException("there is no file " + file);
    }
    try {
      ZipFile zip = new ZipFile(file.toFile());
      try {
        BackupManifest manifest = BackupManifest.parse(manifest(zip));
        BackupArchive archive = new BackupArchive(zip, manifest);
        archive.check();
        return archive;
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (BackupException e) {
      throw new BackupException(file + " cannot be restored: " + e.getMessage(), e);
    } catch (ZipException e) {
      throw new BackupException(file + " is no backup, or not a whole one", e);
    } catch (IOException e) {
      throw new BackupException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] manifest(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(BackupManifest.NAME);
    if (entry == null) {
      throw new ZipException("no manifest");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes(MOST_MANIFEST_BYTES);
    }
  }

  private void check() throws IOException {
    Set<String> names = new HashSet<>();
    for (BackupManifest.Entry entry : manifest.entries()) {
      names.add(entry.name());
      try (DigestInputStream in = new DigestInputStream(open(entry), BackupWriter.sha256())) {
        long bytes = in.transferTo(OutputStream.nullOutputStream());
        String sha256 = HexFormat.of().formatHex(in.getMessageDigest().digest());
        if (bytes != entry.bytes() || !sha256.equals(entry.sha256())) {
          throw damaged(entry.name());
        }
      } catch (ZipException _) {
        throw damaged(entry.name());
      }
    }
    if (!names.contains(BackupWriter.KEYS)
        || !names.contains(BackupWriter.WAITING)
        || !names.contains(BackupWriter.DEAD)) {
      throw new BackupException("its manifest is damaged");
    }
  }

  private static BackupException damaged(String name) {
    return new BackupException(name + " in it is damaged");
  }

  BackupManifest manifest() {
    return manifest;
  }

  InputStream open(BackupManifest.Entry entry) throws IOException {
    ZipEntry found = zip.getEntry(entry.name());
    if (found == null) {
      throw damaged(entry.name());
    }
    return zip.getInputStream(found);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
