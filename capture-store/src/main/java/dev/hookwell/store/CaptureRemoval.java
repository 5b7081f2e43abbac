package dev.hookwell.store;

import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Deletes at the owner's wish. A deleted capture is counted, invisible at once, and does not come
 * back by a late delivery or a duplicate. Every call may be repeated, and throws {@link
 * StoreUnavailableException} when the database failed. Thread-safe.
 */
public final class CaptureRemoval {
  private static final Duration BUDGET = Duration.ofSeconds(2);

  private final Database database;
  private final Clock clock;
  private final Retries retries;

  public CaptureRemoval(Database database, Clock clock, Retries retries) {
    this.database = database;
    this.clock = clock;
    this.retries = retries;
  }

  /**
   * Deletes one capture; its bytes are overwritten with nothing.
   *
   * @return whether it was there
   */
  public boolean deleteOne(HookUid hook, long seq) {
    return retries
        .within(
            BUDGET,
            database,
            Sql.DELETE_ONE.row(
                to ->
                    to.setUuid("hook", hook.value())
                        .setLong("seq", seq)
                        .setLong("emptied", EncodedCapture.ROW_OVERHEAD),
                row -> row.getLong("deleted_count")))
        .isPresent();
  }

  /**
   * Deletes all captures received until then, those that are still on their way to the store too.
   *
   * @param receivedUntil by the clock that the captures' receipt is told by
   */
  public void clear(HookId hook, Instant receivedUntil) {
    mark(Sql.CLEAR, hook, receivedUntil);
  }

  /**
   * Deletes the hook with all its captures and its script. A capture that comes for it afterwards
   * is only counted.
   */
  public void deleteHook(HookId hook) {
    mark(Sql.DELETE_HOOK, hook, clock.instant());
  }

  private void mark(NamedStatement statement, HookId hook, Instant at) {
    retries.within(
        BUDGET,
        database,
        statement.count(to ->
            to.setUuid("hook", hook.uid().value())
                .setTime("end", hook.expiresAt())
                .setTime("at", at)));
  }
}
