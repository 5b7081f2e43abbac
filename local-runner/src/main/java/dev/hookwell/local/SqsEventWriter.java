package dev.hookwell.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Writes messages as the event that Lambda makes of them. Thread-safe. */
final class SqsEventWriter {
  private final JsonFactory json = new JsonFactory();
  private final String queueArn;

  SqsEventWriter(String queueArn) {
    this.queueArn = queueArn;
  }

  /** The event in UTF-8. */
  byte[] write(List<Message> messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator event = json.createGenerator(out)) {
      event.writeStartObject();
      event.writeArrayFieldStart("Records");
      for (Message message : messages) {
        writeRecord(event, message);
      }
      event.writeEndArray();
      event.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private void writeRecord(JsonGenerator event, Message message) throws IOException {
    event.writeStartObject();
    event.writeStringField("messageId", message.messageId());
    event.writeStringField("receiptHandle", message.receiptHandle());
    event.writeStringField("body", message.body());
    event.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : message.attributesAsStrings().entrySet()) {
      event.writeStringField(attribute.getKey(), attribute.getValue());
    }
    event.writeEndObject();
    event.writeObjectFieldStart("messageAttributes");
    for (Map.Entry<String, MessageAttributeValue> attribute :
        message.messageAttributes().entrySet()) {
      writeAttribute(event, attribute.getKey(), attribute.getValue());
    }
    event.writeEndObject();
    event.writeStringField("md5OfBody", message.md5OfBody());
    event.writeStringField("eventSource", "aws:sqs");
    event.writeStringField("eventSourceARN", queueArn);
    event.writeStringField("awsRegion", LocalQueue.REGION.id());
    event.writeEndObject();
  }

  private static void writeAttribute(
      JsonGenerator event, String name, MessageAttributeValue attribute) throws IOException {
    event.writeObjectFieldStart(name);
    if (attribute.stringValue() != null) {
      event.writeStringField("stringValue", attribute.stringValue());
    }
    if (attribute.binaryValue() != null) {
      event.writeBinaryField("binaryValue", attribute.binaryValue().asByteArray());
    }
    event.writeArrayFieldStart("stringListValues");
    event.writeEndArray();
    event.writeArrayFieldStart("binaryListValues");
    event.writeEndArray();
    event.writeStringField("dataType", attribute.dataType());
    event.writeEndObject();
  }
}
