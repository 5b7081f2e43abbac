package dev.hookwell.local.bodies;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Sha256;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.folder.PrivateFiles;
import dev.hookwell.local.machine.RepeatedTask;
import dev.hookwell.local.machine.SteadyTime;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.store.BodyObjects;
import dev.hookwell.store.HookLimits;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bodies that are too large for a message, in the data folder. */
public final class LocalBodies {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBodies.class);

  /** The longest time that a message may wait, in the queue and as a dead letter. */
  public static final Duration LONGEST_WAY = Duration.ofDays(21);

  /** From the start to the first check for bodies without a message; senders go first. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /** Between two checks for bodies without a message. */
  private static final Duration LOOKS = Duration.ofMinutes(1);

  private static final Duration INTERVAL = Duration.ofHours(1);

  /** How far before the start the check for bodies without a message reaches. */
  private static final Duration RECENT = Duration.ofHours(1);

  /** The file that names the database which has the rows of the bodies, and since when. */
  private static final String ROWS_IN = "bodies-of";

  private static final String BUILT_IN = "built-in";

  private LocalBodies() {}

  /**
   * Opens the store of bodies; it refuses a body that the outbox's disk has no room for.
   *
   * @throws DataFolderException when the folder cannot be used
   */
  public static FolderBodyStore open(DataFolder folder, Outbox outbox) {
    try {
      return FolderBodyStore.open(folder.bodies(), outbox::hasRoom);
    } catch (IOException e) {
      throw new DataFolderException(
          "the folder " + folder.bodies() + " cannot be made or written", e);
    }
  }

  /**
   * The time since which a body without a row and without a message was never acknowledged. For
   * bodies put before, or while the folder had another database, this database's rows prove
   * nothing: it may be an earlier state of the same database, or an empty one in its place.
   *
   * @param databaseUrl of a database that is not the built-in one
   * @param madeAt when the database's schema was made
   * @throws DataFolderException when the folder cannot be used
   */
  public static Instant since(
      DataFolder folder, Optional<String> databaseUrl, Instant madeAt, Instant now) {
    Path file = folder.root().resolve(ROWS_IN);
    String name = name(databaseUrl.orElse(BUILT_IN) + " " + madeAt);
    Instant recently = now.minus(RECENT);
    try {
      Optional<Instant> known = read(file, name);
      if (known.isPresent()) {
        return known.get().isAfter(recently) ? known.get() : recently;
      }
      Instant since = afterAllIn(folder.bodies(), now);
      PrivateFiles.write(file, name + "\n" + since + "\n");
      return since;
    } catch (IOException e) {
      throw new DataFolderException("the file " + file + " cannot be read or written", e);
    }
  }

  private static String name(String database) {
    return Sha256.of(Body.copyOf(database.getBytes(StandardCharsets.UTF_8))).hex();
  }

  private static Optional<Instant> read(Path file, String name) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (lines.size() != 2 || !lines.getFirst().equals(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(lines.get(1)));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /** Now, or just after the newest file when the clock is behind it. */
  private static Instant afterAllIn(Path bodies, Instant now) throws IOException {
    Instant after = now;
    try (Stream<Path> files = Files.walk(bodies)) {
      for (Path file : files.toList()) {
        Instant changed = Files.getLastModifiedTime(file).toInstant();
        after = changed.isBefore(after) ? after : changed.plusMillis(1);
      }
    }
    return after;
  }

  /**
   * Starts to remove, repeatedly, bodies that a killed runner had put and not queued a message for.
   * To be called before the gateway takes requests.
   *
   * @throws DataFolderException when the folder cannot be used
   */
  public static RepeatedTask removeUnsent(
      FolderBodyStore bodies, Outbox outbox, BodyObjects rows, Instant since, Clock clock) {
    UnsentBodies unsent;
    try {
      unsent =
          new UnsentBodies(
              bodies,
              outbox,
              rows,
              since,
              clock,
              SteadyTime.from(clock.instant(), System::nanoTime));
    } catch (IOException e) {
      throw new DataFolderException("the bodies of the data folder cannot be read", e);
    }
    return RepeatedTask.start(
        "bodies without a message",
        SOON,
        LOOKS,
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
   * Starts to remove, repeatedly, bodies so old that no capture can point to them. A bucket has a
   * lifecycle rule for this.
   */
  public static RepeatedTask expire(FolderBodyStore bodies, HookLimits limits, Clock clock) {
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
