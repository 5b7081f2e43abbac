package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.capture.Shows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run} itself, with a Java that only prints how it was called. */
final class RunScriptTest {
  @TempDir private Path folder;

  @Test
  @Shows("S39")
  void whatTheRunnerWritesIsItsUsersAlone() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin"));
    script(java.resolve("java"), "umask; for last; do :; done; printf '%s\\n' \"$last\"");
    script(java.resolve("javac"), "");
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
    Path run = Files.copy(Path.of("../run"), folder.resolve("run"));
    Files.writeString(
        Files.createDirectories(folder.resolve("local-runner/target/lib")).resolve(".built"), "");
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "umask 022; exec sh \"$0\" --port 0", run.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(Map.of("JAVA25_HOME", folder.resolve("jdk").toString()));

    assertEquals(0, builder.start().waitFor());

    assertEquals(List.of("0077", "0"), Files.readAllLines(output));
  }

  private static void script(Path file, String text) throws Exception {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
