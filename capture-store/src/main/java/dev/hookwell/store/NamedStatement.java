package dev.hookwell.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A statement whose parameters have names: each {@code :hook} of its text is sent as JDBC's {@code
 * ?}. It is parsed once, and run on any connection. Nothing is sent unless each parameter has a
 * value.
 */
final class NamedStatement {
  private final String jdbc;
  private final Map<String, int[]> places;
  private final int size;
  private final int statements;

  /**
   * @param places where each parameter stands, counted from 1
   * @param size how many places there are
   * @param statements how many are sent as one
   */
  private NamedStatement(String jdbc, Map<String, int[]> places, int size, int statements) {
    this.jdbc = jdbc;
    this.places = places;
    this.size = size;
    this.statements = statements;
  }

  /** Gives the parameters their values. */
  @FunctionalInterface
  interface Bind {
    Bind NOTHING = values -> {};

    void to(Parameters values) throws SQLException;
  }

  /** Reads a row, by the names of its columns. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  @FunctionalInterface
  interface Answer<T> {
    T read(PreparedStatement executed) throws SQLException;
  }

  /**
   * Parses a text. Casts, literals, quoted names and comments hold no parameters.
   *
   * @throws IllegalArgumentException when the text is not surely parsed as the server parses it:
   *     for a backslash, a {@code ?}, {@code $} or {@code ;} outside quotes, a comment in a
   *     comment, and a quote or comment that is not closed
   */
  static NamedStatement of(String text) {
    if (text.indexOf('\\') >= 0) {
      throw refused(text, text.indexOf('\\'));
    }
    StringBuilder jdbc = new StringBuilder(text.length());
    Map<String, IntStream.Builder> places = new HashMap<>();
    int size = 0;
    int copied = 0;
    int end;
    for (int at = 0; at < text.length(); at = end) {
      end = end(text, at);
      if (text.charAt(at) == ':' && end > at + 1 && Character.isLetter(text.charAt(at + 1))) {
        String name = text.substring(at + 1, end);
        places.computeIfAbsent(name, _ -> IntStream.builder()).add(++size);
        jdbc.append(text, copied, at).append('?');
        copied = end;
      }
    }
    jdbc.append(text, copied, text.length());
    Map<String, int[]> numbers = new HashMap<>();
    places.forEach((name, its) -> numbers.put(name, its.build().toArray()));
    return new NamedStatement(jdbc.toString(), numbers, size, 1);
  }

  /** The end of the token that begins there: a parameter, a quoted part or comment, a character. */
  private static int end(String text, int at) {
    return switch (text.charAt(at)) {
      case ':' -> {
        boolean cast = text.startsWith("::", at);
        int end = at + 1;
        while (end < text.length() && (cast ? text.charAt(end) == ':' : isOfName(text, end))) {
          end++;
        }
        yield end;
      }
      case '\'' -> after(text, at, "'");
      case '"' -> after(text, at, "\"");
      case '-' -> text.startsWith("--", at) ? after(text, at, "\n") : at + 1;
      case '/' -> text.startsWith("/*", at) ? after(text, at, "*/") : at + 1;
      case '?', '$', ';' -> throw refused(text, at);
      default -> {
        if (text.startsWith("*/", at)) {
          throw refused(text, at);
        }
        yield at + 1;
      }
    };
  }

  private static boolean isOfName(String text, int at) {
    return Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_';
  }

  private static int after(String text, int at, String close) {
    int end = text.indexOf(close, at + close.length());
    if (end < 0) {
      throw refused(text, at);
    }
    return end + close.length();
  }

  private static IllegalArgumentException refused(String text, int at) {
    return new IllegalArgumentException(
        "a parameter could hide behind this: " + text.substring(at).lines().findFirst().orElse(""));
  }

  /**
   * Both, sent as one: one flush, one Sync, and so one implicit transaction in autocommit. At READ
   * COMMITTED the snapshot of the second is then younger than a lock that the first took. A name
   * that both have is one parameter. The result is that of the last statement.
   */
  NamedStatement then(NamedStatement next) {
    Map<String, int[]> all = new HashMap<>(places);
    next.places.forEach((name, its) ->
        all.merge(
            name,
            IntStream.of(its).map(place -> place + size).toArray(),
            (a, b) -> IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray()));
    return new NamedStatement(
        jdbc + ";\n" + next.jdbc, all, size + next.size, statements + next.statements);
  }

  NamedStatement then(String next) {
    return then(of(next));
  }

  /** As the driver is given it. */
  String jdbc() {
    return jdbc;
  }

  int size() {
    return size;
  }

  /**
   * Where a parameter stands.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  int[] places(String name) {
    int[] its = places.get(name);
    if (its == null) {
      throw new IllegalArgumentException("the statement has no :" + name);
    }
    return its;
  }

  /** The name of the parameter there. */
  String name(int place) {
    return places.entrySet().stream()
        .filter(its -> IntStream.of(its.getValue()).anyMatch(at -> at == place))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /** All rows of the result. */
  <T> Database.Work<List<T>> rows(Bind bind, Row<T> row) {
    return run(
        bind,
        executed -> {
          toLast(executed);
          List<T> rows = new ArrayList<>();
          try (ResultSet result = executed.getResultSet()) {
            if (result == null) {
              throw new SQLException("the statement answered no rows: " + jdbc);
            }
            while (result.next()) {
              rows.add(row.read(result));
            }
          }
          return rows;
        });
  }

  /** The first row of the result, if there is one. */
  <T> Database.Work<Optional<T>> row(Bind bind, Row<T> row) {
    Database.Work<List<T>> rows = rows(bind, row);
    return connection -> rows.run(connection).stream().findFirst();
  }

  /** The number of changed rows; -1 where the result is rows. */
  Database.Work<Integer> count(Bind bind) {
    return run(
        bind,
        executed -> {
          toLast(executed);
          return executed.getUpdateCount();
        });
  }

  private void toLast(PreparedStatement executed) throws SQLException {
    for (int i = 1; i < statements; i++) {
      executed.getMoreResults();
    }
  }

  /** A result that the caller reads by itself. */
  <T> Database.Work<T> run(Bind bind, Answer<T> answer) {
    return connection -> {
      try (PreparedStatement statement = connection.prepareStatement(jdbc)) {
        Parameters values = new Parameters(this, statement);
        bind.to(values);
        values.requireAll();
        statement.execute();
        return answer.read(statement);
      }
    };
  }
}
