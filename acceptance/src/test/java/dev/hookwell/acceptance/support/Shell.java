package dev.hookwell.acceptance.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A POSIX shell that a line is pasted into. */
public final class Shell {
  private static final int PATIENCE_SECONDS = 60;

  private Shell() {}

  /** Runs a pasted script and gives its output; fails unless it succeeds. */
  public static String run(String pasted) {
    try {
      Path script = Files.createTempFile("pasted", ".sh");
      Path output = Files.createTempFile("printed", ".txt");
      try {
        Files.writeString(script, pasted + "\n");
        Process process =
            new ProcessBuilder("sh")
                .redirectInput(script.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
          process.destroyForcibly();
        }
        assertTrue(ended, "still running");
        String printed = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertEquals(0, process.exitValue(), printed);
        return printed;
      } finally {
        Files.delete(script);
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
