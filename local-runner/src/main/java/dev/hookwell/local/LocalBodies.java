package dev.hookwell.local;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Sha256;
import dev.hookwell.store.BodyObjects;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bodies that are too large for a message, in the data folder. */
public final class LocalBodies {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBodies.class);

  /** The longest time that a message may wait, in the queue and as a dead letter. */
  public static final Duration LONGEST_WAY = Duration.ofDays(21);

  /** After the start, when senders have their turn. */
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final Duration INTERVAL = Duration.ofHours(1);

  /** The file that names the database which has the rows of the bodies, and since when. */
  private static final String ROWS_IN = "bodies-of";

  private static final String BUILT_IN = "built-in";

  private LocalBodies() {}

  /**
   * @throws DataFolderException when the folder cannot be used
   */
  static FolderBodyStore open(DataFolder folder, Outbox outbox) {
    try {
      return FolderBodyStore.open(folder.bodies(), outbox::hasRoom);
    } catch (IOException e) {
      throw new DataFolderException(
          "the folder " + folder.bodies() + " cannot be made or written", e);
    }
  }

  /**
   * Since when the bodies of this folder have their rows in this database. Of what was put before,
   * for another one, this one's rows say nothing.
   *
   * @param databaseUrl of a database that is not the built-in one
   * @throws DataFolderException when the folder cannot be used
   */
  static Instant since(DataFolder folder, Optional<String> databaseUrl, Instant now) {
    Path file = folder.root().resolve(ROWS_IN);
    String name =
        databaseUrl
            .map(url -> Sha256.of(Body.copyOf(url.getBytes(StandardCharsets.UTF_8))).hex())
            .orElse(BUILT_IN);
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2 && lines.getFirst().equals(name)) {
        try {
          return Instant.parse(lines.get(1));
        } catch (DateTimeParseException _) {
          // As if it were not there.
        }
      }
      write(folder, name, now);
      return now;
    } catch (IOException e) {
      throw new DataFolderException("the file " + file + " cannot be read or written", e);
    }
  }

  /** Notes that the built-in database has the rows of all bodies, whenever they were put. */
  static void ownRows(DataFolder folder) throws IOException {
    write(folder, BUILT_IN, Instant.EPOCH);
  }

  private static void write(DataFolder folder, String name, Instant since) throws IOException {
    PrivateFiles.write(folder.root().resolve(ROWS_IN), name + "\n" + since + "\n");
  }

  /**
   * Removes again and again what a killed runner left between a body and its message. To be called
   * before anybody can send.
   *
   * @throws DataFolderException when the folder cannot be used
   */
  static RepeatedTask removeUnsent(
      FolderBodyStore bodies,
      Outbox outbox,
      Database database,
      Instant since,
      Clock clock,
      Retries retries) {
    UnsentBodies unsent;
    try {
      unsent =
          new UnsentBodies(
              bodies,
              outbox,
              new BodyObjects(database, retries),
              since,
              clock,
              SteadyTime.from(clock.instant(), System::nanoTime));
    } catch (IOException e) {
      throw new DataFolderException("the bodies of the data folder cannot be read", e);
    }
    return RepeatedTask.start(
        "bodies without a message",
        SOON,
        LocalSystem.RETENTION_INTERVAL,
        () -> {
          try {
            int removed = unsent.look();
            if (removed > 0) {
              LOG.info("removed bodies that were not acknowledged: {}", removed);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * Removes again and again what no capture can point to any more, whatever left it. A bucket has a
   * lifecycle rule for it.
   */
  static RepeatedTask expire(FolderBodyStore bodies, HookLimits limits, Clock clock) {
    Duration life =
        limits.captureLife().compareTo(LONGEST_WAY) > 0 ? limits.captureLife() : LONGEST_WAY;
    return RepeatedTask.start(
        "bodies",
        INTERVAL,
        () -> {
          try {
            int expired = bodies.expire(clock.instant().minus(life));
            if (expired > 0) {
              LOG.info("removed {} bodies that no capture points to", expired);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
