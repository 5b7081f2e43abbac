package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LocalLoggingTest {
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
}
