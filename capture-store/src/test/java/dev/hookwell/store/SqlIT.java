package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All SQL of the module at once. */
final class SqlIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  /** The server parses, types and plans it; preparing alone stays in the driver. */
  @Test
  void everyStatementIsUnderstoodByTheServer() throws Exception {
    try (Connection connection = PostgresServer.connection(POSTGRES.freshSchema())) {
      for (Map.Entry<String, NamedStatement> statement : Sql.all().entrySet()) {
        try (PreparedStatement prepared =
            connection.prepareStatement(statement.getValue().jdbc())) {
          assertEquals(
              statement.getValue().size(),
              prepared.getParameterMetaData().getParameterCount(),
              statement.getKey());
        }
      }
    }
  }

  /** The file that CockroachDB's parser is given: see docs/cockroachdb.md. */
  @Test
  void everyStatementIsWrittenOutForTheParser() throws IOException {
    Path file = Path.of("target", "statements.json");
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.writeStartArray();
      for (Map.Entry<String, NamedStatement> statement : Sql.all().entrySet()) {
        json.writeStartObject();
        json.writeStringField("name", statement.getKey());
        json.writeStringField("sql", statement.getValue().jdbc());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    assertTrue(file.toFile().length() > 1000);
  }

  @Test
  void noListNamesABodysBytes() {
    Pattern body = Pattern.compile("\\bbody\\b|\\bbodies\\b");
    assertEquals(
        new TreeSet<>(
            List.of(
                "delete_one",
                "read_bodies",
                "save_1_hook",
                "save_4_hooks",
                "save_large",
                "save_large_and_objects",
                "save_objects",
                "schema_bodies",
                "schema_captures",
                "sweep")),
        Sql.all().entrySet().stream()
            .filter(statement -> body.matcher(statement.getValue().jdbc()).find())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** CockroachDB refuses one that doesn't, even where nothing reads it. Its parser lets it pass. */
  @Test
  void everyChangeInAWithReturnsSomething() {
    Pattern change = Pattern.compile("\\bAS \\(\\s*(INSERT|UPDATE|DELETE)\\b");
    int changes = 0;
    for (Map.Entry<String, NamedStatement> statement : Sql.all().entrySet()) {
      String sql = statement.getValue().jdbc();
      Matcher found = change.matcher(sql);
      while (found.find()) {
        changes++;
        String rest = sql.substring(found.start(1));
        assertTrue(rest.substring(0, end(rest)).contains("RETURNING"), statement.getKey());
      }
    }
    assertTrue(changes > 10, changes + " found");
  }

  /** Where the parenthesis ends in which the text begins. */
  private static int end(String text) {
    int depth = 1;
    int i = 0;
    while (depth > 0) {
      char c = text.charAt(i++);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return i;
  }

  @Test
  void allStatementsAreListed() throws IllegalAccessException {
    int constants = 0;
    for (Class<?> holder :
        List.of(Sql.class, ObjectSql.class, RetentionSql.class, ScriptSql.class)) {
      for (Field field : holder.getDeclaredFields()) {
        // The private ones are parts.
        if (Modifier.isPrivate(field.getModifiers())) {
          continue;
        }
        constants++;
        NamedStatement constant =
            field.get(null) instanceof String part
                ? NamedStatement.of(part)
                : (NamedStatement) field.get(null);
        assertTrue(
            Sql.all().values().stream()
                .anyMatch(statement -> statement.jdbc().contains(constant.jdbc().strip())),
            field.getName());
      }
    }
    assertTrue(constants > 40, constants + " found");
  }

  @Test
  void noStatementHidesAClash() {
    Sql.all()
        .forEach((name, statement) ->
            assertTrue(
                !statement.jdbc().matches("(?s).*ON CONFLICT\\s+DO.*"),
                "a bare ON CONFLICT in " + name));
  }
}
