package dev.hookwell.local.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Writes messages as the event that Lambda makes of them. Thread-safe. */
public final class SqsEventWriter {
  private static final String REGION = "us-east-1";

  /** The ARN of the local queue in events. */
  static final String QUEUE_ARN = "arn:aws:sqs:" + REGION + ":000000000000:hookwell-captures";

  private final JsonFactory json = new JsonFactory();

  /** The event in UTF-8. */
  public byte[] write(List<QueueMessage> messages) {
    int size = messages.stream().mapToInt(message -> message.body().length() * 5 / 4 + 600).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    try (JsonGenerator event = json.createGenerator(out)) {
      event.writeStartObject();
      event.writeArrayFieldStart("Records");
      for (QueueMessage message : messages) {
        writeRecord(event, message);
      }
      event.writeEndArray();
      event.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private static void writeRecord(JsonGenerator event, QueueMessage message) throws IOException {
    event.writeStartObject();
    event.writeStringField("messageId", message.id());
    event.writeStringField("receiptHandle", message.receipt());
    event.writeStringField("body", message.body());
    event.writeObjectFieldStart("attributes");
    event.writeStringField("ApproximateReceiveCount", Integer.toString(message.receives()));
    event.writeStringField("SentTimestamp", millis(message.sentAt()));
    event.writeStringField("SenderId", "local");
    event.writeStringField("MessageGroupId", message.group());
    event.writeStringField("ApproximateFirstReceiveTimestamp", millis(message.firstReceivedAt()));
    event.writeEndObject();
    event.writeObjectFieldStart("messageAttributes");
    event.writeEndObject();
    event.writeStringField("md5OfBody", md5(message.body()));
    event.writeStringField("eventSource", "aws:sqs");
    event.writeStringField("eventSourceARN", QUEUE_ARN);
    event.writeStringField("awsRegion", REGION);
    event.writeEndObject();
  }

  private static String millis(Instant time) {
    return Long.toString(time.toEpochMilli());
  }

  private static String md5(String body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      return HexFormat.of().formatHex(digest.digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }
}
