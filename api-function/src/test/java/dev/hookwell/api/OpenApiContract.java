package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Checks responses of the API against {@code openapi.json}: it has to describe all of them. */
public final class OpenApiContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = document();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<String, Schema> KNOWN = new ConcurrentHashMap<>();

  private OpenApiContract() {}

  /**
   * Fails unless the document describes this response to this call.
   *
   * @param contentType empty when the response has none
   */
  public static void check(
      String method, String path, int status, String contentType, byte[] body) {
    String template = template(path);
    String call = method + " " + template + " answered " + status;
    JsonNode operation = DOCUMENT.at("/paths").path(template).path(method.toLowerCase(Locale.ROOT));
    assertTrue(describes(method, path), call + ": no such operation");
    JsonNode response = operation.path("responses").path(String.valueOf(status));
    assertTrue(response.isObject(), call + ": no such response");
    JsonNode content = response.path("content");
    if (!content.isObject()) {
      assertEquals(0, body.length, call + ": a body that is not described");
      return;
    }
    JsonNode media = content.path(contentType);
    assertTrue(media.isObject(), call + ": " + contentType + " is not described");
    if (media.has("schema")) {
      validate(call, media.get("schema"), contentType, body);
    }
  }

  /** Whether the document has this operation. */
  public static boolean describes(String method, String path) {
    return DOCUMENT
        .at("/paths")
        .path(template(path))
        .path(method.toLowerCase(Locale.ROOT))
        .isObject();
  }

  /** All operations of the document, each as its method and its path. */
  static Set<String> operations() {
    return DOCUMENT
        .get("paths")
        .propertyStream()
        .flatMap(path ->
            path.getValue()
                .propertyStream()
                .map(Map.Entry::getKey)
                .filter(member -> !member.equals("parameters"))
                .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .collect(Collectors.toSet());
  }

  private static void validate(String call, JsonNode schema, String contentType, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    JsonNode value;
    try {
      value = contentType.endsWith("json") ? parse(contentType, text) : JSON.valueToTree(text);
    } catch (IOException e) {
      throw new AssertionError(call + ": not JSON: " + text, e);
    }
    List<com.networknt.schema.Error> errors = schema(schema).validate(value);
    assertEquals(List.of(), errors, call + ": " + text);
  }

  private static JsonNode parse(String contentType, String text) throws IOException {
    return contentType.endsWith("ndjson") ? JSON.valueToTree(text) : JSON.readTree(text);
  }

  private static Schema schema(JsonNode schema) {
    return KNOWN.computeIfAbsent(
        schema.toString(),
        _ -> {
          ObjectNode whole = schema.deepCopy();
          whole.set("components", DOCUMENT.get("components"));
          return SCHEMAS.getSchema(whole);
        });
  }

  /** The document's path for a path of a request. */
  private static String template(String path) {
    List<String> parts = List.of(path.split("/", -1));
    StringBuilder template = new StringBuilder();
    for (int i = 1; i < parts.size(); i++) {
      boolean ofHook = parts.size() > 3 && parts.get(2).equals("hooks");
      boolean variable = ofHook && (i == 3 || (i == 5 && parts.get(4).equals("captures")));
      template.append('/').append(variable ? i == 3 ? "{hook}" : "{ref}" : parts.get(i));
    }
    return template.toString();
  }

  private static JsonNode document() {
    try (InputStream in =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
