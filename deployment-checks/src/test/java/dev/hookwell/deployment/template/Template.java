package dev.hookwell.deployment.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A CloudFormation template, in YAML or JSON, as a tree. CloudFormation's short tags become their
 * long forms: {@code !GetAtt A.Arn} is {@code {"Fn::GetAtt": ["A", "Arn"]}}.
 */
public record Template(JsonNode root) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The one at the root of the repository. */
  public static final Path SOURCE = Path.of("..", "template.yaml");

  public static Template read(Path file) {
    try {
      return new Template(parse(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A template's text, or that of a value in it. */
  static JsonNode parse(String text) {
    return tree(new Compose(LoadSettings.builder().build()).composeString(text).orElseThrow());
  }

  private static JsonNode tree(Node node) {
    if (node.getAnchor().isPresent()) {
      throw new IllegalArgumentException("CloudFormation takes no anchors: " + node.getAnchor());
    }
    JsonNode plain =
        switch (node) {
          case MappingNode mapping -> object(mapping);
          case SequenceNode sequence -> {
            ArrayNode array = JSON.arrayNode();
            sequence.getValue().forEach(item -> array.add(tree(item)));
            yield array;
          }
          case ScalarNode scalar -> scalar(scalar);
          default -> throw new IllegalArgumentException("an unknown kind of node: " + node);
        };
    String tag = node.getTag().getValue();
    return tag.startsWith("!") ? function(tag.substring(1), plain) : plain;
  }

  private static ObjectNode object(MappingNode mapping) {
    ObjectNode object = JSON.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      String key = ((ScalarNode) entry.getKeyNode()).getValue();
      if (object.has(key)) {
        throw new IllegalArgumentException("the key " + key + " stands twice");
      }
      object.set(key, tree(entry.getValueNode()));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String value = scalar.getValue();
    return switch (scalar.getTag().getValue()) {
      case "tag:yaml.org,2002:int" -> JSON.numberNode(Long.parseLong(value));
      case "tag:yaml.org,2002:bool" -> JSON.booleanNode(Boolean.parseBoolean(value));
      default -> JSON.textNode(value);
    };
  }

  private static ObjectNode function(String name, JsonNode argument) {
    return switch (name) {
      case "Ref", "Condition" -> JSON.objectNode().set(name, argument);
      case "GetAtt" -> {
        ArrayNode parts = JSON.arrayNode();
        List.of(argument.asText().split("\\.", 2)).forEach(parts::add);
        yield JSON.objectNode().set("Fn::GetAtt", parts);
      }
      default -> JSON.objectNode().set("Fn::" + name, argument);
    };
  }

  public JsonNode section(String name) {
    return root.path(name);
  }

  public JsonNode resource(String name) {
    JsonNode resource = root.path("Resources").path(name);
    if (resource.isMissingNode()) {
      throw new AssertionError("there is no resource " + name);
    }
    return resource;
  }

  public JsonNode properties(String name) {
    return resource(name).path("Properties");
  }

  /** The names of all resources of a type. */
  public List<String> ofType(String type) {
    return root.path("Resources").properties().stream()
        .filter(resource -> resource.getValue().path("Type").asText().equals(type))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The environment of a function: variables and values as written. */
  Map<String, JsonNode> environment(String function) {
    return properties(function).path("Environment").path("Variables").properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** One variable of a function's environment, as written; missing where there is none. */
  public JsonNode variable(String function, String name) {
    return properties(function).path("Environment").path("Variables").path(name);
  }

  /** A value, looked up where it is one of the template's mappings with a fixed key. */
  JsonNode value(JsonNode written) {
    JsonNode keys = written.path("Fn::FindInMap");
    return keys.isMissingNode()
        ? written
        : section("Mappings")
            .path(keys.path(0).asText())
            .path(keys.path(1).asText())
            .path(keys.path(2).asText());
  }

  /** One item or a list of them, as a list. */
  public static List<JsonNode> list(JsonNode oneOrMore) {
    List<JsonNode> list = new ArrayList<>();
    if (oneOrMore.isArray()) {
      oneOrMore.forEach(list::add);
    } else if (!oneOrMore.isMissingNode()) {
      list.add(oneOrMore);
    }
    return list;
  }

  /** A short word for a value: {@code Queue.Arn}, {@code If(HasDomain, a, b)}, or itself. */
  public static String text(JsonNode value) {
    if (value.size() != 1 || !value.isObject()) {
      return value.isValueNode() ? value.asText() : value.toString();
    }
    Map.Entry<String, JsonNode> function = value.properties().iterator().next();
    List<JsonNode> arguments = list(function.getValue());
    return switch (function.getKey()) {
      case "Ref", "Fn::Sub" -> text(function.getValue());
      case "Fn::GetAtt" ->
          arguments.stream().map(JsonNode::asText).collect(Collectors.joining("."));
      case "Fn::If" ->
          arguments.stream().map(Template::text).collect(Collectors.joining(", ", "If(", ")"));
      default -> value.toString();
    };
  }
}
