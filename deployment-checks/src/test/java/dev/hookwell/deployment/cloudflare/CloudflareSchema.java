package dev.hookwell.deployment.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An extract of the schema of Cloudflare's provider, version 5.22.0: the attributes of four
 * resources that may be set, their types, and whether they have to be. Terraform's own validation
 * overlooks a misspelt attribute inside a list of rules; this does not.
 */
final class CloudflareSchema {
  private static final String SOURCE = "/cloudflare/schema-5.22.0.json";

  private final JsonNode resources;

  private CloudflareSchema(JsonNode resources) {
    this.resources = resources;
  }

  static CloudflareSchema read() {
    try (InputStream source = CloudflareSchema.class.getResourceAsStream(SOURCE)) {
      return new CloudflareSchema(new ObjectMapper().readTree(source));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The faults of a resource, a text each; none if it is right. */
  List<String> faults(String type, JsonNode attributes) {
    List<String> faults = new ArrayList<>();
    if (resources.has(type)) {
      check(type, resources.path(type), attributes, faults);
    } else {
      faults.add(type + " is no resource");
    }
    return faults;
  }

  private static void check(String at, JsonNode known, JsonNode given, List<String> faults) {
    if (!given.isObject()) {
      faults.add(at + " is to be an object");
      return;
    }
    for (Map.Entry<String, JsonNode> attribute : known.properties()) {
      if (attribute.getValue().path("required").asBoolean() && !given.has(attribute.getKey())) {
        faults.add(at + "." + attribute.getKey() + " is missing");
      }
    }
    for (Map.Entry<String, JsonNode> attribute : given.properties()) {
      String name = at + "." + attribute.getKey();
      JsonNode type = known.path(attribute.getKey());
      JsonNode value = attribute.getValue();
      if (type.isMissingNode()) {
        faults.add(name + " is unknown");
      } else if (type.has("single")) {
        check(name, type.path("single"), value, faults);
      } else if (type.has("list") || type.has("map")) {
        if (type.has("list") ? !value.isArray() : !value.isObject()) {
          faults.add(name + " is to be a " + (type.has("list") ? "list" : "map"));
        }
        JsonNode each = type.has("list") ? type.path("list") : type.path("map");
        value.forEach(item -> check(name, each, item, faults));
      } else if (!fits(type.path("type").asText(), value)) {
        faults.add(name + " is to be " + type.path("type").asText() + ", not " + value);
      }
    }
  }

  /** A text may be an expression for Terraform to compute, with a value of any type. */
  private static boolean fits(String type, JsonNode value) {
    return switch (type) {
      case "string" -> value.isTextual();
      case "number" -> value.isNumber() || isComputed(value);
      case "bool" -> value.isBoolean() || isComputed(value);
      case "list of string", "set of string", "list of number" -> value.isArray();
      default -> true;
    };
  }

  private static boolean isComputed(JsonNode value) {
    return value.isTextual() && value.asText().matches("(var|local|length)\\b.*");
  }
}
