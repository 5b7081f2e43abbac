package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LocalLoggingTest {
  private static final int MOST_BYTES = 20 * 1024 * 1024;

  @TempDir private Path folder;

  /** Without it the file would still be open when its folder is deleted. */
  @AfterEach
  void closeFile() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(ch.qos.logback.classic.Level.OFF);
  }

  @Test
  void warningsOfLibrariesAndOurOwnLinesGoToTheFile() throws IOException {
    Path file = folder.resolve("runner.log");
    LocalLogging.writeTo(file);
    LoggerFactory.getLogger("io.vertx.Server").info("chatter");
    LoggerFactory.getLogger("io.vertx.Server").warn("worth knowing");
    LoggerFactory.getLogger("dev.hookwell.local.Anything").info("ours");
    String log = Files.readString(file);
    assertFalse(log.contains("chatter"), log);
    assertTrue(log.contains("WARN  io.vertx.Server worth knowing"), log);
    assertTrue(log.contains("ours"), log);
  }

  @Test
  void aFileBelowItsBoundTakesAnotherLineAndOneAtItIsPutAside() throws IOException {
    Path file = folder.resolve("runner.log");
    Path before = folder.resolve("runner.log.1");
    LocalLogging.writeTo(file);
    Logger log = LoggerFactory.getLogger("dev.hookwell.local.Anything");

    lengthen(file, MOST_BYTES - 1);
    log.info("one byte below");
    long full = Files.size(file);
    assertTrue(full > MOST_BYTES, "the line is in it");
    assertFalse(Files.exists(before));

    log.info("past it");
    assertEquals(full, Files.size(before));
    assertTrue(Files.readString(file).endsWith(" past it\n"));
    assertEquals(1, Files.readAllLines(file).size());

    lengthen(file, MOST_BYTES);
    log.info("at it");
    assertEquals(MOST_BYTES, Files.size(before), "what was there before is gone");
    assertEquals(1, Files.readAllLines(file).size());
  }

  /** Without its bytes: a test needs none. */
  private static void lengthen(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
    }
  }

  /** All lines at once: a check now and then would not bound the file. */
  @Test
  void howeverMuchIsLoggedTwoFilesOfThatSizeHoldIt() throws IOException {
    Path file = folder.resolve("runner.log");
    LocalLogging.writeTo(file);
    String line = "x".repeat(1024 * 1024);
    long written = 0;
    while (written < 4L * MOST_BYTES) {
      LoggerFactory.getLogger("dev.hookwell.local.Anything").info(line);
      written += line.length();
    }

    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.sorted().toList();
      assertEquals(List.of(file, folder.resolve("runner.log.1")), all);
      for (Path one : all) {
        // The line that fills it is the last, and has a head of its own.
        assertTrue(Files.size(one) < MOST_BYTES + line.length() + 200, one + " " + Files.size(one));
      }
    }
  }
}
