package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.hookwell.capture.Shows;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.Deadline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueuePumpIT {
  private static final SQSBatchResponse ALL_KEPT = new SQSBatchResponse(List.of());
  private static final int PATIENCE_SECONDS = 60;

  /** Failed messages have to come back sooner than those whose visibility timeout ends. */
  private static final PumpSettings QUICK =
      PumpSettings.ofTemplate()
          .withFunctionTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
          .withRetries(Duration.ofMillis(100), Duration.ofMillis(100));

  @TempDir private Path folder;

  /** How often each body was handed over. */
  private final Map<String, Integer> seen = new ConcurrentHashMap<>();

  private final List<List<SQSMessage>> batches = Collections.synchronizedList(new ArrayList<>());

  @SuppressWarnings("NullAway.Init")
  private Outbox outbox;

  @BeforeEach
  void open() {
    open(QueueSettings.ofTemplate());
  }

  private void open(QueueSettings settings) {
    outbox =
        Outbox.open(
            new OutboxFile(
                folder.resolve("outbox"), FaultyFiles.scheme(), Clock.systemUTC(), _ -> {}),
            settings,
            Clock.systemUTC(),
            () -> Long.MAX_VALUE,
            _ -> {});
  }

  @AfterEach
  void close() {
    outbox.close();
    FaultyFiles.heal();
  }

  private QueuePump pump(RequestHandler<SQSEvent, SQSBatchResponse> handler) {
    return pump(handler, QUICK);
  }

  private QueuePump pump(
      RequestHandler<SQSEvent, SQSBatchResponse> handler, PumpSettings settings) {
    return QueuePump.start(
        outbox,
        "persist",
        (event, context) -> {
          batches.add(event.getRecords());
          for (SQSMessage message : event.getRecords()) {
            seen.merge(message.getBody(), 1, Integer::sum);
          }
          return handler.handleRequest(event, context);
        },
        Clock.systemUTC(),
        settings);
  }

  @Test
  void everyMessageIsHandedOverOnceAndDeleted() {
    send(230);
    try (QueuePump _ = pump((_, _) -> ALL_KEPT)) {
      until(() -> seen.size() == 230);
    }
    assertEquals(Set.of(1), new HashSet<>(seen.values()));
    assertTrue(batches.stream().allMatch(batch -> batch.size() <= 100));
    assertEquals(0, left());
  }

  @Test
  void recordSaysWhatLambdaSays() {
    send(1);
    try (QueuePump _ = pump((_, _) -> ALL_KEPT)) {
      until(() -> !seen.isEmpty());
    }
    SQSMessage message = batches.getFirst().getFirst();
    assertEquals("aws:sqs", message.getEventSource());
    assertEquals(SqsEventWriter.QUEUE_ARN, message.getEventSourceArn());
    assertEquals("us-east-1", message.getAwsRegion());
    assertEquals(32, message.getMd5OfBody().length());
    assertFalse(message.getMessageId().isEmpty());
    assertFalse(message.getReceiptHandle().isEmpty());
    assertEquals("1", message.getAttributes().get("ApproximateReceiveCount"));
    for (String name : List.of("SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp")) {
      assertTrue(message.getAttributes().containsKey(name), name);
    }
    assertEquals(OutboxKey.NO_HOOK.toString(), message.getAttributes().get("MessageGroupId"));
  }

  @Test
  void onlyTheReportedMessageComesBack() {
    send(10);
    try (QueuePump _ =
        pump((event, _) ->
            new SQSBatchResponse(
                event.getRecords().stream()
                    .filter(message -> message.getBody().equals("body 3"))
                    .filter(message -> seen.getOrDefault("body 3", 0) < 3)
                    .map(message -> new BatchItemFailure(message.getMessageId()))
                    .toList()))) {
      until(() -> seen.getOrDefault("body 3", 0) == 3 && seen.size() == 10);
      until(() -> left() == 0);
    }
    assertEquals(12, seen.values().stream().mapToInt(times -> times).sum());
  }

  @Test
  void exceptionBringsTheWholeBatchBack() {
    send(5);
    AtomicBoolean down = new AtomicBoolean(true);
    try (QueuePump _ =
        pump((_, _) -> {
          if (down.getAndSet(false)) {
            throw new IllegalStateException("the database is down");
          }
          return ALL_KEPT;
        })) {
      until(() -> seen.size() == 5 && left() == 0);
    }
    assertTrue(seen.values().stream().mapToInt(times -> times).sum() > 5);
  }

  @Test
  @Shows("F32")
  void errorBringsTheWholeBatchBack() {
    send(1);
    AtomicBoolean first = new AtomicBoolean(true);
    try (QueuePump _ =
        pump((_, _) -> {
          if (first.getAndSet(false)) {
            throw new OutOfMemoryError("as in one record");
          }
          return ALL_KEPT;
        })) {
      until(() -> seen.getOrDefault("body 0", 0) == 2 && left() == 0);
    }
  }

  @Test
  @Shows("F52")
  void timeoutBringsTheWholeBatchBack() {
    send(1);
    AtomicBoolean first = new AtomicBoolean(true);
    try (QueuePump _ =
        pump(
            (_, _) -> {
              if (first.getAndSet(false)) {
                awaitForEver();
              }
              return ALL_KEPT;
            },
            QUICK.withFunctionTimeout(Duration.ofMillis(500)))) {
      until(() -> seen.getOrDefault("body 0", 0) >= 2 && left() == 0);
    }
  }

  @Test
  @NullUnmarked
  void nullDeletesEverything() {
    send(3);
    try (QueuePump _ = pump((_, _) -> null)) {
      until(() -> seen.size() == 3 && left() == 0);
    }
    assertEquals(Set.of(1), new HashSet<>(seen.values()));
  }

  @Test
  @Shows("F31")
  void unknownIdentifierBringsTheWholeBatchBack() {
    send(2);
    AtomicBoolean first = new AtomicBoolean(true);
    try (QueuePump _ =
        pump((_, _) ->
            first.getAndSet(false)
                ? new SQSBatchResponse(List.of(new BatchItemFailure("nobody")))
                : ALL_KEPT)) {
      until(() -> seen.size() == 2 && left() == 0);
    }
    assertTrue(seen.values().stream().mapToInt(times -> times).sum() > 2);
  }

  @Test
  @Shows("F33")
  void batchStaysBelowTheLimitOfLambda() {
    for (int i = 0; i < 9; i++) {
      send(i + "x".repeat(1_000_000));
    }
    try (QueuePump _ = pump((_, _) -> ALL_KEPT)) {
      until(() -> seen.size() == 9 && left() == 0);
    }
    assertTrue(batches.stream().allMatch(batch -> batch.size() <= 6));
  }

  @Test
  void invocationsRunAtOnceUpToTheLimit() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch five = new CountDownLatch(5);
    send(40);
    try (QueuePump _ =
        pump(
            (_, _) -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              five.countDown();
              await(five);
              inside.decrementAndGet();
              return ALL_KEPT;
            },
            QUICK.withBatchSize(1))) {
      until(() -> seen.size() == 40 && left() == 0);
    }
    assertEquals(5, most.get());
  }

  @Test
  void closingFinishesTheInvocationUnderWay() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    send(1);
    QueuePump pump =
        pump((_, _) -> {
          entered.countDown();
          await(go);
          return ALL_KEPT;
        });
    await(entered);
    Thread closing = Thread.ofVirtual().start(pump::close);
    assertTrue(closing.isAlive());
    go.countDown();
    closing.join();
    assertEquals(0, left());
    send(1);
    assertEquals(1, left());
    assertEquals(1, seen.size());
  }

  @Test
  void outboxThatFailedForAWhileIsPumpedAgain() {
    try (QueuePump _ = pump((_, _) -> ALL_KEPT)) {
      send(1);
      until(() -> seen.size() == 1 && left() == 0);
      FaultyFiles.failWrites(20);
      until(() -> outbox.send(OutboxKey.NO_HOOK, "after").equals(new Sent.Kept()));
      until(() -> seen.containsKey("after") && left() == 0);
    }
  }

  @Test
  void anOutageWearsOutOnlyAFewOfAllThatWait() {
    AtomicBoolean down = new AtomicBoolean(true);
    AtomicInteger calls = new AtomicInteger();
    send(1000);
    try (QueuePump _ =
        pump(
            (_, _) -> {
              calls.incrementAndGet();
              if (down.get()) {
                throw new IllegalStateException("the database is down");
              }
              return ALL_KEPT;
            },
            QUICK.withBatchSize(20))) {
      until(() -> calls.get() > 12);
      // All invocations at once, and as many that were started before the first had failed.
      assertTrue(seen.size() < 300, seen.size() + " of 1000 were tried");
      down.set(false);
      until(() -> seen.size() == 1000 && left() == 0);
    }
  }

  @Test
  void messageThatNeverWorksEndsInTheDeadLetterQueue() {
    outbox.close();
    open(QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(70), 2));
    send(1);
    try (QueuePump _ =
        pump((event, _) ->
            new SQSBatchResponse(
                event.getRecords().stream()
                    .map(message -> new BatchItemFailure(message.getMessageId()))
                    .toList()))) {
      until(() -> OutboxTexts.dead(outbox).equals(List.of("body 0")));
    }
    assertEquals(2, seen.get("body 0"));
  }

  private void send(int messages) {
    for (int i = 0; i < messages; i++) {
      send("body " + i);
    }
  }

  private void send(String body) {
    assertEquals(new Sent.Kept(), outbox.send(OutboxKey.NO_HOOK, body));
  }

  private int left() {
    return outbox.counts().waiting();
  }

  private void until(BooleanSupplier condition) {
    Deadline deadline = Deadline.inSeconds(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      deadline.check("seen " + seen.size());
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void awaitForEver() {
    await(new CountDownLatch(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("ended by its timeout", e);
    }
  }
}
