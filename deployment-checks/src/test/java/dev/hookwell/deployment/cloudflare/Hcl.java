package dev.hookwell.deployment.cloudflare;

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

/**
 * The part of Terraform's language that {@code cloudflare/} is written in, read without Terraform:
 * blocks, attributes, objects, lists, strings, numbers and truth values. Expressions that have to
 * be computed stay text. Anything else fails.
 */
public final class Hcl {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String text;
  private int next;

  /** A block, as {@code resource "type" "name" {…}}: its attributes, and its blocks by type. */
  public record Block(
      String type, List<String> labels, ObjectNode attributes, List<Block> blocks) {}

  private Hcl(String text) {
    this.text = text;
  }

  /** The blocks of a file. */
  public static List<Block> read(Path file) {
    try {
      return read(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<Block> read(String text) {
    Hcl hcl = new Hcl(text);
    Block all = hcl.body("", List.of(), true);
    if (!all.attributes().isEmpty()) {
      throw hcl.unreadable("an attribute outside of a block");
    }
    return all.blocks();
  }

  private Block body(String type, List<String> labels, boolean wholeFile) {
    ObjectNode attributes = JSON.objectNode();
    List<Block> blocks = new ArrayList<>();
    while (true) {
      skipSpace();
      if (wholeFile ? next == text.length() : accept('}')) {
        return new Block(type, labels, attributes, blocks);
      }
      String name = word();
      skipSpace();
      if (accept('=')) {
        put(attributes, name, value());
        continue;
      }
      List<String> names = new ArrayList<>();
      while (peek() == '"') {
        names.add(string());
        skipSpace();
      }
      expect('{');
      blocks.add(body(name, names, false));
    }
  }

  private JsonNode value() {
    skipSpace();
    int start = next;
    JsonNode value =
        switch (peek()) {
          case '{' -> object();
          case '[' -> list();
          case '"' -> JSON.textNode(string());
          default -> null;
        };
    if (value != null && endsHere()) {
      return value;
    }
    next = start;
    String expression = expression();
    if (expression.matches("-?[0-9]+")) {
      return JSON.numberNode(Long.parseLong(expression));
    }
    return expression.equals("true") || expression.equals("false")
        ? JSON.booleanNode(expression.equals("true"))
        : JSON.textNode(expression);
  }

  /** Whether nothing follows on the line that would make more of it, as {@code "a" == b ? …}. */
  private boolean endsHere() {
    int end = next;
    while (end < text.length() && text.charAt(end) == ' ') {
      end++;
    }
    return end == text.length() || ",\n}]#".indexOf(text.charAt(end)) >= 0;
  }

  private ObjectNode object() {
    expect('{');
    ObjectNode object = JSON.objectNode();
    while (true) {
      skipSpace();
      if (accept('}')) {
        return object;
      }
      String key = peek() == '"' ? string() : word();
      skipSpace();
      expect('=');
      put(object, key, value());
      skipSpace();
      accept(',');
    }
  }

  private JsonNode list() {
    expect('[');
    ArrayNode list = JSON.arrayNode();
    while (true) {
      skipSpace();
      if (accept(']')) {
        return list;
      }
      if (text.startsWith("for ", next)) {
        // Computed: read over it, and let the caller take it as text.
        while (!accept(']')) {
          over();
        }
        return JSON.nullNode();
      }
      list.add(value());
      skipSpace();
      accept(',');
    }
  }

  /** Reads up to the end of the line, the list or the block. */
  private String expression() {
    int start = next;
    while (next < text.length() && ",\n}])".indexOf(peek()) < 0) {
      over();
    }
    String expression = text.substring(start, next).strip();
    if (expression.isEmpty()) {
      throw unreadable("no value");
    }
    return expression;
  }

  /** One character, or all of a string or of a pair of brackets. */
  private void over() {
    char first = peek();
    if (first == '"') {
      string();
      return;
    }
    next++;
    int pair = "([{".indexOf(first);
    if (pair >= 0) {
      while (!accept(")]}".charAt(pair))) {
        over();
      }
    }
  }

  /** Reads a string without its quotes and escapes; placeholders stay as they are written. */
  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(next++);
      if (c == '\n') {
        throw unreadable("a string that does not end");
      }
      if (c == '\\') {
        c = text.charAt(next++);
        if (c != '"' && c != '\\') {
          string.append('\\');
        }
      }
      string.append(c);
    }
    next++;
    return string.toString();
  }

  private String word() {
    int start = next;
    while (next < text.length()
        && (Character.isLetterOrDigit(peek()) || "_-".indexOf(peek()) >= 0)) {
      next++;
    }
    if (start == next) {
      throw unreadable("no name");
    }
    return text.substring(start, next);
  }

  private void skipSpace() {
    while (next < text.length()) {
      if (Character.isWhitespace(peek())) {
        next++;
      } else if (peek() == '#') {
        int end = text.indexOf('\n', next);
        next = end < 0 ? text.length() : end;
      } else {
        return;
      }
    }
  }

  private char peek() {
    if (next >= text.length()) {
      throw unreadable("the end of the file");
    }
    return text.charAt(next);
  }

  private boolean accept(char expected) {
    boolean there = next < text.length() && text.charAt(next) == expected;
    next += there ? 1 : 0;
    return there;
  }

  private void expect(char expected) {
    if (!accept(expected)) {
      throw unreadable("no " + expected);
    }
  }

  private void put(ObjectNode object, String name, JsonNode value) {
    if (object.putIfAbsent(name, value) != null) {
      throw unreadable(name + " stands twice");
    }
  }

  private IllegalArgumentException unreadable(String what) {
    long line = text.substring(0, Math.min(next, text.length())).lines().count();
    return new IllegalArgumentException("line " + line + ": " + what);
  }
}
