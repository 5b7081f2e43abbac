package dev.hookwell.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads the response to the second of two statements that were sent as one. */
final class SecondStatement {
  private SecondStatement() {}

  /** The rows of an executed "A; B" that B gave. */
  static ResultSet rows(PreparedStatement executed) throws SQLException {
    if (!executed.getMoreResults()) {
      throw new SQLException("the second statement gave no rows");
    }
    return executed.getResultSet();
  }
}
