package dev.hookwell.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder in {@code target} that is there while a benchmark runs. */
record ScratchFolder(Path path) implements AutoCloseable {
  static ScratchFolder of(String name) throws IOException {
    return new ScratchFolder(
        Files.createTempDirectory(Files.createDirectories(Path.of("target")), name));
  }

  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(path)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
