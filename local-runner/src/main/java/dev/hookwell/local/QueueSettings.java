package dev.hookwell.local;

import java.time.Duration;

/**
 * The queue and its dead-letter queue, as {@code template.yaml} sets them. ElasticMQ does not know
 * the two retentions and the message size: it keeps messages for ever and takes 1,048,576
 * characters; our own code holds the line on bytes.
 *
 * @param port the port on 127.0.0.1; 0 takes a free one
 * @param maxReceiveCount after how many receives a message goes to the dead-letter queue
 */
public record QueueSettings(
    int port,
    Duration visibilityTimeout,
    int maxReceiveCount,
    Duration retention,
    Duration deadLetterRetention,
    int maximumMessageBytes) {

  /** The template's values, on a free port. */
  public static QueueSettings ofTemplate() {
    return new QueueSettings(
        0, Duration.ofSeconds(70), 500, Duration.ofDays(7), Duration.ofDays(14), 1_048_576);
  }

  /** The same on another port. */
  public QueueSettings withPort(int other) {
    return new QueueSettings(
        other,
        visibilityTimeout,
        maxReceiveCount,
        retention,
        deadLetterRetention,
        maximumMessageBytes);
  }

  /** The same with another way to the dead-letter queue. */
  public QueueSettings withRedrive(Duration visibility, int receives) {
    return new QueueSettings(
        port, visibility, receives, retention, deadLetterRetention, maximumMessageBytes);
  }
}
