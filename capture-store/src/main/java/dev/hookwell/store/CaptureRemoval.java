package dev.hookwell.store;

import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Deletes at the owner's wish. What is deleted is counted, invisible at once, and does not come
 * back by a late or repeated delivery. Every call may be repeated, and throws {@link
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
    return retries.within(
        BUDGET,
        () ->
            database.call(connection -> {
              try (PreparedStatement delete = connection.prepareStatement(Sql.DELETE_ONE)) {
                delete.setObject(1, hook.value());
                delete.setObject(2, hook.value());
                delete.setLong(3, seq);
                delete.setObject(4, hook.value());
                delete.setLong(5, EncodedCapture.ROW_OVERHEAD);
                delete.setObject(6, hook.value());
                delete.setObject(7, hook.value());
                delete.setLong(8, seq);
                delete.setObject(9, hook.value());
                delete.execute();
                try (ResultSet deleted = SecondStatement.rows(delete)) {
                  return deleted.next();
                }
              }
            }));
  }

  /**
   * Deletes all captures received until then, those that are still on their way to the store too.
   *
   * @param receivedUntil by the clock that the captures' receipt is told by
   */
  public void clear(HookId hook, Instant receivedUntil) {
    mark(Sql.CLEAR, 0, hook, receivedUntil);
  }

  /**
   * Deletes the hook with all its captures and its script. What comes for it afterwards is only
   * counted.
   */
  public void deleteHook(HookId hook) {
    mark(Sql.DELETE_HOOK, 1, hook, clock.instant());
  }

  /**
   * @param before how many times the statement names the hook before it marks it
   */
  private void mark(String sql, int before, HookId hook, Instant at) {
    OffsetDateTime now = at.atOffset(ZoneOffset.UTC);
    retries.within(
        BUDGET,
        () ->
            database.call(connection -> {
              try (PreparedStatement mark = connection.prepareStatement(sql)) {
                for (int i = 1; i <= before; i++) {
                  mark.setObject(i, hook.uid().value());
                }
                mark.setObject(before + 1, hook.uid().value());
                mark.setObject(before + 2, hook.expiresAt().atOffset(ZoneOffset.UTC));
                mark.setObject(before + 3, now);
                mark.setObject(before + 4, now);
                return mark.execute();
              }
            }));
  }
}
