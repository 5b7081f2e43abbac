package dev.hookwell.persist;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hookwell.capture.JsonBytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * A request of CloudFormation to a custom resource, and the responses to it.
 *
 * @param type {@code Create}, {@code Update} or {@code Delete}
 * @param responseUrl the URL that the response is put to
 */
record StackEvent(
    String type, URI responseUrl, String stackId, String requestId, String logicalResourceId) {
  /** CloudFormation takes a response of 4,096 bytes, which includes the other members. */
  static final int LONGEST_REASON = 2048;

  /**
   * The same for as long as the stack lives, so that CloudFormation never replaces the resource.
   */
  private static final String RESOURCE = "hookwell-schema";

  private static final JsonFactory JSON = new JsonFactory();

  static StackEvent read(InputStream in) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(in)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an event of CloudFormation");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        if (json.nextToken() == JsonToken.VALUE_STRING) {
          fields.put(field, json.getText());
        } else {
          json.skipChildren();
        }
      }
    }
    return new StackEvent(
        required(fields, "RequestType"),
        URI.create(required(fields, "ResponseURL")),
        required(fields, "StackId"),
        required(fields, "RequestId"),
        required(fields, "LogicalResourceId"));
  }

  private static String required(Map<String, String> fields, String name) throws IOException {
    String value = fields.get(name);
    if (value == null) {
      throw new IOException("an event of CloudFormation without " + name);
    }
    return value;
  }

  byte[] success() {
    return response("SUCCESS", "");
  }

  /** {@code reason} is shown to the operator; it is cut where it is too long. */
  byte[] failure(String reason) {
    return response("FAILED", reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
  }

  private byte[] response(String status, String reason) {
    return JsonBytes.object(json -> {
      json.writeStringField("Status", status);
      if (!reason.isEmpty()) {
        json.writeStringField("Reason", reason);
      }
      json.writeStringField("PhysicalResourceId", RESOURCE);
      json.writeStringField("StackId", stackId);
      json.writeStringField("RequestId", requestId);
      json.writeStringField("LogicalResourceId", logicalResourceId);
    });
  }
}
