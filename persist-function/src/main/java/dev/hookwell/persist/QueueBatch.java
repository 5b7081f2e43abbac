package dev.hookwell.persist;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import java.util.ArrayList;
import java.util.List;

/**
 * A parsed SQS batch. No other class uses the event's objects, whose fields may be null.
 *
 * @param captures in the order of the batch
 * @param poison the messages that this version cannot read
 */
record QueueBatch(List<Delivered> captures, List<Poison> poison) {
  QueueBatch {
    captures = List.copyOf(captures);
    poison = List.copyOf(poison);
  }

  /**
   * @param redelivered whether SQS has delivered it before
   */
  record Delivered(String messageId, Capture capture, boolean redelivered) {}

  record Poison(String messageId, String cause) {}

  static QueueBatch read(SQSEvent event) {
    List<Delivered> captures = new ArrayList<>();
    List<Poison> poison = new ArrayList<>();
    List<SQSEvent.SQSMessage> records = event.getRecords() == null ? List.of() : event.getRecords();
    for (SQSEvent.SQSMessage message : records) {
      String id = message.getMessageId();
      String body = message.getBody() == null ? "" : message.getBody();
      switch (EnvelopeReader.read(body)) {
        case EnvelopeReading.Read read ->
            captures.add(new Delivered(id, read.capture(), redelivered(message)));
        case EnvelopeReading.UnknownVersion unknown ->
            poison.add(new Poison(id, "envelope version " + unknown.version()));
        case EnvelopeReading.Malformed malformed -> poison.add(new Poison(id, malformed.reason()));
      }
    }
    return new QueueBatch(captures, poison);
  }

  private static boolean redelivered(SQSEvent.SQSMessage message) {
    return message.getAttributes() != null
        && !"1".equals(message.getAttributes().getOrDefault("ApproximateReceiveCount", "1"));
  }
}
