package dev.hookwell.local.queue;

import dev.hookwell.capture.Envelope;
import java.time.Duration;

/**
 * The queue and its dead letters, as {@code template.yaml} sets them. Its two retentions are left
 * out: on one machine nothing that was acknowledged leaves the queue unstored.
 *
 * @param visibilityTimeout how long a message stays away that was received and neither deleted nor
 *     returned
 * @param maxReceiveCount after how many receives in vain a message becomes a dead letter
 */
public record QueueSettings(
    Duration visibilityTimeout, int maxReceiveCount, int maximumMessageBytes) {

  /** The template's values. */
  public static QueueSettings ofTemplate() {
    return new QueueSettings(Duration.ofSeconds(70), 500, Envelope.MAX_BYTES);
  }

  /** The same with other values that lead to the dead letters. */
  public QueueSettings withRedrive(Duration visibility, int receives) {
    return new QueueSettings(visibility, receives, maximumMessageBytes);
  }
}
