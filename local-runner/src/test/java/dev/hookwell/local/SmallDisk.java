package dev.hookwell.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own, which a test may fill. Only root may mount one. */
final class SmallDisk implements AutoCloseable {
  private static final int MEBIBYTE = 1024 * 1024;

  private final Path folder;
  private final Path filler;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.filler = folder.resolve("filler");
  }

  /** Mounts it; ends the test as skipped, with the reason, where that is refused. */
  static SmallDisk mount(Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString()),
        "this machine lets nobody mount a small disk here, so a full one is not tested");
    return new SmallDisk(folder);
  }

  /** Fills the disk, but for the given bytes. */
  void fillUpTo(long left) throws IOException {
    byte[] zeros = new byte[MEBIBYTE];
    try (var out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long free = free() - left;
      while (free > 0) {
        int part = (int) Math.min(zeros.length, free);
        out.write(zeros, 0, part);
        free -= part;
      }
    }
  }

  void makeRoom() throws IOException {
    Files.deleteIfExists(filler);
  }

  long free() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.onExit().join().exitValue() == 0;
  }

  @Override
  public void close() throws IOException {
    // Detaches the mount even while a process has a file open there.
    if (!run("umount", folder.toString())) {
      run("umount", "-l", folder.toString());
    }
  }
}
