package dev.hookwell.persist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.sun.management.ThreadMXBean;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.HookState;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.StoreUnavailableException;
import dev.hookwell.store.StoredCapture;
import dev.hookwell.store.Stores;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PersistHandlerIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final Duration ENOUGH = Duration.ofSeconds(30);

  private final Clock clock = Clock.fixed(Captures.RECEIVED_AT.plusSeconds(5), ZoneOffset.UTC);
  private final String url = POSTGRES.freshSchema();
  private final Database database = Stores.open(url, 2);
  private final List<String> log = new ArrayList<>();
  private final PersistHandler handler =
      new PersistHandler(
          new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock)),
          clock,
          new EventLog(log::add, clock));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aBatchIsStoredInOrderOfReceiptAndReportsNothing() {
    assertEquals(List.of(), failures(message("m3", 3), message("m1", 1), message("m2", 2)));

    assertEquals(
        List.of(Captures.id(1), Captures.id(2), Captures.id(3)),
        stored().stream().map(StoredCapture::id).toList());
    assertEquals(List.of(1L, 2L, 3L), stored().stream().map(StoredCapture::seq).toList());
    assertTrue(logged().contains("\"stored\":3"), logged());
  }

  @Test
  void aMessageThatComesAgainIsStoredOnceAndReportedAsDone() {
    failures(message("m1", 1), message("m1-again", 1));

    assertEquals(List.of(), failures(message("m1", 1), message("m2", 2)));

    assertEquals(2, stored().size());
    assertTrue(logged().contains("\"duplicate\":1"), logged());
  }

  @Test
  @Shows("F20")
  void poisonAloneIsReportedAndTheOthersAreStored() {
    SQSEvent.SQSMessage noBody = message("null-body", 9);
    noBody.setBody(null);

    assertEquals(
        List.of("no-json", "newer", "null-body"),
        failures(
            message("m1", 1),
            text("no-json", "{"),
            text("newer", "{\"v\":99}"),
            noBody,
            message("m2", 2)));

    assertEquals(2, stored().size());
    assertEquals(3, logged().lines().filter(l -> l.contains("\"persist.poison\"")).count());
  }

  @Test
  @Shows("F19")
  void aCaptureThatTheDatabaseRefusesIsPoisonAndTheOthersAreStored() {
    PostgresServer.execute(
        url,
        "ALTER TABLE captures ADD CONSTRAINT refused CHECK (capture_id <> '%s')"
            .formatted(Captures.id(2)));

    assertEquals(
        List.of("m2"),
        failures(message("m1", 1), message("m2", 2), message("m3", 3), message("m4", 4)));

    assertEquals(List.of(1L, 2L, 3L), stored().stream().map(StoredCapture::seq).toList());
  }

  @Test
  void aDatabaseThatFailedMakesTheWholeBatchComeBack() {
    PostgresServer.execute(url, "ALTER TABLE captures RENAME TO elsewhere");

    assertThrows(
        StoreUnavailableException.class,
        () -> failures(message("m1", 1), text("bad", "{"), message("m2", 2)));

    assertEquals(1, log.stream().filter(line -> line.contains("\"Poison\":1")).count());

    assertTrue(logged().contains("\"persist.failed\""), logged());
    PostgresServer.execute(url, "ALTER TABLE elsewhere RENAME TO captures");
    assertEquals(List.of(), failures(message("m1", 1), message("m2", 2)));
    assertEquals(2, stored().size());
  }

  @Test
  @Shows("F15")
  void withoutTimeLeftEverythingIsReportedAndNothingIsLost() {
    SQSEvent event = event(message("m1", 1), message("m2", 2));

    assertEquals(List.of("m1", "m2"), failures(event, Duration.ofMillis(100)));

    assertEquals(0, PostgresServer.number(url, "SELECT count(*) FROM captures"));
  }

  @Test
  void anEmptyEventIsAnsweredWithAnEmptyList() {
    assertEquals(List.of(), failures(new SQSEvent(), ENOUGH));
    assertEquals(List.of(), failures());
  }

  @Test
  @Shows("F34")
  void aMessageThatWasHandedOutBeforeIsCounted() {
    SQSEvent.SQSMessage second = message("m1", 1);
    second.setAttributes(Map.of("ApproximateReceiveCount", "2"));

    failures(second);

    assertTrue(logged().contains("\"Redelivered\":1"), logged());
  }

  @Test
  @Shows("S29")
  void nothingOfACaptureReachesTheLog() {
    failures(message("m1", 1), text("poison", "canary-c4n4ry"));

    assertFalse(logged().contains("c4n4ry"), logged());
    assertFalse(logged().contains(Captures.hook(1).text()), logged());
    assertFalse(logged().contains("billing"), logged());
  }

  @Test
  @Shows("F31")
  void whateverIsInABatchOnlyItsOwnMessagesAreReported() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PostgresServer.execute(
        url, "ALTER TABLE captures ADD CONSTRAINT refused CHECK (body_size <> 8)");
    for (int round = 0; round < 30; round++) {
      List<SQSEvent.SQSMessage> messages = new ArrayList<>();
      Set<String> bad = new HashSet<>();
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        String id = round + "-" + i;
        switch (random.nextInt(4)) {
          // "n" of two digits makes a body of 8 bytes, which the constraint refuses.
          case 0 -> messages.add(message(id, 10 + random.nextInt(90)));
          case 1 -> messages.add(text(id, "{\"v\":" + random.nextInt(1000) + "9}"));
          default -> messages.add(message(id, random.nextInt(10)));
        }
        if (!messages.getLast().getBody().contains("\"size\":7")) {
          bad.add(id);
        }
      }
      boolean late = random.nextInt(5) == 0;

      List<String> failed =
          failures(
              event(messages.toArray(SQSEvent.SQSMessage[]::new)),
              late ? Duration.ofMillis(1) : ENOUGH);

      Set<String> all =
          messages.stream().map(SQSEvent.SQSMessage::getMessageId).collect(Collectors.toSet());
      assertEquals(late ? all : bad, new HashSet<>(failed), "seed " + seed);
      assertEquals(failed.size(), new HashSet<>(failed).size(), "seed " + seed);
    }
  }

  @Test
  @Shows("F32")
  void anErrorFailsTheBatchAndWhatComesBackIsStoredOnce() {
    AtomicBoolean full = new AtomicBoolean(true);
    PersistHandler failing =
        new PersistHandler(
            new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock)),
            clock,
            new EventLog(
                line -> {
                  if (full.getAndSet(false)) {
                    throw new OutOfMemoryError("as of one record");
                  }
                },
                clock));
    SQSEvent event = event(message("m1", 1), message("m2", 2));

    assertThrows(OutOfMemoryError.class, () -> failing.handle(event, ENOUGH, "request-1"));

    assertEquals(List.of(), failing.handle(event, ENOUGH, "request-2").getBatchItemFailures());
    assertEquals(2, stored().size());
  }

  @Test
  @Shows("F33")
  void aBatchOfTheLargestBodiesIsNotDecompressed() {
    CapturedBody zeros = CapturedBody.of(Body.copyOf(new byte[CapturedBody.MAX_BYTES]));
    List<SQSEvent.SQSMessage> messages = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      Capture sent = Captures.capture(1, i, "");
      Capture large =
          new Capture(
              sent.id(), sent.hook(), sent.receivedAt(), sent.request(), zeros, sent.notes());
      messages.add(text("m" + i, EnvelopeWriter.write(large).text()));
    }
    SQSEvent event = event(messages.toArray(SQSEvent.SQSMessage[]::new));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertEquals(List.of(), failures(event, ENOUGH));

    // Decompressed, the bodies alone would be 400 MiB.
    assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 256L * 1024 * 1024);
    assertEquals(100, stored().size());
  }

  @Test
  @Shows("F52")
  void aBatchOfAnySizeWritesOneLine() {
    SQSEvent.SQSMessage[] messages = new SQSEvent.SQSMessage[100];
    Arrays.setAll(messages, i -> message("m" + i, i));

    failures(messages);

    assertEquals(1, log.size(), logged());
  }

  private List<StoredCapture> stored() {
    CaptureReader reader =
        new CaptureReader(database, HookLimits.DEFAULT, clock, Stores.retries(clock));
    HookState hook = reader.hook(Captures.hook(1).uid()).orElseThrow();
    return reader.after(hook, 0, 100);
  }

  private List<String> failures(SQSEvent.SQSMessage... messages) {
    return failures(event(messages), ENOUGH);
  }

  private List<String> failures(SQSEvent event, Duration remaining) {
    SQSBatchResponse response = handler.handle(event, remaining, "request-1");
    return response.getBatchItemFailures().stream()
        .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .toList();
  }

  private String logged() {
    return String.join("\n", log);
  }

  private static SQSEvent event(SQSEvent.SQSMessage... messages) {
    SQSEvent event = new SQSEvent();
    event.setRecords(new ArrayList<>(Arrays.asList(messages)));
    return event;
  }

  private static SQSEvent.SQSMessage message(String messageId, long capture) {
    Capture sent = Captures.capture(1, capture, "{\"n\":" + capture + "}");
    return text(messageId, EnvelopeWriter.write(sent).text());
  }

  private static SQSEvent.SQSMessage text(String messageId, String body) {
    SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
    message.setMessageId(messageId);
    message.setBody(body);
    message.setAttributes(Map.of("ApproximateReceiveCount", "1"));
    return message;
  }
}
