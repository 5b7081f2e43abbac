package dev.hookwell.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The PostgreSQL of one data directory, as processes: the server, found by the file in which it
 * says its number, and its children, known by the programs that they run.
 */
public final class Postmaster {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Path data;
  private final Path programs;

  /** Every program below {@code programs} has to be of this very data directory. */
  public Postmaster(Path data, Path programs) {
    this.data = data;
    this.programs = programs;
  }

  /**
   * The server, while it runs. Numbers are used again, so it must run one of our programs; a dead
   * one that nobody has reaped yet has no command and is none either.
   */
  public Optional<ProcessHandle> find() {
    return recorded().filter(process -> isOurs(process, ourPrograms()));
  }

  /**
   * Stops it as on a fast shutdown, and whatever does not follow by force, its children too: one
   * that hangs would keep the memory that they share, and no other server could start. Does nothing
   * when none runs.
   *
   * @return whether none runs any more
   */
  boolean stop(Duration patience) {
    if (ours().isEmpty()) {
      return true;
    }
    find().ifPresent(Postmaster::interrupt);
    if (find().isEmpty() || !isTrueWithin(patience, () -> ours().isEmpty())) {
      ours().forEach(ProcessHandle::destroyForcibly);
    }
    return isTrueWithin(patience, () -> ours().isEmpty());
  }

  private static void interrupt(ProcessHandle server) {
    try {
      // SIGTERM would wait for its clients, and Java has no other signal to send.
      new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException _) {
      server.destroy();
    }
  }

  /**
   * Makes way for a start, once none runs: PostgreSQL refuses one while the number in its file is
   * any living process's, as it is until a killed one has been reaped, or when it was given out
   * again. A process that shows no command is waited for, since it may be the former.
   */
  void clearStaleFile(Duration patience) throws IOException {
    isTrueWithin(
        patience, () -> recorded().filter(process -> process.info().command().isEmpty()).isEmpty());
    if (recorded().isPresent()) {
      Files.deleteIfExists(file());
    }
  }

  private static boolean isTrueWithin(Duration patience, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }

  /** Also those whose server is dead, and those that a killed runner was preparing it with. */
  private List<ProcessHandle> ours() {
    String folder = ourPrograms();
    return ProcessHandle.allProcesses().filter(process -> isOurs(process, folder)).toList();
  }

  private static boolean isOurs(ProcessHandle process, String folder) {
    return process.info().command().filter(command -> command.startsWith(folder)).isPresent();
  }

  /** As the system tells of programs: without links. */
  private String ourPrograms() {
    try {
      return programs.toRealPath() + "/";
    } catch (IOException _) {
      return programs + "/";
    }
  }

  private Optional<ProcessHandle> recorded() {
    try {
      List<String> lines = Files.readAllLines(file());
      // Negative where it prepares itself and listens nowhere.
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Math.abs(Long.parseLong(lines.getFirst().strip())));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private Path file() {
    return data.resolve("postmaster.pid");
  }
}
