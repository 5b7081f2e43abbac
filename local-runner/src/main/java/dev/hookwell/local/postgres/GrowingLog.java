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
 * The log of another program, which holds the file open and only ever appends. PostgreSQL's own
 * rotation by size keeps all files, or writes on in the same one.
 */
final class GrowingLog {
  /** Of the file, and of what was before it. */
  static final long LIMIT = 10 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(GrowingLog.class);

  private GrowingLog() {}

  /**
   * When it has reached its limit, what it holds becomes FILE.1, in place of what that held, and
   * the file begins anew. A line that is written in this very moment may be lost.
   */
  static void bound(Path file) {
    try {
      if (Files.size(file) < LIMIT) {
        return;
      }
      try {
        // Not moved: the program would go on writing into what was moved.
        Files.copy(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      } finally {
        // Also when the disk is full, then above all.
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
            .close();
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be bounded", file.getFileName(), e);
    }
  }
}
