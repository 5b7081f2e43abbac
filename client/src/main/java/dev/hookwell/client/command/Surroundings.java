package dev.hookwell.client.command;

import dev.hookwell.client.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The surroundings in which a command runs.
 *
 * @param in the standard input
 * @param out data; a stream that throws when it can't be written
 * @param err notes
 * @param colour whether {@code out} is a terminal that shows colours
 * @param terminal whether {@code out} is a terminal
 * @param onInterrupt takes the task that ends a command in order when the user interrupts it
 */
record Surroundings(
    Map<String, String> environment,
    Path workingFolder,
    Path home,
    String operatingSystem,
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean colour,
    boolean terminal,
    Clock clock,
    ZoneId zone,
    RandomGenerator random,
    Sleeper sleeper,
    Consumer<Runnable> onInterrupt) {
  private static final String FOLDER = "hookwell";

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  Surroundings {
    environment = Map.copyOf(environment);
  }

  /** A variable that is set and not empty. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  FileSystem files() {
    return workingFolder.getFileSystem();
  }

  /** A file as the user writes it. */
  Path file(String name) {
    return workingFolder.resolve(name);
  }

  /** The folder in which programs on this system keep state between runs. */
  Path stateFolder() {
    if (operatingSystem.startsWith("Windows")) {
      return variable("LOCALAPPDATA")
          .map(files()::getPath)
          .orElse(home.resolve("AppData").resolve("Local"))
          .resolve(FOLDER);
    }
    if (operatingSystem.startsWith("Mac")) {
      return home.resolve("Library").resolve("Application Support").resolve(FOLDER);
    }
    return variable("XDG_STATE_HOME")
        .map(files()::getPath)
        .filter(Path::isAbsolute)
        .orElse(home.resolve(".local").resolve("state"))
        .resolve(FOLDER);
  }

  void note(String line) {
    err.println(line);
    err.flush();
  }

  /**
   * Writes a line, whole: once this returns, the system has it.
   *
   * @throws OutputException when it can't
   */
  void data(String line) {
    data(Bytes.copyOf((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes bytes as they are.
   *
   * @throws OutputException when it can't
   */
  void data(Bytes bytes) {
    try {
      bytes.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }
}
