package dev.hookwell.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The PostgreSQL process of one data directory, found by the file in which it says its number. */
final class Postmaster {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Path data;

  Postmaster(Path data) {
    this.data = data;
  }

  /**
   * The process, while it runs. Numbers are used again, so it must be a postgres of this very
   * directory; a dead one that nobody has reaped yet has no command line and is none either.
   */
  Optional<ProcessHandle> find() {
    return recorded().filter(this::isOurs);
  }

  /**
   * Stops it as on a fast shutdown, and by force when it does not follow. Does nothing when none
   * runs.
   *
   * @return whether none runs any more
   */
  boolean stop(Duration patience) {
    Optional<ProcessHandle> running = find();
    if (running.isEmpty()) {
      return true;
    }
    try {
      // SIGTERM would wait for its clients, and Java has no other signal to send.
      new ProcessBuilder("kill", "-INT", Long.toString(running.get().pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException _) {
      running.get().destroy();
    }
    if (!isGoneWithin(patience)) {
      running.get().destroyForcibly();
    }
    return isGoneWithin(patience);
  }

  /**
   * Makes way for a start, once none runs: PostgreSQL refuses one while the number in its file is
   * any living process's, as it is until a killed one has been reaped, or when it was given out
   * again. A process that shows no command is waited for, since it may be the former.
   */
  void clearStaleFile(Duration patience) throws IOException {
    long start = System.nanoTime();
    while (recorded().filter(process -> process.info().command().isEmpty()).isPresent()
        && System.nanoTime() - start < patience.toNanos()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    if (recorded().isPresent()) {
      Files.deleteIfExists(file());
    }
  }

  private boolean isGoneWithin(Duration patience) {
    long start = System.nanoTime();
    while (find().isPresent()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }

  private Optional<ProcessHandle> recorded() {
    try {
      List<String> lines = Files.readAllLines(file());
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private boolean isOurs(ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    boolean postgres = info.command().filter(command -> command.endsWith("postgres")).isPresent();
    boolean here =
        info.arguments()
            .filter(arguments -> Arrays.asList(arguments).contains(data.toString()))
            .isPresent();
    return process.isAlive() && postgres && here;
  }

  private Path file() {
    return data.resolve("postmaster.pid");
  }
}
