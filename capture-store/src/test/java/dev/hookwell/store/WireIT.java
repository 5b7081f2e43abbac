package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Shows;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes over the connection, and what a lost answer means. */
final class WireIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Instant NOW = Captures.RECEIVED_AT.plusSeconds(3600);

  /** HikariCP's, in milliseconds; read when a pool is made. */
  private static final String ALIVE_WITHOUT_ASKING = "com.zaxxer.hikari.aliveBypassWindowMs";

  private static final Instant DEADLINE = NOW.plusSeconds(8);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final String url = POSTGRES.freshSchema();
  private final DatabaseProxy proxy = new DatabaseProxy(PostgresServer.port());
  private final Database database = Stores.open(proxy.through(url), 1);
  private final CaptureWriter writer =
      new CaptureWriter(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));
  private final CaptureReader reader =
      new CaptureReader(database, HookLimits.DEFAULT, CLOCK, Stores.retries(CLOCK));

  WireIT() throws IOException {}

  /** However long a test pauses between two calls, the pool does not ask whether one is alive. */
  @BeforeAll
  static void askNothing() {
    System.setProperty(ALIVE_WITHOUT_ASKING, String.valueOf(Duration.ofMinutes(10).toMillis()));
  }

  @AfterAll
  static void askAgain() {
    System.clearProperty(ALIVE_WITHOUT_ASKING);
  }

  @AfterEach
  void closeAll() throws IOException {
    database.close();
    proxy.close();
  }

  private static List<Capture> batch(int from, int to) {
    List<Capture> batch = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      batch.add(Captures.capture(2 + i % 3, i, "body " + i));
    }
    return batch;
  }

  @Test
  void nothingIsOpenedBeforeItIsNeeded() {
    assertEquals(0, proxy.connections());

    writer.save(batch(1, 1), DEADLINE);

    assertEquals(1, proxy.connections());
  }

  @Test
  void aBatchOfNewCapturesIsOneRoundTrip() {
    writer.save(batch(1, 10), DEADLINE);
    int before = proxy.syncs();

    writer.save(batch(11, 110), DEADLINE);

    assertEquals(1, proxy.syncs() - before);
  }

  @Test
  void duplicatesAreLookedForOnlyWhenThereAreSome() {
    writer.save(batch(1, 10), DEADLINE);
    int before = proxy.syncs();

    writer.save(batch(1, 10), DEADLINE);

    assertEquals(2, proxy.syncs() - before);

    writer.save(batch(10, 20), DEADLINE);

    assertEquals(5, proxy.syncs() - before);
  }

  /** A text that the server knows already costs it no plan, whatever the number of hooks. */
  @Test
  void batchesOfOtherNumbersOfHooksArePlannedOnce() throws Exception {
    int last = 0;
    for (int round = 0; round < 3; round++) {
      for (int hooks = 73; hooks <= 80; hooks++) {
        List<Capture> batch = new ArrayList<>();
        for (int hook = 0; hook < hooks; hook++) {
          batch.add(Captures.capture(hook, ++last, "body"));
        }
        assertEquals(Collections.nCopies(hooks, SaveOutcome.STORED), writer.save(batch, DEADLINE));
      }
    }
    List<Long> generic =
        database.call(connection -> {
          try (Statement ask = connection.createStatement();
              ResultSet rows =
                  ask.executeQuery(
                      "SELECT generic_plans FROM pg_prepared_statements"
                          + " WHERE statement LIKE '%WITH held%'")) {
            List<Long> plans = new ArrayList<>();
            while (rows.next()) {
              plans.add(rows.getLong(1));
            }
            return plans;
          }
        });
    assertEquals(2, generic.size(), "statements, of 64 hooks and of 16");
    // The driver prepares a text at its fifth use, and the server then plans it five times.
    assertTrue(generic.stream().allMatch(plans -> plans >= 10), generic.toString());
  }

  @Test
  void aPageIsTwoRoundTrips() {
    writer.save(batch(1, 10), DEADLINE);
    int before = proxy.syncs();

    HookState hook = reader.hook(Captures.hook(2).uid()).orElseThrow();
    reader.after(hook, 0, 100);

    assertEquals(2, proxy.syncs() - before);
  }

  @Test
  @Shows("F33")
  void noMessageReaches4MiB() {
    Random random = new Random(11);
    List<Capture> batch = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      byte[] body = new byte[random.nextInt(200_000)];
      random.nextBytes(body);
      batch.add(Captures.capture(Captures.hook(2 + i % 50), i, body));
    }

    assertEquals(Collections.nCopies(100, SaveOutcome.STORED), writer.save(batch, DEADLINE));

    int largest = proxy.largestMessage();
    assertTrue(largest < 4 * 1024 * 1024, "the longest message has " + largest + " bytes");
    assertTrue(largest > 3 * 1024 * 1024, "the longest message has " + largest + " bytes");
  }

  @Test
  @Shows("F12")
  void anAnswerLostAfterTheCommitStoresNothingTwice() {
    writer.save(batch(1, 3), DEADLINE);
    proxy.resetBeforeNextAnswer();

    assertEquals(Collections.nCopies(6, SaveOutcome.DUPLICATE), writer.save(batch(4, 9), DEADLINE));

    assertEquals(9, PostgresServer.number(url, "SELECT count(*) FROM captures"));
    assertEquals(9, PostgresServer.number(url, "SELECT sum(last_seq) FROM hooks"));
    assertEquals(2, proxy.connections());
  }
}
