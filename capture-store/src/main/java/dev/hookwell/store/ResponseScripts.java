package dev.hookwell.store;

import dev.hookwell.capture.HookId;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ScriptJson;
import dev.hookwell.capture.script.ScriptReader;
import dev.hookwell.capture.script.StepEnd;
import dev.hookwell.capture.script.StepInTurn;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * The owners' scripts of responses. Every call throws {@link StoreUnavailableException} when the
 * database failed, and {@link dev.hookwell.capture.script.ScriptException} when a row is damaged.
 * Thread-safe.
 */
public final class ResponseScripts {
  /** A script goes so long after its last use, or with its hook. */
  static final Duration LIFE = Duration.ofDays(30);

  /** A use is written down once in this time, where nothing else is written. */
  static final Duration USES_WRITTEN = Duration.ofDays(1);

  private static final Duration BUDGET = Duration.ofSeconds(2);

  private final Database database;
  private final Clock clock;
  private final Retries retries;

  public ResponseScripts(Database database, Clock clock, Retries retries) {
    this.database = database;
    this.clock = clock;
    this.retries = retries;
  }

  @FunctionalInterface
  private interface Statement<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  /** Sets a hook's script, in place of the one before. It starts from its first step. */
  public StoredScript put(HookId hook, ResponseScript script) {
    byte[] steps = ScriptJson.stored(script);
    Instant now = clock.instant();
    return retries.within(
        BUDGET,
        () ->
            call(
                ScriptSql.PUT,
                put -> {
                  put.setObject(1, hook.uid().value());
                  put.setLong(2, now.toEpochMilli());
                  put.setBytes(3, steps);
                  put.setObject(4, utc(now));
                  put.setObject(5, utc(end(hook, now)));
                  return row(put).orElseThrow();
                }));
  }

  /** A hook's script; empty when it has none. */
  public Optional<StoredScript> read(HookId hook) {
    return read(hook, clock.instant().plus(BUDGET));
  }

  /**
   * The same within less time.
   *
   * @param deadline after which nothing is tried again
   */
  public Optional<StoredScript> read(HookId hook, Instant deadline) {
    return unchecked(() ->
        retries.until(
            deadline,
            () ->
                call(
                    ScriptSql.READ,
                    read -> {
                      read.setObject(1, hook.uid().value());
                      read.setObject(2, utc(clock.instant()));
                      return row(read);
                    })));
  }

  /** Starts a hook's script from its first step; empty when it has none. */
  public Optional<StoredScript> restart(HookId hook) {
    Instant now = clock.instant();
    return retries.within(
        BUDGET,
        () ->
            call(
                ScriptSql.RESTART,
                restart -> {
                  restart.setLong(1, now.toEpochMilli());
                  restart.setObject(2, utc(now));
                  restart.setObject(3, utc(end(hook, now)));
                  restart.setObject(4, hook.uid().value());
                  restart.setObject(5, utc(now));
                  return row(restart);
                }));
  }

  /** Deletes a hook's script, if it has one. */
  public void delete(HookId hook) {
    UUID id = hook.uid().value();
    retries.within(
        BUDGET,
        () ->
            call(
                ScriptSql.DELETE,
                delete -> {
                  delete.setObject(1, id);
                  return delete.executeUpdate();
                }));
  }

  /**
   * The step that decides a request, counted where it is a counted one: at most as often as it
   * says, however many requests come at once. A claim whose end is not known is not repeated, so
   * that a failure may use a step up and never serves it too often.
   *
   * @param found as it was just read
   * @param share from 0 to 99, the same for the same request
   * @param deadline after which nothing is tried again
   * @return empty for the plain response
   */
  public Optional<StepInTurn> take(HookId hook, StoredScript found, int share, Instant deadline) {
    Optional<StoredScript> current = Optional.of(found);
    // Each turn of the loop is one in which another request was faster.
    while (current.isPresent()) {
      Optional<StepInTurn> step = chosen(current.get(), share);
      boolean counted = step.filter(next -> next.step().end() instanceof StepEnd.Times).isPresent();
      if (!counted) {
        keepInUse(hook, current.get());
        return step;
      }
      if (claim(hook, current.get(), step.get(), deadline)) {
        return step;
      }
      if (!clock.instant().isBefore(deadline)) {
        throw new StoreUnavailableException("others were faster until the time was up");
      }
      current = read(hook, deadline);
    }
    return Optional.empty();
  }

  private Optional<StepInTurn> chosen(StoredScript script, int share) {
    for (StepInTurn next : script.inTurn(clock.instant())) {
      boolean applies =
          !(next.step().end() instanceof StepEnd.Percent(int shares))
              || (share >= next.before() && share < next.before() + shares);
      if (applies) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  private boolean claim(HookId hook, StoredScript script, StepInTurn step, Instant deadline) {
    int number = step.step().end() instanceof StepEnd.Times(int times) ? times : 0;
    Instant now = clock.instant();
    // A conflict is the one failure after which nothing can have been written.
    return unchecked(() ->
        retries.until(
            deadline,
            () ->
                database.callOnce(connection -> {
                  try (PreparedStatement claim = connection.prepareStatement(ScriptSql.CLAIM)) {
                    claim.setLong(1, step.before());
                    claim.setObject(2, utc(end(hook, now)));
                    claim.setObject(3, hook.uid().value());
                    claim.setLong(4, script.generation());
                    claim.setLong(5, step.before() + (long) number);
                    try (ResultSet rows = claim.executeQuery()) {
                      return rows.next();
                    }
                  }
                })));
  }

  private void keepInUse(HookId hook, StoredScript script) {
    Instant end = end(hook, clock.instant());
    if (script.expiresAt().plus(USES_WRITTEN).isAfter(end)) {
      return;
    }
    try {
      call(
          ScriptSql.USE,
          use -> {
            use.setObject(1, utc(end));
            use.setObject(2, hook.uid().value());
            use.setLong(3, script.generation());
            return use.executeUpdate();
          });
    } catch (SQLException _) {
      // The next use will be written down.
    }
  }

  private static Instant end(HookId hook, Instant now) {
    Instant end = now.plus(LIFE);
    return hook.expiresAt().isBefore(end) ? hook.expiresAt() : end;
  }

  private static Optional<StoredScript> row(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next()
          ? Optional.of(
              new StoredScript(
                  rows.getLong(1),
                  ScriptReader.readStored(rows.getBytes(2)),
                  rows.getLong(3),
                  rows.getObject(4, OffsetDateTime.class).toInstant(),
                  rows.getObject(5, OffsetDateTime.class).toInstant()))
          : Optional.empty();
    }
  }

  private <T> T call(String sql, Statement<T> statement) throws SQLException {
    return database.call(connection -> {
      try (PreparedStatement prepared = connection.prepareStatement(sql)) {
        return statement.run(prepared);
      }
    });
  }

  private static <T> T unchecked(Retries.Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw Retries.asUnchecked(e);
    }
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
