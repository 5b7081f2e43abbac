package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
      for (Map.Entry<String, String> statement : Sql.all().entrySet()) {
        try (PreparedStatement prepared = connection.prepareStatement(statement.getValue())) {
          long placeholders = statement.getValue().chars().filter(c -> c == '?').count();
          assertEquals(
              placeholders,
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
      for (Map.Entry<String, String> statement : Sql.all().entrySet()) {
        json.writeStartObject();
        json.writeStringField("name", statement.getKey());
        json.writeStringField("sql", statement.getValue());
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
                "save_3_hooks",
                "save_large",
                "schema_bodies",
                "schema_captures",
                "sweep")),
        Sql.all().entrySet().stream()
            .filter(statement -> body.matcher(statement.getValue()).find())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void noStatementHidesAClash() {
    Sql.all()
        .forEach((name, sql) ->
            assertTrue(!sql.matches("(?s).*ON CONFLICT\\s+DO.*"), "a bare ON CONFLICT in " + name));
  }
}
