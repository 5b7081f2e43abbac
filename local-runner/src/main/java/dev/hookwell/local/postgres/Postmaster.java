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
 * The processes of PostgreSQL on one data directory: the server, found by its PID file, and its
 * children, known by the programs that they run.
 */
public final class Postmaster {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Path data;
  private final Path programs;

  /** No other data directory may use the programs below {@code programs}. */
  public Postmaster(Path data, Path programs) {
    this.data = data;
    this.programs = programs;
  }

  /**
   * The server, while it runs. PIDs are used again, so it must run one of our programs. A zombie
   * has no command, and is no server either.
   */
  public Optional<ProcessHandle> find() {
    return recorded().filter(process -> isOurs(process, ourPrograms()));
  }

  /**
   * Stops the server by a fast shutdown, and then kills all processes that are left, its children
   * too. A child that hangs would keep the shared memory, and no other server could start. Does
   * nothing when none runs.
   *
   * @return whether no process is left
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
   * Removes a stale PID file, once no server runs: PostgreSQL does not start while the PID in it is
   * that of any process. That may be a killed server that is not reaped yet, or another process
   * with the same PID. A process that shows no command may be the former, so its end is waited for.
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

  /**
   * All processes that run our programs: also children of a dead server, and programs by which a
   * killed runner was preparing a start.
   */
  private List<ProcessHandle> ours() {
    String folder = ourPrograms();
    return ProcessHandle.allProcesses().filter(process -> isOurs(process, folder)).toList();
  }

  private static boolean isOurs(ProcessHandle process, String folder) {
    return process.info().command().filter(command -> command.startsWith(folder)).isPresent();
  }

  /** The folder of our programs without links, as the system shows commands. */
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
      // The PID is negative in single-user mode, in which the server listens nowhere.
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
