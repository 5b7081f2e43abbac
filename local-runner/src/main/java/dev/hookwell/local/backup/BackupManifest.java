package dev.hookwell.local.backup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The manifest of a backup. It is written last, so that a file without it is no backup.
 *
 * @param schema the last change of the schema that its rows have; 0 when it holds no rows, because
 *     the database was the operator's own
 */
record BackupManifest(Instant madeAt, int schema, List<Entry> entries) {
  /** Its name in the archive. */
  static final String NAME = "manifest.json";

  /** Raised when earlier versions can no longer restore a backup. */
  static final int FORMAT = 1;

  private static final JsonFactory JSON = new JsonFactory();

  BackupManifest {
    entries = List.copyOf(entries);
  }

  /**
   * A part of the backup.
   *
   * @param count of rows, messages or files in it
   * @param columns of a table, in the order of its rows' values; none for anything else
   */
  record Entry(String name, long bytes, String sha256, long count, List<String> columns) {
    Entry {
      columns = List.copyOf(columns);
    }
  }

  byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("madeAt", madeAt.toString());
      json.writeNumberField("schema", schema);
      json.writeArrayFieldStart("entries");
      for (Entry entry : entries) {
        json.writeStartObject();
        json.writeStringField("name", entry.name());
        json.writeNumberField("bytes", entry.bytes());
        json.writeStringField("sha256", entry.sha256());
        json.writeNumberField("count", entry.count());
        json.writeArrayFieldStart("columns");
        for (String column : entry.columns()) {
          json.writeString(column);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one.
   *
   * @throws BackupException when it is of a newer version, or none
   */
  static BackupManifest parse(byte[] text) {
    try (JsonParser json = JSON.createParser(text)) {
      Map<String, Object> members = object(json);
      long format = number(members, "format");
      if (format > FORMAT) {
        throw new BackupException(
            "it was made by a newer Hookwell (format "
                + format
                + ", and this one knows "
                + FORMAT
                + "): restore it with that one");
      }
      List<Entry> entries = new ArrayList<>();
      for (Object entry : list(members, "entries")) {
        entries.add(entry(entry));
      }
      return new BackupManifest(
          Instant.parse(text(members, "madeAt")),
          Math.toIntExact(number(members, "schema")),
          entries);
    } catch (IOException | DateTimeException | ClassCastException | ArithmeticException e) {
      throw new BackupException("its manifest is damaged", e);
    }
  }

  private static Entry entry(Object value) {
    Map<?, ?> members = (Map<?, ?>) value;
    return new Entry(
        text(members, "name"),
        number(members, "bytes"),
        text(members, "sha256"),
        number(members, "count"),
        list(members, "columns").stream().map(String.class::cast).toList());
  }

  private static String text(Map<?, ?> members, String name) {
    return (String) member(members, name);
  }

  private static long number(Map<?, ?> members, String name) {
    return (Long) member(members, name);
  }

  private static List<?> list(Map<?, ?> members, String name) {
    return (List<?>) member(members, name);
  }

  private static Object member(Map<?, ?> members, String name) {
    Object value = members.get(name);
    if (value == null) {
      throw new BackupException("its manifest is damaged: no " + name);
    }
    return value;
  }

  private static Map<String, Object> object(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new BackupException("its manifest is damaged");
    }
    return members(json);
  }

  private static Map<String, Object> members(JsonParser json) throws IOException {
    Map<String, Object> members = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      members.put(name, value(json));
    }
    return members;
  }

  private static Object value(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return members(json);
    }
    if (json.currentToken() == JsonToken.START_ARRAY) {
      List<Object> items = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(json));
      }
      return items;
    }
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : json.getText();
  }
}
