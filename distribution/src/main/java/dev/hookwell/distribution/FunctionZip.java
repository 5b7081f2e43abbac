package dev.hookwell.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Writes a folder as a zip that is the same on any machine. */
final class FunctionZip {
  private static final int EXECUTABLE = 0100755;
  private static final int PLAIN = 0100644;

  private FunctionZip() {}

  /**
   * @param time of every file, in UTC: a zip knows no time zone, and no odd seconds
   */
  static void write(Path folder, Path zip, LocalDateTime time) throws IOException {
    long millis = time.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      for (Path path : Distribution.all(folder)) {
        if (!Files.isRegularFile(path)) {
          continue;
        }
        ZipArchiveEntry entry = new ZipArchiveEntry(folder.relativize(path).toString());
        entry.setTime(millis);
        entry.setUnixMode(Files.isExecutable(path) ? EXECUTABLE : PLAIN);
        out.putArchiveEntry(entry);
        Files.copy(path, out);
        out.closeArchiveEntry();
      }
    }
  }
}
