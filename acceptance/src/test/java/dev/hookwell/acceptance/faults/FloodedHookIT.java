package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.HookId;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.postgres.LocalDatabase;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.PumpSettings;
import dev.hookwell.local.queue.QueuePump;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.persist.PersistHandler;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.HookState;
import dev.hookwell.store.Retention;
import dev.hookwell.store.Retries;
import dev.hookwell.store.Stores;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hook of which very many captures wait delays no other: neither on the way from the outbox to
 * the database, nor when retention makes room in it.
 */
final class FloodedHookIT {
  /** In which another hook's capture has to be seen. */
  private static final int SOON_SECONDS = 5;

  private static final int SENDERS = 200;
  private static final HookId FLOODED = Captures.hook(1);
  private static final HookId OTHER = Captures.hook(2);
  private static final HookId FULL = Captures.hook(3);

  private static final HookLimits LIMITS = new HookLimits(Duration.ofDays(7), 1000, 1L << 40);

  /** Runs as ever, at the time of the captures. */
  private final Clock clock =
      Clock.offset(
          Clock.systemUTC(),
          Duration.between(Instant.now(), Captures.RECEIVED_AT.plus(Duration.ofHours(1))));

  @TempDir private Path folder;

  private final AtomicInteger lastId = new AtomicInteger();

  @Test
  void aFloodOfOneHookDelaysNoOther() throws Exception {
    flood(20_000);
  }

  @Test
  @Tag("long")
  void aFloodOfAMillionDelaysNoOther() throws Exception {
    flood(1_000_000);
  }

  private void flood(int size) throws Exception {
    SecureRandom random = new SecureRandom();
    try (DataFolder data = DataFolder.open(folder, random);
        LocalDatabase server = LocalDatabase.start(data, random);
        Outbox outbox =
            Outbox.open(
                data.outbox(), QueueSettings.ofTemplate(), clock, () -> Long.MAX_VALUE, _ -> {})) {
      Stores.migrate(server.databaseUrl());
      Database.Settings settings = Database.Settings.forFunction("hookwell-flood").withPoolSize(8);
      try (Database database = new Database(server.databaseUrl(), settings, true)) {
        fill(outbox, size);
        othersAreSeen(outbox, database, size);
        othersAreLookedAfter(database);
      }
    }
  }

  private void fill(Outbox outbox, int size) throws Exception {
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Callable<Integer>> shares =
          IntStream.range(0, SENDERS)
              .mapToObj(_ ->
                  (Callable<Integer>)
                      () -> {
                        for (int i = 0; i < size / SENDERS; i++) {
                          keep(outbox, FLOODED);
                        }
                        return size / SENDERS;
                      })
              .toList();
      for (Future<Integer> sent : senders.invokeAll(shares)) {
        sent.get();
      }
    }
    assertEquals(size, outbox.counts().waiting());
  }

  private void keep(Outbox outbox, HookId hook) {
    assertEquals(new Sent.Kept(), outbox.send(EnvelopeWriter.write(next(hook))));
  }

  private Capture next(HookId hook) {
    return Captures.capture(hook, lastId.incrementAndGet(), new byte[500]);
  }

  private void othersAreSeen(Outbox outbox, Database database, int size) throws Exception {
    CaptureReader reader = new CaptureReader(database, LIMITS, clock, Stores.retries(clock));
    PersistHandler persist =
        new PersistHandler(writer(database), clock, new EventLog(_ -> {}, clock));
    // It comes last, and is seen long before the last of the flood.
    keep(outbox, OTHER);
    List<Long> waits = new ArrayList<>();
    long start = System.nanoTime();
    try (QueuePump _ =
        QueuePump.start(outbox, "persist", persist, clock, PumpSettings.ofTemplate())) {
      waits.add(millisUntil(SOON_SECONDS, () -> number(reader, OTHER, HookState::lastSeq) == 1));
      long stored = number(reader, FLOODED, HookState::lastSeq);
      assertTrue(stored < size / 2, stored + " of the flood came before it");
      Deadline deadline = Deadline.inSeconds(300);
      while (number(reader, FLOODED, HookState::lastSeq) < size) {
        keep(outbox, OTHER);
        int sent = waits.size() + 1;
        waits.add(
            millisUntil(SOON_SECONDS, () -> number(reader, OTHER, HookState::lastSeq) == sent));
        TimeUnit.MILLISECONDS.sleep(50);
        deadline.check("the flood is not stored");
      }
    }
    Collections.sort(waits);
    System.out.printf(
        "Hookwell: %,d captures of a hook waited and were stored in %.1f s; meanwhile %d of another"
            + " were seen after %d ms (median), %d ms at most%n",
        size,
        (System.nanoTime() - start) / 1e9,
        waits.size(),
        waits.get(waits.size() / 2),
        waits.getLast());
    assertEquals(0, outbox.counts().waiting());
  }

  private CaptureWriter writer(Database database) {
    return new CaptureWriter(
        database, LIMITS, clock, new Retries(clock, new SecureRandom(), Thread::sleep));
  }

  /** The flooded hook is over its quota by far, and has been due for longer. */
  private void othersAreLookedAfter(Database database) throws Exception {
    CaptureReader reader = new CaptureReader(database, LIMITS, clock, Stores.retries(clock));
    List<Capture> captures =
        IntStream.range(0, (int) LIMITS.captures() + 10).mapToObj(_ -> next(FULL)).toList();
    writer(database).save(captures, clock.instant().plusSeconds(60));
    Retention retention =
        new Retention(database, LIMITS, Retention.Batches.DEFAULT, clock, Stores.retries(clock));
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Retention.Report> run =
          thread.submit(() -> retention.run(clock.instant().plusSeconds(50)));
      int longest = SOON_SECONDS + (int) Retention.HOOK_BUDGET.toSeconds();
      long millis = millisUntil(longest, () -> number(reader, FULL, HookState::evicted) == 10);
      System.out.printf("Hookwell: retention looked after another hook after %d ms%n", millis);
      assertTrue(run.get().hooks() >= 2);
    }
  }

  private static long number(CaptureReader reader, HookId hook, ToLongFunction<HookState> number) {
    return reader.hook(hook.uid()).map(number::applyAsLong).orElse(0L);
  }

  private static long millisUntil(int seconds, BooleanSupplier condition)
      throws InterruptedException {
    long start = System.nanoTime();
    Deadline deadline = Deadline.inSeconds(seconds);
    while (!condition.getAsBoolean()) {
      deadline.check("another hook waited for longer than " + seconds + " s");
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return (System.nanoTime() - start) / 1_000_000;
  }
}
