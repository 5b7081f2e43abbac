package dev.hookwell.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object. Members that this client doesn't know are kept, and written again. */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, @Nullable Object> members;

  private Json(Map<String, @Nullable Object> members) {
    this.members = members;
  }

  /**
   * Reads one object and nothing after it.
   *
   * @throws MalformedJsonException when it is none
   */
  static Json parse(byte[] document) {
    try (JsonParser parser = FACTORY.createParser(document)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedJsonException("no JSON object");
      }
      Json json = new Json(object(parser));
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("something follows the JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException("no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? new BigDecimal(parser.getBigIntegerValue())
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedJsonException("no JSON value");
    };
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return items;
  }

  String text(String name) {
    return optionalText(name).orElseThrow(() -> missing(name));
  }

  /** Empty when it is missing or null. */
  Optional<String> optionalText(String name) {
    return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** Empty when it is missing or null. */
  Optional<Object> value(String name) {
    return Optional.ofNullable(members.get(name));
  }

  long number(String name) {
    return optionalNumber(name).orElseThrow(() -> missing(name));
  }

  OptionalLong optionalNumber(String name) {
    return members.get(name) instanceof Long number
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  boolean flag(String name) {
    if (members.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw missing(name);
  }

  Json object(String name) {
    return optionalObject(name).orElseThrow(() -> missing(name));
  }

  @SuppressWarnings("unchecked") // Objects are made by object() alone.
  Optional<Json> optionalObject(String name) {
    return members.get(name) instanceof Map<?, ?> map
        ? Optional.of(new Json((Map<String, @Nullable Object>) map))
        : Optional.empty();
  }

  @SuppressWarnings("unchecked") // Objects are made by object() alone.
  List<Json> objects(String name) {
    List<Json> objects = new ArrayList<>();
    for (Object item : items(name)) {
      if (!(item instanceof Map<?, ?> map)) {
        throw missing(name);
      }
      objects.add(new Json((Map<String, @Nullable Object>) map));
    }
    return objects;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object item : items(name)) {
      if (!(item instanceof String text)) {
        throw missing(name);
      }
      texts.add(text);
    }
    return texts;
  }

  List<Long> numbers(String name) {
    List<Long> numbers = new ArrayList<>();
    for (Object item : items(name)) {
      if (!(item instanceof Long number)) {
        throw missing(name);
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** The items of an array; none when it is missing. */
  List<?> items(String name) {
    return members.get(name) instanceof List<?> list ? list : List.of();
  }

  private static MalformedJsonException missing(String name) {
    return new MalformedJsonException("no right member \"" + name + "\"");
  }

  /** This object with one member more, or another value of it. */
  Json with(String name, Json value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(members);
    changed.put(name, value.members);
    return new Json(changed);
  }

  /** This object with other values of some members. */
  Json with(Map<String, ?> values) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(members);
    changed.putAll(values);
    return new Json(changed);
  }

  /** Those of its members that have one of these names. */
  Json only(Set<String> names) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>(members);
    kept.keySet().retainAll(names);
    return new Json(kept);
  }

  /** The names of its members. */
  Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  static Json of(Map<String, ?> members) {
    return new Json(new LinkedHashMap<>(members));
  }

  /** On one line. */
  public String toLine() {
    return line(this::writeTo);
  }

  /** Writes one value. */
  @FunctionalInterface
  public interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /**
   * JSON on one line, harmless on a terminal: control characters that JSON leaves as they are,
   * invisible ones, and those that turn the direction of text, are escaped.
   */
  public static String line(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return escaped(text.toString());
  }

  private static String escaped(String json) {
    StringBuilder escaped = new StringBuilder(json.length());
    json.codePoints()
        .forEach(c -> {
          if (Printable.isHarmless(c)) {
            escaped.appendCodePoint(c);
          } else {
            for (char half : Character.toChars(c)) {
              escaped.append(String.format("\\u%04x", (int) half));
            }
          }
        });
    return escaped.toString();
  }

  public void writeTo(JsonGenerator json) throws IOException {
    write(json, members);
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : map.entrySet()) {
        json.writeFieldName(String.valueOf(member.getKey()));
        write(json, member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }
}
