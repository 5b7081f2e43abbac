package dev.hookwell.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Tests of the page's modules that need no browser, run where a Node.js is at hand. */
final class NodeTests {
  private static final Path TESTS = Path.of("src/test/page");

  private NodeTests() {}

  /** Runs those whose file names end so, and fails with what they print unless all pass. */
  static void run(String ending, Duration patience) throws IOException, InterruptedException {
    assumeTrue(
        onPath("node"), "The page's module tests did not run: there is no node on the PATH.");
    List<String> command = new ArrayList<>(List.of("node", "--test"));
    try (Stream<Path> files = Files.list(TESTS)) {
      files
          .map(Path::toString)
          .filter(name -> name.endsWith(ending))
          .sorted()
          .forEach(command::add);
    }
    Path output = Files.createTempFile("page-modules", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      String printed = Files.readString(output, StandardCharsets.UTF_8);
      assertTrue(ended, () -> "still running after " + patience + "\n" + printed);
      assertEquals(0, process.exitValue(), printed);
    } finally {
      Files.delete(output);
    }
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .anyMatch(Files::isExecutable);
  }
}
