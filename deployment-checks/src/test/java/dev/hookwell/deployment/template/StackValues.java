package dev.hookwell.deployment.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of a template as CloudFormation computes them, given its parameters. A reference to a
 * resource becomes its name; if the resource gets another identifier with each change, its name and
 * its properties.
 *
 * @param parameters those that differ from their defaults
 */
record StackValues(Template template, Map<String, String> parameters) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern FILLED_IN = Pattern.compile("\\$\\{([^}]+)}");

  /**
   * Types of which CloudFormation makes another resource when any property changes, with another
   * identifier. Their reference says "Update requires: Replacement" at every property.
   */
  private static final Set<String> REPLACED = Set.of("AWS::AppConfig::HostedConfigurationVersion");

  /** Every parameter with a value that is not its default. */
  static Map<String, String> changed(Template template) {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, JsonNode> parameter : template.section("Parameters").properties()) {
      values.put(parameter.getKey(), other(parameter.getKey(), parameter.getValue(), "first"));
    }
    return values;
  }

  /** A value that a parameter has neither by default nor in {@link #changed}, where it can. */
  static String other(String name, JsonNode parameter, String which) {
    List<JsonNode> allowed = Template.list(parameter.path("AllowedValues"));
    if (!allowed.isEmpty()) {
      int index = which.equals("first") ? 1 : allowed.size() - 1;
      return index == 1 && !which.equals("first")
          ? allowed.getFirst().asText()
          : allowed.get(index).asText();
    }
    return parameter.path("Type").asText().equals("Number")
        ? String.valueOf(which.length() + 2)
        : which + "-" + name;
  }

  /** A value of the template, computed. */
  JsonNode value(JsonNode written) {
    if (written.isArray()) {
      ArrayNode array = JSON.arrayNode();
      written.forEach(item -> addUnlessNothing(array, item));
      return array;
    }
    if (!written.isObject()) {
      return written;
    }
    if (written.size() == 1) {
      String name = written.fieldNames().next();
      if (name.equals("Ref") || name.equals("Condition") || name.startsWith("Fn::")) {
        return function(name, written.path(name));
      }
    }
    ObjectNode object = JSON.objectNode();
    for (Map.Entry<String, JsonNode> member : written.properties()) {
      JsonNode value = value(member.getValue());
      if (!value.isMissingNode()) {
        object.set(member.getKey(), value);
      }
    }
    return object;
  }

  private void addUnlessNothing(ArrayNode array, JsonNode item) {
    JsonNode value = value(item);
    if (!value.isMissingNode()) {
      array.add(value);
    }
  }

  private JsonNode function(String name, JsonNode argument) {
    return switch (name) {
      case "Ref" -> reference(argument.asText());
      case "Condition" -> JSON.booleanNode(holds(argument.asText()));
      case "Fn::GetAtt" -> JSON.textNode(Template.text(JSON.objectNode().set(name, argument)));
      case "Fn::Sub" -> JSON.textNode(filledIn(argument));
      case "Fn::FindInMap" -> {
        JsonNode keys = value(argument);
        JsonNode found =
            template
                .section("Mappings")
                .path(keys.path(0).asText())
                .path(keys.path(1).asText())
                .path(keys.path(2).asText());
        if (found.isMissingNode()) {
          throw new AssertionError("there is no mapping " + keys);
        }
        yield found;
      }
      case "Fn::If" -> value(argument.path(holds(argument.path(0).asText()) ? 1 : 2));
      case "Fn::Equals" -> {
        if (argument.size() != 2) {
          throw new AssertionError("Fn::Equals compares two values, not " + argument);
        }
        yield JSON.booleanNode(
            value(argument.path(0)).asText().equals(value(argument.path(1)).asText()));
      }
      case "Fn::Not" -> JSON.booleanNode(!value(argument.path(0)).asBoolean());
      default -> throw new AssertionError("the function " + name + " is not known here");
    };
  }

  boolean holds(String condition) {
    JsonNode written = template.section("Conditions").path(condition);
    if (written.isMissingNode()) {
      throw new AssertionError("there is no condition " + condition);
    }
    return value(written).asBoolean();
  }

  private JsonNode reference(String name) {
    if (name.equals("AWS::NoValue")) {
      return JSON.missingNode();
    }
    JsonNode parameter = template.section("Parameters").path(name);
    if (!parameter.isMissingNode()) {
      String value = parameters.get(name);
      return value == null ? parameter.path("Default") : JSON.textNode(value);
    }
    JsonNode resource = template.section("Resources").path(name);
    if (REPLACED.contains(resource.path("Type").asText())) {
      JsonNode properties = value(resource.path("Properties"));
      return JSON.textNode(name + "#" + Integer.toHexString(properties.toString().hashCode()));
    }
    return JSON.textNode(name);
  }

  private String filledIn(JsonNode argument) {
    JsonNode text = argument.isArray() ? argument.path(0) : argument;
    JsonNode own = argument.isArray() ? argument.path(1) : JSON.objectNode();
    Matcher names = FILLED_IN.matcher(text.asText());
    return names.replaceAll(name -> {
      JsonNode given = own.path(name.group(1));
      JsonNode value = given.isMissingNode() ? reference(name.group(1)) : value(given);
      return Matcher.quoteReplacement(value.asText());
    });
  }
}
