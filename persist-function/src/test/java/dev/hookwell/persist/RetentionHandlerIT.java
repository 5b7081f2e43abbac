package dev.hookwell.persist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.Retention;
import dev.hookwell.store.StoreLimits;
import dev.hookwell.store.StoreUnavailableException;
import dev.hookwell.store.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RetentionHandlerIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final HookLimits LIMITS = new HookLimits(Duration.ofDays(7), 2, 1_000_000);
  private static final Duration ENOUGH = Duration.ofSeconds(60);

  private final SettableClock clock = new SettableClock(Captures.RECEIVED_AT.plusSeconds(1));
  private final String url = POSTGRES.freshSchema();
  private final Database database = Stores.open(url, 2);
  private final List<String> log = new ArrayList<>();
  private final RetentionHandler handler =
      new RetentionHandler(
          new Retention(database, LIMITS, Retention.Batches.DEFAULT, clock, Stores.retries(clock)),
          clock,
          new EventLog(log::add, clock));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsOverTheQuotaGoesOldestFirstAndIsCounted() {
    save(5);

    handler.run(ENOUGH);

    assertEquals(3, PostgresServer.number(url, "SELECT evicted_count FROM hooks"));
    assertEquals(4, PostgresServer.number(url, "SELECT min(seq) FROM captures"));
    assertTrue(log.getLast().contains("\"evicted\":3"), log.getLast());
  }

  /** Every run reports them, so that the alarm always has data. */
  @Test
  void whatAllHooksTakeIsAMetric() {
    save(1);
    long bytes = PostgresServer.number(url, "SELECT stored_bytes FROM hooks");
    RetentionHandler bounded =
        new RetentionHandler(
            new Retention(
                database,
                LIMITS,
                new StoreLimits(4, 2 * bytes),
                Retention.Batches.DEFAULT,
                Retention.HOOK_BUDGET,
                clock,
                Stores.retries(clock)),
            clock,
            new EventLog(log::add, clock));

    bounded.run(ENOUGH);
    bounded.run(ENOUGH);

    for (String line : log) {
      for (String metric :
          List.of(
              "\"HookRows\":1",
              "\"HookRowsPercent\":25",
              "\"StoredBytes\":" + bytes,
              "\"StoredBytesPercent\":50",
              "\"Evicted\":0",
              "{\"Name\":\"StoredBytes\",\"Unit\":\"Bytes\"}",
              "{\"Name\":\"StoredBytesPercent\",\"Unit\":\"Percent\"}",
              "{\"Name\":\"HookRows\",\"Unit\":\"Count\"}")) {
        assertTrue(line.contains(metric), metric + " is not in " + line);
      }
    }
    assertEquals(2, log.size());
  }

  @Test
  void whatIsTooOldGoesAndIsCounted() {
    save(2);

    clock.pass(Duration.ofDays(8));
    handler.run(ENOUGH);

    assertEquals(2, PostgresServer.number(url, "SELECT evicted_count FROM hooks"));
    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM captures"));
  }

  @Test
  void aDatabaseThatFailedFailsTheInvocation() {
    PostgresServer.execute(url, "ALTER TABLE hooks RENAME TO elsewhere");

    assertThrows(StoreUnavailableException.class, () -> handler.run(ENOUGH));

    assertTrue(log.getLast().contains("\"retention.failed\""), log.getLast());
  }

  private void save(int count) {
    for (int i = 1; i <= count; i++) {
      new CaptureWriter(database, LIMITS, clock, Stores.retries(clock))
          .save(List.of(Captures.capture(1, i, "body " + i)), clock.instant().plusSeconds(30));
    }
  }
}
