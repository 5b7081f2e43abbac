package dev.hookwell.local;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.store.HookLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bodies that are too large for a message, in the data folder. */
public final class LocalBodies {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBodies.class);

  /** The longest time that a message may wait, in the queue and as a dead letter. */
  public static final Duration LONGEST_WAY = Duration.ofDays(21);

  private static final Duration INTERVAL = Duration.ofHours(1);

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
   * Removes again and again what no capture can point to any more: what a killed runner left
   * between a body and its message. A bucket has a lifecycle rule for it.
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
