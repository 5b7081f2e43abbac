package dev.hookwell.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Values of captures as arrays, one element a capture. */
record Columns(Connection connection, List<EncodedCapture> captures) {
  <T> Array of(String type, IntFunction<T[]> array, Function<EncodedCapture, T> value)
      throws SQLException {
    return connection.createArrayOf(type, captures.stream().map(value).toArray(array));
  }

  Array ofUuids(Function<EncodedCapture, UUID> value) throws SQLException {
    return UuidArray.of(connection, captures.stream().map(value).toList());
  }
}
