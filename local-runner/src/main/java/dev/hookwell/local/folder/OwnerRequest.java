package dev.hookwell.local.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A request of another process to the runner of a data folder. It is a file in the queue's folder,
 * and the response is another one. Only the folder's owner can write there, so no port and no key
 * is needed.
 */
public final class OwnerRequest {
  /** Between two checks for requests. */
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  /** How long the caller waits for the runner to begin. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String DONE = "done\n";
  private static final String FAILED = "failed\n";

  private final Path data;
  private final String asked;
  private final String answered;

  private OwnerRequest(Path data, String asked, String answered) {
    this.data = data;
    this.asked = asked;
    this.answered = answered;
  }

  /** For a backup; the text names its file, and the response says in words what is in it. */
  public static OwnerRequest backup(Path data) {
    return new OwnerRequest(data, ".backup", ".backed-up");
  }

  /** For dead letters to be tried again; the response is their number. */
  public static OwnerRequest redrive(Path data) {
    return new OwnerRequest(data, ".redrive", ".redriven");
  }

  /** Refuses the requests that were made to an earlier runner. Their callers get a failure. */
  public void refuseEarlier() {
    try {
      for (Path answer : files(answered)) {
        Files.deleteIfExists(answer);
      }
      for (Path request : files(asked)) {
        PrivateFiles.write(
            answerTo(request), FAILED + "the runner has only just started: ask again");
        Files.deleteIfExists(request);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(queue())) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private Path queue() {
    return data.resolve("queue");
  }

  /**
   * Serves the requests that are there. The runner calls it every {@link #INTERVAL}.
   *
   * @param work takes the request's text, and gives the response's
   */
  public void serve(UnaryOperator<String> work) {
    try {
      for (Path request : files(asked)) {
        String text = Files.readString(request);
        Files.delete(request);
        PrivateFiles.write(answerTo(request), answer(text, work));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String answer(String text, UnaryOperator<String> work) {
    try {
      return DONE + work.apply(text);
    } catch (DataFolderException e) {
      return FAILED + e.getMessage();
    } catch (RuntimeException e) {
      // Every kind of failure goes to the caller; the runner goes on.
      return FAILED + "the runner failed: " + e;
    }
  }

  private Path answerTo(Path request) {
    return request.resolveSibling(request.getFileName().toString().replace(asked, "") + answered);
  }

  /**
   * Asks the folder's runner, and waits for as long as it takes.
   *
   * @return its response
   * @throws DataFolderException when the runner fails, does not answer, or has ended
   * @throws IOException when the folder cannot be written
   */
  public String ask(String text) throws IOException, InterruptedException {
    Path request = queue().resolve(UUID.randomUUID() + asked);
    PrivateFiles.write(request, text);
    try {
      long begun = System.nanoTime();
      while (Files.exists(request)) {
        if (System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw new DataFolderException("the runner that uses " + data + " does not answer");
        }
        pause();
      }
      while (true) {
        String answer = read(answerTo(request));
        if (answer.startsWith(DONE)) {
          return answer.substring(DONE.length());
        }
        if (answer.startsWith(FAILED)) {
          throw new DataFolderException(answer.substring(FAILED.length()));
        }
        pause();
      }
    } finally {
      Files.deleteIfExists(request);
      Files.deleteIfExists(answerTo(request));
    }
  }

  private void pause() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    if (!DataFolder.isInUse(data)) {
      throw new DataFolderException("the runner ended before it was done: start it again");
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
