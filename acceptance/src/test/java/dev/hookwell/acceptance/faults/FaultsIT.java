package dev.hookwell.acceptance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.TcpProxy;
import dev.hookwell.capture.Shows;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.queue.FaultyFiles;
import dev.hookwell.local.queue.OutboxKey;
import dev.hookwell.local.queue.OutboxTexts;
import dev.hookwell.local.queue.QueueMessage;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.store.HookLimits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One fault each, between the sender and the reader. */
final class FaultsIT {
  private static final int RECEIVES = 4;

  @TempDir static Path data;

  private static FaultySystem system;
  private static Client client;

  private final RandomGenerator random = new Random(3);
  private final Map<String, String> digests = new ConcurrentHashMap<>();
  private Client.Hook hook;

  @BeforeAll
  static void start() throws Exception {
    system =
        new FaultySystem(
            data,
            QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(1), RECEIVES),
            HookLimits.DEFAULT,
            FaultySystem.Patience.LONG);
    client = new Client(system.address());
  }

  @AfterAll
  static void stop() {
    client.close();
    system.close();
  }

  @BeforeEach
  void newHook() {
    hook = client.createHook();
  }

  @AfterEach
  void heal() throws Exception {
    FaultyFiles.heal();
    system.databaseProxy().heal();
    system.server().startServer();
    system.skew(Duration.ZERO);
    client.awaitReadable(hook);
    drain();
  }

  private HttpResponse<String> send(String text) {
    return client.post(hook, "text/plain", text.getBytes(UTF_8));
  }

  private String kept(String text) {
    byte[] body = text.getBytes(UTF_8);
    String id = client.postKept(hook, "text/plain", body);
    digests.put(id, Client.sha256(body));
    return id;
  }

  private int pump(StepPump.Switch... switches) {
    Set<StepPump.Switch> set = EnumSet.noneOf(StepPump.Switch.class);
    set.addAll(List.of(switches));
    return system.steps().step(100, set, random);
  }

  /** Pumps until no message is left, visible or not. */
  private void drain() throws InterruptedException {
    Deadline deadline = Deadline.inSeconds(60);
    while (messages() > 0) {
      if (pump() == 0) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      deadline.check("the queue does not get empty");
    }
  }

  private static int messages() {
    return system.outbox().counts().waiting();
  }

  /** The captures that are dead letters. */
  private static Set<String> deadIds() {
    return OutboxTexts.dead(system.outbox()).stream()
        .map(message -> Client.json(message).path("id").asText())
        .collect(Collectors.toSet());
  }

  private List<JsonNode> captures() {
    JsonNode page = client.read(hook, "/captures?after=0&limit=500");
    return StreamSupport.stream(page.get("captures").spliterator(), false).toList();
  }

  private void assertEachKeptOnce() throws InterruptedException {
    drain();
    Client.assertEachOnceInOrder(digests, client.await(hook, digests.size()));
    assertEquals(digests.size(), client.read(hook, "").get("lastSeq").intValue());
  }

  private void assertTryAgain(HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode());
    assertTrue(answer.headers().firstValue("retry-after").isPresent());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("content-type").orElse(""));
  }

  @Test
  @Tag("long")
  @Shows("F09")
  void anOutageLongerThanAllReceivesEndsInTheDeadLetterQueueAndComesBackOnce() throws Exception {
    Set<String> before = deadIds();
    for (int i = 0; i < 300; i++) {
      kept("during the outage " + i);
    }
    system.server().stopServer();
    Deadline deadline = Deadline.inSeconds(120);
    while (messages() > 0) {
      if (pump() == 0) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      deadline.check("not in the dead-letter queue");
    }
    Set<String> dead = deadIds();
    dead.removeAll(before);
    assertEquals(digests.keySet(), dead);

    system.server().startServer();
    client.awaitReadable(hook);
    assertTrue(system.outbox().redrive() >= 300);
    assertEachKeptOnce();
  }

  @Test
  @Shows({"F20", "F21"})
  void poisonEndsInTheDeadLetterQueueAndHoldsUpNobody() throws Exception {
    Set<String> poison = Set.of("{", "{\"v\":99}");
    poison.forEach(body -> system.outbox().send(OutboxKey.NO_HOOK, body));
    kept("good");
    pump();
    assertEquals(1, captures().size());

    drain();
    assertTrue(OutboxTexts.dead(system.outbox()).containsAll(poison));
  }

  @Test
  @Shows({"F03", "F25", "F26"})
  void aRedriveOfWhatIsStoredAlreadyStoresNothingTwice() throws Exception {
    kept("stored, and in the dead-letter queue");
    String copy = OutboxTexts.all(system.outbox()).getLast();
    drain();
    String storedAt = captures().getFirst().get("storedAt").textValue();
    assertEquals(new Sent.Kept(), system.outbox().send(Ledger.key(hook), copy));
    awaitDead();
    system.outbox().redrive();

    assertEachKeptOnce();
    assertEquals(storedAt, captures().getFirst().get("storedAt").textValue());
  }

  @Test
  @Shows({"F24", "F28"})
  void twoInstancesWithTheSameBatchInAnyOrderStoreItOnce() throws Exception {
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 20; i++) {
        kept(round + " of " + i);
      }
      pump(StepPump.Switch.DUPLICATE, StepPump.Switch.SHUFFLE);
    }
    assertEachKeptOnce();
  }

  @Test
  @Shows("F30")
  void anInstanceThatEndsBeforeItDeletedStoresNothingTwice() throws Exception {
    kept("stored before the end");
    pump(StepPump.Switch.CRASH);
    assertEquals(1, captures().size());
    assertTrue(messages() > 0, "nothing was left to come back");

    assertEachKeptOnce();
  }

  @Test
  @Shows("F35")
  void whatComesBackWhileItIsStillWorkedOnIsStoredOnce() throws Exception {
    for (int i = 0; i < 10; i++) {
      kept("visible at once " + i);
    }
    try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
      Deadline deadline = Deadline.inSeconds(60);
      Callable<Void> instance =
          () -> {
            while (pump(StepPump.Switch.SHORT_VISIBILITY, StepPump.Switch.CRASH) == 0) {
              deadline.check("it does not come back");
            }
            return null;
          };
      for (Future<Void> one : instances.invokeAll(List.of(instance, instance, instance))) {
        one.get();
      }
    }
    assertEachKeptOnce();
  }

  @Test
  @Shows("F37")
  void withoutAnInstanceFreeNothingIsLost() throws Exception {
    kept("throttled");
    String throttled = OutboxTexts.all(system.outbox()).getLast();
    awaitDead();
    assertTrue(OutboxTexts.dead(system.outbox()).contains(throttled));
    system.outbox().redrive();
    assertEachKeptOnce();
  }

  /** Receives all messages, without an invocation, until they are dead letters. */
  private void awaitDead() throws InterruptedException {
    system.outbox().redrive();
    Deadline deadline = Deadline.inSeconds(60);
    while (messages() > 0) {
      if (pump(StepPump.Switch.THROTTLE) == 0) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      deadline.check("it is received for ever");
    }
  }

  @Test
  @Shows("F29")
  void aLateCaptureIsShownToAReaderWhoWasThereBefore() throws Exception {
    String late = kept("received first");
    List<QueueMessage> held = system.outbox().receive(10, Long.MAX_VALUE, Duration.ZERO);
    assertEquals(1, held.size());
    system.outbox().returnAfter(held, _ -> Duration.ofMinutes(10));
    String early = kept("received second");
    while (captures().isEmpty()) {
      pump();
    }
    assertEquals(early, captures().getFirst().get("id").textValue());

    system.outbox().returnAfter(held, _ -> Duration.ZERO);
    drain();
    JsonNode page = client.read(hook, "/captures?after=1");
    assertEquals(late, page.get("captures").get(0).get("id").textValue());
    assertEquals(2, page.get("next").intValue());
  }

  @Test
  @Shows("F36")
  void aClockThatGoesBackMakesNoIdTwiceAndHidesNothing() throws Exception {
    for (int minutes : new int[] {0, -5, 5, 0}) {
      system.skew(Duration.ofMinutes(minutes));
      for (int i = 0; i < 5; i++) {
        kept(minutes + " minutes " + i);
      }
      pump();
    }
    assertEquals(20, digests.size());
    assertEachKeptOnce();
  }

  @Test
  @Shows("F46")
  void retentionBehindAndBeforeACursorLeavesItValid() throws Exception {
    for (int i = 0; i < 6; i++) {
      kept("number " + i);
    }
    drain();
    JsonNode first = client.read(hook, "/captures?after=0&limit=2");
    system.execute("UPDATE hooks SET floor_seq = 4, evicted_count = 4 WHERE last_seq = 6");
    system.retain();

    JsonNode rest = client.read(hook, "/captures?after=" + first.get("next").intValue());
    List<Integer> seqs = new ArrayList<>();
    rest.get("captures").forEach(capture -> seqs.add(capture.get("seq").intValue()));
    assertEquals(List.of(5, 6), seqs);
    assertEquals(4, rest.get("counts").get("evicted").intValue());
  }

  @Test
  @Shows("F42")
  void fiftyReadersWhoWaitHoldNoConnection() throws Exception {
    kept("there");
    drain();
    system.databaseProxy().set(new TcpProxy.Fault.Delay(5));
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<HttpResponse<String>> waiting = () -> client.get(hook, "/captures?after=1&wait=3");
      List<Future<HttpResponse<String>>> answers =
          IntStream.range(0, 50).mapToObj(_ -> readers.submit(waiting)).toList();
      for (int i = 0; i < 10; i++) {
        assertEquals(1, client.read(hook, "").get("lastSeq").intValue());
      }
      for (Future<HttpResponse<String>> answer : answers) {
        assertEquals(200, answer.get().statusCode(), answer.get().body());
      }
    }
  }

  @Test
  void aDiskThatFailsMeansTryAgainAndWhatWasAcknowledgedIsKept() throws Exception {
    kept("before");
    // Half of it is on the disk, which is as much as a sender may find there.
    FaultyFiles.failWrites(1);
    assertTryAgain(send("half written"));
    FaultyFiles.failSyncs(1);
    assertTryAgain(send("not surely written"));
    kept("after");

    drain();
    Set<String> stored = new HashSet<>();
    captures().forEach(capture -> stored.add(capture.get("bodySha256").textValue()));
    assertTrue(stored.containsAll(digests.values()));
  }

  @Test
  @Tag("long")
  @Shows("F53")
  void aBurstIsAnsweredAndWhatWasAcknowledgedIsStoredOnce() throws Exception {
    FaultyFiles.slowSyncs(20);
    AtomicInteger refused = new AtomicInteger();
    Callable<Void> sender =
        () -> {
          for (int i = 0; i < 20; i++) {
            byte[] body = (Thread.currentThread().threadId() + " sends " + i).getBytes(UTF_8);
            HttpResponse<String> answer = client.post(hook, "text/plain", body);
            if (answer.statusCode() == 200) {
              digests.put(Client.json(answer.body()).get("id").textValue(), Client.sha256(body));
            } else {
              assertTryAgain(answer);
              refused.incrementAndGet();
            }
          }
          return null;
        };
    try (ExecutorService senders = Executors.newFixedThreadPool(64)) {
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(sender);
      }
      for (Future<Void> one : senders.invokeAll(all)) {
        one.get();
      }
    }
    FaultyFiles.heal();
    assertEquals(64 * 20, digests.size() + refused.get());
    drain();
    Set<String> stored = new HashSet<>();
    client
        .await(hook, digests.size())
        .forEach(capture -> assertTrue(stored.add(capture.get("id").textValue())));
    assertTrue(stored.containsAll(digests.keySet()));
  }
}
