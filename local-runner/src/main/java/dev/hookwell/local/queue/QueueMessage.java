package dev.hookwell.local.queue;

import java.time.Instant;

/**
 * A message as it was received.
 *
 * @param id the queue's own; the same each time it is received
 * @param receipt names this receive to the queue
 * @param group the message group: its hook
 * @param body one line of ASCII
 * @param receives how often it has been received, this time included
 */
public record QueueMessage(
    String id,
    String receipt,
    String group,
    String body,
    int receives,
    Instant sentAt,
    Instant firstReceivedAt) {}
