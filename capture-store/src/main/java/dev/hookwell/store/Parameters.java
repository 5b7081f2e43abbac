package dev.hookwell.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a statement's parameters, each in the one type that the server is told. Every call
 * throws {@link IllegalArgumentException} when the statement has no such parameter.
 */
final class Parameters {
  private static final int ALL = -1;

  private final NamedStatement statement;
  private final PreparedStatement prepared;
  private final BitSet bound;
  private final int turn;

  Parameters(NamedStatement statement, PreparedStatement prepared) {
    this(statement, prepared, new BitSet(), ALL);
  }

  private Parameters(NamedStatement statement, PreparedStatement prepared, BitSet bound, int turn) {
    this.statement = statement;
    this.prepared = prepared;
    this.bound = bound;
    this.turn = turn;
  }

  /**
   * Sets names at one of their places only, where a part of the text repeats and each repetition
   * has values of its own.
   *
   * @param turn from 0
   */
  Parameters inTurn(int turn) {
    return new Parameters(statement, prepared, bound, turn);
  }

  Parameters setUuid(String name, UUID value) throws SQLException {
    return set(name, value);
  }

  Parameters setInt(String name, int value) throws SQLException {
    return set(name, value);
  }

  Parameters setLong(String name, long value) throws SQLException {
    return set(name, value);
  }

  Parameters setString(String name, String value) throws SQLException {
    return set(name, value);
  }

  Parameters setBytes(String name, byte[] value) throws SQLException {
    return set(name, value);
  }

  Parameters setTime(String name, Instant value) throws SQLException {
    return set(name, Utc.of(value));
  }

  /** An array with a UUID of each item. */
  <T> Parameters setUuids(String name, Collection<T> items, Function<T, UUID> value)
      throws SQLException {
    return set(name, UuidArray.of(prepared.getConnection(), items.stream().map(value).toList()));
  }

  /** An array with a number of each item. */
  <T> Parameters setLongs(String name, Collection<T> items, Function<T, Long> value)
      throws SQLException {
    return setArray(name, "int8", items.stream().map(value).toArray(Long[]::new));
  }

  Parameters setArray(String name, String type, @Nullable Object[] values) throws SQLException {
    return set(name, prepared.getConnection().createArrayOf(type, values));
  }

  private Parameters set(String name, Object value) throws SQLException {
    int[] places = statement.places(name);
    if (turn == ALL) {
      for (int place : places) {
        set(place, value);
      }
    } else if (turn < places.length) {
      set(places[turn], value);
    } else {
      throw new IllegalArgumentException(
          "the statement has :" + name + " only " + places.length + " times");
    }
    return this;
  }

  private void set(int place, Object value) throws SQLException {
    prepared.setObject(place, value);
    bound.set(place);
  }

  /**
   * @throws IllegalStateException when a parameter has no value
   */
  void requireAll() {
    int free = bound.nextClearBit(1);
    if (free <= statement.size()) {
      throw new IllegalStateException("no value for :" + statement.name(free));
    }
  }
}
