package dev.hookwell.persist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.EventLog;
import dev.hookwell.store.CaptureReader;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.HookState;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.StoreUnavailableException;
import dev.hookwell.store.StoredCapture;
import dev.hookwell.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    assertTrue(logged().contains("\"repeated\":1"), logged());
  }

  @Test
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
  void aMessageThatWasHandedOutBeforeIsCounted() {
    SQSEvent.SQSMessage second = message("m1", 1);
    second.setAttributes(Map.of("ApproximateReceiveCount", "2"));

    failures(second);

    assertTrue(logged().contains("\"Redelivered\":1"), logged());
  }

  @Test
  void nothingOfACaptureReachesTheLog() {
    failures(message("m1", 1), text("poison", "canary-c4n4ry"));

    assertFalse(logged().contains("c4n4ry"), logged());
    assertFalse(logged().contains(Captures.hook(1).text()), logged());
    assertFalse(logged().contains("billing"), logged());
  }

  private List<StoredCapture> stored() {
    CaptureReader reader =
        new CaptureReader(database, HookLimits.DEFAULT, clock, Stores.retries(clock));
    HookState hook = reader.hook(Captures.hook(1).random()).orElseThrow();
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
