package dev.hookwell.store;

import dev.hookwell.capture.HookId;
import dev.hookwell.capture.script.ResponseScript;
import dev.hookwell.capture.script.ScriptJson;
import dev.hookwell.capture.script.ScriptReader;
import dev.hookwell.capture.script.StepEnd;
import dev.hookwell.capture.script.StepInTurn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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

  /** Sets a hook's script, in place of the one before. It starts from its first step. */
  public StoredScript put(HookId hook, ResponseScript script) {
    byte[] steps = ScriptJson.stored(script);
    Instant now = clock.instant();
    return retries
        .within(
            BUDGET,
            database,
            ScriptSql.PUT.row(
                to ->
                    to.setUuid("hook", hook.uid().value())
                        .setLong("least_generation", now.toEpochMilli())
                        .setBytes("steps", steps)
                        .setTime("now", now)
                        .setTime("end", end(hook, now)),
                ResponseScripts::script))
        .orElseThrow();
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
    return Retries.unchecked(() ->
        retries.until(
            deadline,
            database,
            ScriptSql.READ.row(
                to -> to.setUuid("hook", hook.uid().value()).setTime("now", clock.instant()),
                ResponseScripts::script)));
  }

  /** Starts a hook's script from its first step; empty when it has none. */
  public Optional<StoredScript> restart(HookId hook) {
    Instant now = clock.instant();
    return retries.within(
        BUDGET,
        database,
        ScriptSql.RESTART.row(
            to ->
                to.setUuid("hook", hook.uid().value())
                    .setLong("least_generation", now.toEpochMilli())
                    .setTime("now", now)
                    .setTime("end", end(hook, now)),
            ResponseScripts::script));
  }

  /** Deletes a hook's script, if it has one. */
  public void delete(HookId hook) {
    retries.within(
        BUDGET, database, ScriptSql.DELETE.count(to -> to.setUuid("hook", hook.uid().value())));
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
    Database.Work<Optional<Long>> claim =
        ScriptSql.CLAIM.row(
            to ->
                to.setUuid("hook", hook.uid().value())
                    .setLong("generation", script.generation())
                    .setLong("before", step.before())
                    .setLong("up_to", step.before() + (long) number)
                    .setTime("end", end(hook, now)),
            row -> row.getLong("taken"));
    // A conflict is the one failure after which nothing can have been written.
    return Retries.unchecked(() -> retries.until(deadline, () -> database.callOnce(claim)))
        .isPresent();
  }

  private void keepInUse(HookId hook, StoredScript script) {
    Instant end = end(hook, clock.instant());
    if (script.expiresAt().plus(USES_WRITTEN).isAfter(end)) {
      return;
    }
    try {
      database.call(
          ScriptSql.USE.count(to ->
              to.setUuid("hook", hook.uid().value())
                  .setLong("generation", script.generation())
                  .setTime("end", end)));
    } catch (SQLException _) {
      // The next use will be written down.
    }
  }

  private static Instant end(HookId hook, Instant now) {
    Instant end = now.plus(LIFE);
    return hook.expiresAt().isBefore(end) ? hook.expiresAt() : end;
  }

  private static StoredScript script(ResultSet row) throws SQLException {
    return new StoredScript(
        row.getLong("generation"),
        ScriptReader.readStored(row.getBytes("steps")),
        row.getLong("taken"),
        Utc.read(row, "set_at"),
        Utc.read(row, "expires_at"));
  }
}
