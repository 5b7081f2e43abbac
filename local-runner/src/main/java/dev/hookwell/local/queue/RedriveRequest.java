package dev.hookwell.local.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * How another process asks a running runner to feed its dead letters again: by a file in the
 * queue's folder, which only their common owner can write. The runner answers with another one.
 */
public final class RedriveRequest {
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Path request;
  private final Path answer;

  public RedriveRequest(Path queueFolder) {
    this.request = queueFolder.resolve("redrive");
    this.answer = queueFolder.resolve("redriven");
  }

  /** What the runner does every {@link #INTERVAL}: nothing, unless it was asked. */
  public void serve(Outbox outbox) {
    if (!Files.exists(request)) {
      return;
    }
    try {
      Path unfinished = answer.resolveSibling("redriven.new");
      Files.writeString(unfinished, Integer.toString(outbox.redrive()));
      Files.deleteIfExists(request);
      Files.move(unfinished, answer, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asks the runner of this folder.
   *
   * @return how many dead letters it fed again; nothing when it did not answer in time
   */
  OptionalInt ask(Duration patience) throws IOException, InterruptedException {
    Files.deleteIfExists(answer);
    try {
      Files.createFile(request);
    } catch (FileAlreadyExistsException _) {
      // Somebody else has asked and left; the answer is for both.
    }
    try {
      for (long left = patience.dividedBy(PAUSE); left > 0; left--) {
        if (Files.exists(answer)) {
          OptionalInt fed = OptionalInt.of(Integer.parseInt(Files.readString(answer)));
          Files.deleteIfExists(answer);
          return fed;
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
      return OptionalInt.empty();
    } finally {
      Files.deleteIfExists(request);
    }
  }
}
