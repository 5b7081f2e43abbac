package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SqlFailureTest {
  @ParameterizedTest
  @CsvSource({
    "40001,RETRY",
    "40P01,RETRY",
    "22021,POISON",
    "22P02,POISON",
    "23502,POISON",
    "23514,POISON",
    "54000,POISON",
    "23505,CLASH",
    "08006,OUTAGE",
    "40003,OUTAGE",
    "53300,OUTAGE",
    "53100,OUTAGE",
    "57014,OUTAGE",
    "57P01,OUTAGE",
    "58030,OUTAGE",
    "XX000,OUTAGE",
    "25006,OUTAGE",
    "42P01,OUTAGE",
    "28P01,OUTAGE",
    "23503,OUTAGE"
  })
  void everySqlStateHasItsReaction(String state, SqlFailure expected) {
    assertEquals(expected, SqlFailure.of(new SQLException("", state)));
  }

  @Test
  void aFailureWithoutStateIsAnOutage() {
    assertEquals(SqlFailure.OUTAGE, SqlFailure.of(new SQLException("no state")));
  }

  @Test
  void thePoolsTimeoutIsAnOutageWhateverCausedIt() {
    assertEquals(
        SqlFailure.OUTAGE, SqlFailure.of(new SQLTransientConnectionException("", "22023")));
  }
}
