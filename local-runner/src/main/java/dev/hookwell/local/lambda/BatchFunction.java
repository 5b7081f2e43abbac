package dev.hookwell.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A function that takes batches of messages, invoked as Lambda's runtime does it: event and
 * response cross as JSON, through the runtime's own serialisers. Thread-safe when its handler is.
 */
public final class BatchFunction {
  private static final JsonFactory JSON = new JsonFactory();

  private final String name;
  private final RequestHandler<SQSEvent, SQSBatchResponse> handler;
  private final Clock clock;
  private final Duration timeout;
  private final PojoSerializer<SQSEvent> events =
      LambdaEventSerializers.serializerFor(SQSEvent.class, BatchFunction.class.getClassLoader());
  private final PojoSerializer<SQSBatchResponse> responses =
      JacksonFactory.getInstance().getSerializer(SQSBatchResponse.class);

  public BatchFunction(
      String name,
      RequestHandler<SQSEvent, SQSBatchResponse> handler,
      Clock clock,
      Duration timeout) {
    this.name = name;
    this.handler = handler;
    this.clock = clock;
    this.timeout = timeout;
  }

  public Duration timeout() {
    return timeout;
  }

  /**
   * Invokes the handler.
   *
   * @return the ids that it reports as failed, unchecked
   * @throws IOException when its response cannot be read
   */
  public Set<String> invoke(byte[] event) throws IOException {
    SQSEvent input = events.fromJson(new ByteArrayInputStream(event));
    LocalContext context = new LocalContext(name, UUID.randomUUID().toString(), clock, timeout);
    @Nullable SQSBatchResponse response = handler.handleRequest(input, context);
    if (response == null) {
      return Set.of();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    responses.toJson(response, out);
    return failures(out.toString(StandardCharsets.UTF_8));
  }

  /** The failed ids of a response. No response and an empty list both mean that all went well. */
  static Set<String> failures(String response) throws IOException {
    Set<String> ids = new HashSet<>();
    try (JsonParser parser = JSON.createParser(response)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return ids;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("batchItemFailures") && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            ids.add(identifier(parser));
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return ids;
  }

  /** The id of an item; the empty id when it has no usable one. */
  private static String identifier(JsonParser parser) throws IOException {
    String identifier = "";
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("itemIdentifier");
        if (parser.nextToken() == JsonToken.VALUE_STRING && wanted) {
          identifier = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } else {
      parser.skipChildren();
    }
    return identifier;
  }
}
