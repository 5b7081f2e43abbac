package dev.hookwell.local.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the log of another program, which holds the file open and only ever appends. PostgreSQL's
 * own rotation by size keeps all files, or goes on in the same one.
 */
final class GrowingLog {
  /** Bytes of the file, and of the copy of its former content. */
  static final long LIMIT = 10 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(GrowingLog.class);

  private GrowingLog() {}

  /**
   * When the file has reached its limit, copies it to FILE.1, over an earlier copy, and empties it.
   * A line that is written in this very moment may be lost.
   */
  static void bound(Path file) {
    try {
      if (Files.size(file) < LIMIT) {
        return;
      }
      try {
        // Copied, not moved: the program would go on writing into the moved file.
        Files.copy(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      } finally {
        // Also when the copy fails: if the disk is full, this frees space.
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
            .close();
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be bounded", file.getFileName(), e);
    }
  }
}
