package dev.hookwell.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** The meaning of a failed statement for the captures that it was to save, by its SQLSTATE. */
public enum SqlFailure {
  /** A conflict with another transaction: the same again, after a pause, will do. */
  RETRY,
  /** The data cannot be stored, now or ever: the capture at fault has to be put aside. */
  POISON,
  /**
   * A number or a capture twice: never the capture's fault. A duplicate, or else a damaged table:
   * then all of it comes back, with an alarm.
   */
  CLASH,
  /** The database failed, or the way to it, or the cause is unknown. The batch comes again. */
  OUTAGE;

  public static SqlFailure of(SQLException failure) {
    // The pool's "no connection in time" carries the state of its cause, which speaks of no data.
    String state = failure.getSQLState();
    if (state == null || failure instanceof SQLTransientConnectionException) {
      return OUTAGE;
    }
    return switch (state) {
      case "40001", "40P01" -> RETRY;
      case "23502", "23514" -> POISON;
      case "23505" -> CLASH;
      default -> state.startsWith("22") || state.startsWith("54") ? POISON : OUTAGE;
    };
  }
}
