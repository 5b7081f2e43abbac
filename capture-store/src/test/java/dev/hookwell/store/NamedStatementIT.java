package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statements and their parameters on a real server. */
final class NamedStatementIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final NamedStatement PAIR =
      NamedStatement.of("SELECT :a::BIGINT AS a, :b::BIGINT AS b");

  private static final NamedStatement ROWS =
      NamedStatement.of(
          "SELECT column1 AS n FROM (VALUES (:n::BIGINT), (:n::BIGINT), (:n::BIGINT)) AS v"
              + " WHERE column1 > :floor");

  private final DatabaseProxy proxy = new DatabaseProxy(PostgresServer.port());
  private final Database database = Stores.open(proxy.through(POSTGRES.freshSchema()), 1);

  NamedStatementIT() throws IOException {}

  @BeforeEach
  void connect() throws SQLException {
    database.call(PAIR.count(to -> to.setLong("a", 1).setLong("b", 2)));
  }

  @AfterEach
  void closeAll() throws IOException {
    database.close();
    proxy.close();
  }

  private String refusal(
      Class<? extends RuntimeException> type, NamedStatement statement, NamedStatement.Bind bind) {
    int before = proxy.syncs();
    RuntimeException refusal =
        assertThrows(type, () -> database.call(statement.rows(bind, row -> row.getLong(1))));
    assertEquals(before, proxy.syncs(), "something was sent");
    return String.valueOf(refusal.getMessage());
  }

  @Test
  void aNameThatTheStatementLacksIsToldBeforeAnythingIsSent() {
    assertEquals(
        "the statement has no :c",
        refusal(IllegalArgumentException.class, PAIR, to -> to.setLong("c", 1)));
  }

  @Test
  void aParameterWithoutAValueIsToldBeforeAnythingIsSent() {
    assertEquals(
        "no value for :b", refusal(IllegalStateException.class, PAIR, to -> to.setLong("a", 1)));
    assertEquals(
        "no value for :a", refusal(IllegalStateException.class, PAIR, to -> to.setLong("b", 1)));
    assertEquals(
        "no value for :a", refusal(IllegalStateException.class, PAIR, NamedStatement.Bind.NOTHING));
  }

  @Test
  void oneOfSeveralPlacesWithoutAValueIsToldBeforeAnythingIsSent() {
    assertEquals(
        "no value for :n",
        refusal(
            IllegalStateException.class,
            ROWS,
            to -> {
              to.setLong("floor", 0).inTurn(0).setLong("n", 1);
              to.inTurn(2).setLong("n", 1);
            }));
  }

  @Test
  void aTurnPastTheLastPlaceIsToldBeforeAnythingIsSent() {
    assertEquals(
        "the statement has :n only 3 times",
        refusal(IllegalArgumentException.class, ROWS, to -> to.inTurn(3).setLong("n", 1)));
  }

  @Test
  void aNameIsSetAtAllItsPlacesOrInTurn() throws SQLException {
    NamedStatement.Row<Long> n = row -> row.getLong("n");
    assertEquals(
        List.of(7L, 7L, 7L),
        database.call(ROWS.rows(to -> to.setLong("n", 7).setLong("floor", 0), n)));
    assertEquals(
        List.of(8L, 9L),
        database.call(
            ROWS.rows(
                to -> {
                  for (int i = 0; i < 3; i++) {
                    to.inTurn(i).setLong("n", i + 7);
                  }
                  to.setLong("floor", 7);
                },
                n)));
  }

  @Test
  void oneRowIsTheFirstOrNone() throws SQLException {
    assertEquals(
        Optional.of(2L),
        database.call(PAIR.row(to -> to.setLong("a", 1).setLong("b", 2), row -> row.getLong("b"))));
    assertEquals(
        Optional.empty(),
        database.call(
            ROWS.row(to -> to.setLong("n", 1).setLong("floor", 1), row -> row.getLong("n"))));
  }

  @Test
  void ofSeveralStatementsTheLastAnswers() throws SQLException {
    NamedStatement three =
        NamedStatement.of("SELECT :a::BIGINT AS a").then("SELECT 1 AS b WHERE :a = 1");
    assertEquals(
        List.of(1L), database.call(three.rows(to -> to.setLong("a", 1), row -> row.getLong("b"))));
    NamedStatement change =
        NamedStatement.of("SELECT hook_id FROM hooks WHERE hook_id = :hook FOR UPDATE")
            .then(
                """
                INSERT INTO schema_lease (name, holder, expires_at)
                VALUES ('a', :hook, :now), ('b', :hook, :now)
                """);
    assertEquals(
        2,
        database.call(
            change.count(to -> to.setUuid("hook", new UUID(0, 1)).setTime("now", Instant.EPOCH))));
  }

  @Test
  void timesComeBackAsTheyWereToTheMicrosecond() throws SQLException {
    NamedStatement times =
        NamedStatement.of("SELECT :time::TIMESTAMPTZ AS time, NULL::TIMESTAMPTZ AS none");
    Instant time = Instant.parse("2026-03-29T01:59:59.123456Z");
    assertEquals(
        Optional.of(time),
        database.call(times.row(to -> to.setTime("time", time), row -> Utc.read(row, "time"))));
    assertEquals(
        Optional.of(Optional.empty()),
        database.call(
            times.row(to -> to.setTime("time", time), row -> Utc.readOptional(row, "none"))));
  }
}
