package dev.hookwell.benchmarks;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.persist.PersistHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Invokes persist as Lambda's runtime does: JSON in and out, through the runtime's serialisers. */
final class BatchInvocation {
  private static final JsonFactory JSON = new JsonFactory();

  private final PersistHandler handler;
  private final PojoSerializer<SQSEvent> events =
      LambdaEventSerializers.serializerFor(SQSEvent.class, BatchInvocation.class.getClassLoader());
  private final PojoSerializer<SQSBatchResponse> responses =
      JacksonFactory.getInstance().getSerializer(SQSBatchResponse.class);

  BatchInvocation(PersistHandler handler) {
    this.handler = handler;
  }

  void invoke(byte[] event) {
    SQSBatchResponse response =
        handler.handleRequest(
            events.fromJson(new ByteArrayInputStream(event)), new Invocation(10_000));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    responses.toJson(response, out);
    if (!response.getBatchItemFailures().isEmpty()) {
      throw new IllegalStateException("not all stored");
    }
  }

  /** The event that the event source mapping makes of captures. */
  static byte[] event(List<Capture> batch) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096 * batch.size());
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("Records");
      for (Capture capture : batch) {
        json.writeStartObject();
        json.writeStringField("messageId", capture.id().toString());
        json.writeStringField("receiptHandle", "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a");
        json.writeStringField("body", EnvelopeWriter.write(capture).text());
        json.writeObjectFieldStart("attributes");
        json.writeStringField("ApproximateReceiveCount", "1");
        json.writeStringField("SentTimestamp", Long.toString(capture.receivedAt().toEpochMilli()));
        json.writeStringField("SenderId", "AIDAIENQZJOLO23YVJ4VO");
        json.writeStringField(
            "ApproximateFirstReceiveTimestamp",
            Long.toString(capture.receivedAt().toEpochMilli() + 9));
        json.writeEndObject();
        json.writeObjectFieldStart("messageAttributes");
        json.writeEndObject();
        json.writeStringField("md5OfBody", "e4e68fb7bd0e697a0ae8f1bb342846b3");
        json.writeStringField("eventSource", "aws:sqs");
        json.writeStringField("eventSourceARN", "arn:aws:sqs:us-east-1:000000000000:captures");
        json.writeStringField("awsRegion", "us-east-1");
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }
}
