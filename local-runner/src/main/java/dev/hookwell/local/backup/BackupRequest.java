package dev.hookwell.local.backup;

import dev.hookwell.local.folder.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How another process asks a running runner for a backup: by a file in the queue's folder, which
 * only their common owner can write, so no port and no key is needed. The runner answers with
 * another one.
 */
public final class BackupRequest {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String ASKED = ".backup";
  private static final String ANSWERED = ".backed-up";
  private static final String DONE = "done\n";
  private static final String FAILED = "failed\n";

  private final Path folder;

  public BackupRequest(Path queueFolder) {
    this.folder = queueFolder;
  }

  /** What an earlier runner was asked for is not done by this one: nobody waits for it. */
  public void forgetEarlier() {
    try {
      for (Path earlier : files(ASKED)) {
        Files.deleteIfExists(earlier);
      }
      for (Path earlier : files(ANSWERED)) {
        Files.deleteIfExists(earlier);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /**
   * What the runner does now and then: nothing, unless it was asked.
   *
   * @param backup writes a file and says in words what is in it
   */
  public void serve(Function<Path, String> backup) {
    try {
      for (Path asked : files(ASKED)) {
        String file = Files.readString(asked);
        Files.delete(asked);
        PrivateFiles.write(answer(asked), answer(file, backup));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String answer(String file, Function<Path, String> backup) {
    try {
      return DONE + backup.apply(Path.of(file));
    } catch (BackupException e) {
      return FAILED + e.getMessage();
    } catch (RuntimeException e) {
      // Who asked is told of every kind; the runner goes on.
      return FAILED + "the runner failed: " + e;
    }
  }

  private static Path answer(Path asked) {
    return asked.resolveSibling(asked.getFileName().toString().replace(ASKED, "") + ANSWERED);
  }

  /**
   * Asks the runner of this folder, and waits for as long as it takes.
   *
   * @param file absolute
   * @param patience until the runner begins
   * @param runs whether the runner is still there
   * @return what it says is in the backup
   * @throws BackupException when it can't, or is there no more
   */
  String ask(Path file, Duration patience, BooleanSupplier runs)
      throws IOException, InterruptedException {
    Path asked = folder.resolve(UUID.randomUUID() + ASKED);
    PrivateFiles.write(asked, file.toString());
    try {
      long begun = System.nanoTime();
      while (Files.exists(asked)) {
        if (System.nanoTime() - begun > patience.toNanos()) {
          throw new BackupException("the runner that uses the data folder does not answer");
        }
        pause(runs);
      }
      while (true) {
        String answer = read(answer(asked));
        if (answer.startsWith(DONE)) {
          return answer.substring(DONE.length());
        }
        if (answer.startsWith(FAILED)) {
          throw new BackupException(answer.substring(FAILED.length()));
        }
        pause(runs);
      }
    } finally {
      Files.deleteIfExists(asked);
      Files.deleteIfExists(answer(asked));
    }
  }

  private static void pause(BooleanSupplier runs) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    if (!runs.getAsBoolean()) {
      throw new BackupException("the runner ended before the backup was whole: start it again");
    }
  }

  private static String read(Path answer) throws IOException {
    try {
      return Files.readString(answer);
    } catch (NoSuchFileException _) {
      return "";
    }
  }
}
