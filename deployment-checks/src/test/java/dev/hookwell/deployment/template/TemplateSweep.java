package dev.hookwell.deployment.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every small change of a template: each value altered or taken away, and one put in. */
final class TemplateSweep {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Template template;
  private final List<Change> changes = new ArrayList<>();

  /**
   * @param at a JSON pointer
   * @param value the value there afterwards; missing when it is taken away
   */
  record Change(String at, JsonNode value) {
    /** The template with this change alone. */
    Template applyTo(Template template) {
      JsonNode root = template.root().deepCopy();
      int end = at.lastIndexOf('/');
      JsonNode parent = root.at(at.substring(0, end));
      String last = at.substring(end + 1).replace("~1", "/").replace("~0", "~");
      if (parent instanceof ArrayNode array) {
        int index = Integer.parseInt(last);
        if (value.isMissingNode()) {
          array.remove(index);
        } else {
          array.set(index, value);
        }
      } else if (value.isMissingNode()) {
        ((ObjectNode) parent).remove(last);
      } else {
        ((ObjectNode) parent).set(last, value);
      }
      return new Template(root);
    }

    @Override
    public String toString() {
      return at + (value.isMissingNode() ? " -" : " = " + value);
    }
  }

  private TemplateSweep(Template template) {
    this.template = template;
  }

  static List<Change> of(Template template) {
    TemplateSweep sweep = new TemplateSweep(template);
    for (Map.Entry<String, JsonNode> section : template.root().properties()) {
      sweep.visit("/" + section.getKey(), section.getValue());
    }
    return sweep.changes;
  }

  private void visit(String at, JsonNode node) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        String key = member.getKey().replace("~", "~0").replace("/", "~1");
        add(at + "/" + key, JSON.missingNode());
        visit(at + "/" + key, member.getValue());
      }
      if (!isFunction(node)) {
        add(at + "/PutIn", JSON.textNode("x"));
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        add(at + "/" + i, JSON.missingNode());
        visit(at + "/" + i, node.path(i));
      }
    } else if (node.isNumber()) {
      for (long other : new long[] {node.asLong() * 10 + 1, node.asLong() / 10, 0}) {
        if (other != node.asLong()) {
          add(at, JSON.numberNode(other));
        }
      }
    } else if (node.isBoolean()) {
      add(at, JSON.booleanNode(!node.asBoolean()));
    } else {
      visitText(at, node.asText());
    }
  }

  private void visitText(String at, String text) {
    add(at, JSON.textNode(text + "x"));
    if (text.matches("[0-9]+")) {
      add(at, JSON.textNode(text + "0"));
    }
    JsonNode resource = template.section("Resources").path(text);
    if (!resource.isMissingNode()) {
      template.ofType(resource.path("Type").asText()).stream()
          .filter(other -> !other.equals(text))
          .forEach(other -> add(at, JSON.textNode(other)));
    }
    JsonNode condition = template.section("Conditions").path(text);
    if (!condition.isMissingNode()) {
      template
          .section("Conditions")
          .fieldNames()
          .forEachRemaining(other -> {
            if (!other.equals(text)) {
              add(at, JSON.textNode(other));
            }
          });
    }
  }

  private static boolean isFunction(JsonNode node) {
    return node.size() == 1 && node.fieldNames().next().matches("Ref|Condition|Fn::.*");
  }

  private void add(String at, JsonNode value) {
    changes.add(new Change(at, value));
  }
}
