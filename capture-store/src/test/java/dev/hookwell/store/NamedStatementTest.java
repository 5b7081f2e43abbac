package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamedStatementTest {
  @Test
  void eachPlaceOfANameIsAPlaceholder() {
    NamedStatement statement =
        NamedStatement.of("UPDATE t SET a=:a, b = :b_2::BYTES[] WHERE (a<:a)AND c = ANY (:c)");

    assertEquals("UPDATE t SET a=?, b = ?::BYTES[] WHERE (a<?)AND c = ANY (?)", statement.jdbc());
    assertEquals(4, statement.size());
    assertArrayEquals(new int[] {1, 3}, statement.places("a"));
    assertArrayEquals(new int[] {2}, statement.places("b_2"));
    assertArrayEquals(new int[] {4}, statement.places("c"));
    assertEquals("b_2", statement.name(2));
    assertEquals("a", statement.name(3));
  }

  @Test
  void aStatementMayHaveNoParametersAndEndWithOne() {
    assertEquals("", NamedStatement.of("").jdbc());
    assertEquals("SELECT 1", NamedStatement.of("SELECT 1").jdbc());
    assertEquals(0, NamedStatement.of("SELECT 1").size());
    assertEquals("?", NamedStatement.of(":a").jdbc());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "now()::TIMESTAMPTZ",
        "1:::INT8",
        "a[1:2]",
        "a[b : c]",
        "TIMESTAMPTZ '1970-01-01 00:00:00+00'",
        "':a'",
        "';'",
        "'it''s :a ? $ -- /*'",
        "''::BYTEA || ''",
        "\":a \"\":b ?\"",
        "1 -- :a ? ' \"\n+ 1",
        "1 /* :a ? ' \" \n - -- */ + 1",
        "/**/ 1 - 1 / 1 * 1",
        "a - b, a / b, a * b, a :"
      })
  void whatIsNoParameterStaysAsItIs(String text) {
    NamedStatement statement = NamedStatement.of("SELECT " + text + ", :last");

    assertEquals("SELECT " + text + ", ?", statement.jdbc());
    assertArrayEquals(new int[] {1}, statement.places("last"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?",
        "a ?| b",
        "$1",
        "1; SELECT 2",
        "$$ :a $$",
        "$tag$ :a $tag$",
        "E'it\\'s :a'",
        "'\\'",
        "/* a /* b */ :c */",
        "'a",
        "'a''",
        "\"a",
        "/* a",
        "/*/",
        "1 -- a"
      })
  void whatCouldHideAParameterIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> NamedStatement.of("SELECT " + text));
  }

  @Test
  void theRefusalShowsWhere() {
    assertEquals(
        "a parameter could hide behind this: ?| b",
        assertThrows(
                IllegalArgumentException.class, () -> NamedStatement.of("SELECT a ?| b\nFROM t"))
            .getMessage());
  }

  @Test
  void statementsThatAreSentAsOneShareTheirNames() {
    NamedStatement both = NamedStatement.of("A :a :b").then("B :b :c :a");

    assertEquals("A ? ?;\nB ? ? ?", both.jdbc());
    assertEquals(5, both.size());
    assertArrayEquals(new int[] {1, 5}, both.places("a"));
    assertArrayEquals(new int[] {2, 3}, both.places("b"));
    assertArrayEquals(new int[] {4}, both.places("c"));
  }
}
