package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.folder.DataFolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboxIT {
  private static final QueueSettings SETTINGS = QueueSettings.ofTemplate();
  private static final Sent KEPT = new Sent.Kept();

  @TempDir private Path folder;

  private final List<String> notices = new CopyOnWriteArrayList<>();

  @AfterEach
  void heal() {
    FaultyFiles.heal();
  }

  private Path file() {
    return folder.resolve("outbox");
  }

  private Outbox open() {
    return open("", SETTINGS);
  }

  private Outbox open(String fileSystem, QueueSettings settings) {
    return Outbox.open(
        new OutboxFile(file(), fileSystem, InstantSource.system(), notices::add),
        settings,
        InstantSource.system(),
        () -> Long.MAX_VALUE,
        notices::add);
  }

  private static Envelope envelope(int hook, long id, int size) {
    return EnvelopeWriter.write(Captures.capture(hook, id, "x".repeat(size)));
  }

  /** About 100 KB that cannot be compressed. */
  private static Envelope large(int hook, long id) {
    byte[] body = new byte[75_000];
    new Random(id).nextBytes(body);
    return EnvelopeWriter.write(Captures.capture(Captures.hook(hook), id, body));
  }

  private static Envelope keep(Outbox outbox, int hook, long id) {
    Envelope envelope = envelope(hook, id, 100);
    assertEquals(KEPT, outbox.send(envelope));
    return envelope;
  }

  private static List<QueueMessage> receive(Outbox outbox, int limit) {
    return outbox.receive(limit, Long.MAX_VALUE, Duration.ZERO);
  }

  private static List<String> bodies(List<QueueMessage> messages) {
    return messages.stream().map(QueueMessage::body).toList();
  }

  @Test
  void whatIsLeftSurvivesARestartInItsOrderAndNothingElseDoes() {
    List<String> left = new ArrayList<>();
    try (Outbox outbox = open()) {
      for (int i = 0; i < 30; i++) {
        String text = keep(outbox, 1, i).text();
        if (i >= 10) {
          left.add(text);
        }
      }
      outbox.delete(receive(outbox, 10));
      // In hand when it stops.
      assertEquals(left.subList(0, 5), bodies(receive(outbox, 5)));
    }
    try (Outbox outbox = open()) {
      assertEquals(20, outbox.counts().waiting());
      assertEquals(left, bodies(receive(outbox, 100)));
      keep(outbox, 1, 99);
      assertEquals(1, receive(outbox, 100).size());
    }
    assertEquals(List.of(), notices);
  }

  @Test
  void receiveCountsAndDeadLettersSurviveARestart() {
    QueueSettings twice = SETTINGS.withRedrive(Duration.ofSeconds(70), 2);
    String text;
    try (Outbox outbox = open("", twice)) {
      text = keep(outbox, 1, 1).text();
      outbox.returnAfter(receive(outbox, 1), _ -> Duration.ZERO);
    }
    try (Outbox outbox = open("", twice)) {
      List<QueueMessage> second = receive(outbox, 1);
      assertEquals(2, second.getFirst().receives());
      outbox.returnAfter(second, _ -> Duration.ZERO);
      assertEquals(List.of(), receive(outbox, 1));
      assertEquals(1, notices.size(), notices.toString());
    }
    try (Outbox outbox = open("", twice)) {
      assertEquals(List.of(text), OutboxTexts.dead(outbox));
      assertEquals(2, notices.size(), notices.toString());
      assertTrue(notices.getLast().contains("./run redrive"), notices.getLast());
      assertEquals(List.of(), receive(outbox, 1));
      assertEquals(1, outbox.redrive());
      assertEquals(0, outbox.redrive());
      assertEquals(1, receive(outbox, 1).getFirst().receives());
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesAKill() throws Exception {
    Path output = folder.resolve("output");
    Process runner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SendThenHalt.class.getName(),
                file().toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(9, runner.waitFor(), () -> read(output));
    try (Outbox outbox = open()) {
      assertEquals(SendThenHalt.MESSAGES, receive(outbox, 1000).size());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void sendersWhoWaitShareASync() throws Exception {
    try (Outbox outbox = open(FaultyFiles.scheme(), SETTINGS);
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      FaultyFiles.slowSyncs(100);
      FaultyFiles.record();
      List<Callable<Sent>> sends =
          IntStream.range(0, 200)
              .mapToObj(i -> (Callable<Sent>) () -> outbox.send(envelope(i % 5, i, 100)))
              .toList();
      for (Future<Sent> sent : senders.invokeAll(sends)) {
        assertEquals(KEPT, sent.get());
      }
      long syncs =
          FaultyFiles.operations().stream()
              .filter(FaultyFiles.Operation.Sync.class::isInstance)
              .count();
      assertTrue(syncs < 50, syncs + " syncs for 200 messages");
      assertEquals(200, receive(outbox, 1000).size());
    }
  }

  @Test
  void hooksTakeTurnsAndTheOldestOfAHookComesFirst() {
    try (Outbox outbox = open()) {
      List<String> flood = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        flood.add(keep(outbox, 1, i).text());
      }
      String other = keep(outbox, 2, 1000).text();
      String another = keep(outbox, 3, 1001).text();

      List<String> first = bodies(receive(outbox, 100));
      assertTrue(first.subList(0, 3).containsAll(List.of(other, another)), "no turns");
      List<String> ofTheFlood = new ArrayList<>(first);
      ofTheFlood.removeAll(List.of(other, another));
      assertEquals(flood.subList(0, 98), ofTheFlood);

      String late = keep(outbox, 2, 1002).text();
      assertTrue(bodies(receive(outbox, 2)).contains(late), "no turns");
    }
  }

  /** A flood that fails time and again is still one hook's. */
  @Test
  void whatComesBackTakesTurnsToo() {
    try (Outbox outbox = open()) {
      List<String> flood = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        flood.add(keep(outbox, 1, i).text());
      }
      outbox.returnAfter(receive(outbox, 20), _ -> Duration.ZERO);
      String other = keep(outbox, 2, 1000).text();

      List<QueueMessage> first = receive(outbox, 10);
      assertTrue(bodies(first).subList(0, 2).contains(other), "no turns");
      List<String> ofTheFlood = new ArrayList<>(bodies(first));
      ofTheFlood.remove(other);
      assertEquals(flood.subList(0, 9), ofTheFlood);

      // The rest of the flood: messages that came back, and then those never handed out.
      assertEquals(flood.subList(9, 30), bodies(receive(outbox, 100)));
      outbox.delete(first);
      assertEquals(21, outbox.counts().waiting());
    }
  }

  @Test
  void withMoreHooksThanFitABatchEachHasItsTurn() {
    try (Outbox outbox = open()) {
      for (int round = 0; round < 3; round++) {
        for (int hook = 0; hook < 25; hook++) {
          keep(outbox, hook, round * 100 + hook);
        }
      }
      for (int round = 0; round < 3; round++) {
        Set<String> hooks = new HashSet<>();
        for (int batch = 0; batch < 5; batch++) {
          for (QueueMessage message : receive(outbox, 5)) {
            assertTrue(hooks.add(Client.json(message.body()).get("hook").textValue()));
          }
        }
        assertEquals(25, hooks.size());
      }
    }
  }

  @Test
  void aBatchHasABoundOfBytesAndALongerMessageComesAlone() {
    try (Outbox outbox = open()) {
      for (int i = 0; i < 3; i++) {
        assertEquals(KEPT, outbox.send(new Envelope(Captures.capture(), i + "x".repeat(999))));
      }
      assertEquals(1, outbox.receive(10, 999, Duration.ZERO).size());
      assertEquals(2, outbox.receive(10, 2000, Duration.ZERO).size());
    }
  }

  @Test
  void whoeverWaitsIsHandedWhatComes() throws Exception {
    try (Outbox outbox = open();
        ExecutorService pump = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<QueueMessage>> waiting =
          pump.submit(() -> outbox.receive(10, Long.MAX_VALUE, Duration.ofSeconds(60)));
      String text = keep(outbox, 1, 1).text();
      assertEquals(List.of(text), bodies(waiting.get(30, TimeUnit.SECONDS)));
    }
  }

  @Test
  void aWriteOrASyncThatFailsIsNotKeptAndTheNextOneIs() {
    try (Outbox outbox = open(FaultyFiles.scheme(), SETTINGS)) {
      String before = keep(outbox, 1, 1).text();
      List<QueueMessage> inHand = receive(outbox, 1);

      FaultyFiles.failWrites(1);
      assertInstanceOf(Sent.NotKept.class, outbox.send(envelope(1, 2, 100)));
      String between = keep(outbox, 1, 3).text();
      FaultyFiles.failSyncs(1);
      assertInstanceOf(Sent.NotKept.class, outbox.send(envelope(1, 4, 100)));
      String after = keep(outbox, 1, 5).text();
      assertTrue(notices.getFirst().contains("cannot be written"), notices.toString());
      assertTrue(notices.getLast().contains("can be written again"), notices.toString());
      assertEquals(4, notices.size(), notices.toString());

      // The message in hand is not handed out again because of the failures.
      List<QueueMessage> rest = receive(outbox, 10);
      assertFalse(bodies(rest).contains(before));
      // A sync that failed may have done its work.
      assertTrue(bodies(rest).containsAll(List.of(between, after)), rest.toString());
      FaultyFiles.failSyncs(1);
      assertThrows(OutboxException.class, () -> outbox.delete(inHand));
      outbox.delete(inHand);
      outbox.delete(rest);
      assertEquals(List.of(), OutboxTexts.all(outbox));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {46, 49, 55, 62, 71, 80})
  void aWriteThatFailsIsNeverTakenForDamage(long seed) throws Exception {
    Random random = new Random(seed);
    QueueSettings soonDead = SETTINGS.withRedrive(Duration.ofMillis(50), 3);
    try (Outbox outbox = open(FaultyFiles.scheme(), soonDead);
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 120; i++) {
        try {
          use(outbox, senders, random, 100L * i);
        } catch (OutboxException _) {
          // The fault that was made.
        }
      }
      FaultyFiles.heal();
    }
    assertEquals(List.of(), notices.stream().filter(notice -> notice.contains("damaged")).toList());
  }

  /** Something that changes the file, or a fault of the next changes. */
  private void use(Outbox outbox, ExecutorService senders, Random random, long ids)
      throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> FaultyFiles.failWrites(1 + random.nextInt(3));
      case 1 -> outbox.delete(receive(outbox, random.nextInt(100)));
      case 2 -> outbox.returnAfter(receive(outbox, random.nextInt(20)), _ -> Duration.ZERO);
      case 3 -> outbox.redrive();
      default -> {
        List<Callable<Sent>> sends = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
          byte[] body = new byte[random.nextInt(10) == 0 ? 60_000 : random.nextInt(900)];
          random.nextBytes(body);
          Envelope envelope =
              EnvelopeWriter.write(
                  Captures.capture(Captures.hook(random.nextInt(4)), ids + i, body));
          sends.add(() -> outbox.send(envelope));
        }
        for (Future<Sent> sent : senders.invokeAll(sends)) {
          sent.get();
        }
      }
    }
  }

  @Test
  void afterASyncThatFailedTheFileIsCopiedAnew() throws Exception {
    List<String> kept = new ArrayList<>();
    try (Outbox outbox = open(FaultyFiles.scheme(), SETTINGS)) {
      kept.add(keep(outbox, 1, 1).text());
      outbox.returnAfter(receive(outbox, 1), _ -> Duration.ofHours(1));
      Object first = Files.getAttribute(file(), "unix:ino");
      FaultyFiles.failWrites(1);
      assertInstanceOf(Sent.NotKept.class, outbox.send(envelope(1, 2, 100)));
      kept.add(keep(outbox, 1, 3).text());
      assertEquals(first, Files.getAttribute(file(), "unix:ino"));
      FaultyFiles.failSyncs(1);
      assertInstanceOf(Sent.NotKept.class, outbox.send(envelope(1, 4, 100)));
      kept.add(keep(outbox, 1, 5).text());
      assertNotEquals(first, Files.getAttribute(file(), "unix:ino"));
      assertTrue(OutboxTexts.all(outbox).containsAll(kept));
    }
    try (Outbox outbox = open()) {
      List<QueueMessage> left = receive(outbox, 100);
      assertTrue(bodies(left).containsAll(kept));
      assertEquals(2, left.getFirst().receives());
    }
  }

  @Test
  void whoWaitsForAMessageIsToldOfAFailure() {
    try (Outbox outbox = open(FaultyFiles.scheme(), SETTINGS)) {
      String text = keep(outbox, 1, 1).text();
      outbox.returnAfter(receive(outbox, 1), _ -> Duration.ZERO);
      // That it was received in vain is written before it is handed out again.
      FaultyFiles.failWrites(1);
      assertThrows(OutboxException.class, () -> receive(outbox, 1));
      FaultyFiles.heal();
      assertEquals(List.of(text), OutboxTexts.all(outbox));
    }
  }

  @Test
  void theBytesOfASenderWhoGaveUpAreLetGo() throws Exception {
    OutboxFile file = new OutboxFile(file(), "", InstantSource.system(), notices::add);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (OutboxWriter writer =
        new OutboxWriter(file, new Deliveries(SETTINGS), InstantSource.system(), notices::add)) {
      writer.start();
      CompletableFuture<Boolean> slow =
          writer.submit(_ -> {
            begun.countDown();
            try {
              return end.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
              return false;
            }
          });
      // Work queued before the slow work has begun would be in the same group, and written with it.
      assertTrue(begun.await(60, TimeUnit.SECONDS));
      WeakReference<byte[]> bytes = giveUp(writer);
      Deadline deadline = Deadline.inSeconds(30);
      while (bytes.get() != null) {
        deadline.check("the bytes are still there");
        System.gc();
      }
      assertFalse(slow.isDone());
      end.countDown();
      assertTrue(slow.get(60, TimeUnit.SECONDS));
    }
  }

  private static WeakReference<byte[]> giveUp(OutboxWriter writer) {
    byte[] bytes = new byte[1000];
    writer.submit(_ -> bytes.length).cancel(false);
    return new WeakReference<>(bytes);
  }

  @Test
  void anInterruptedSenderAndAnInterruptedWriterHurtNobodyElse() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    try (Outbox outbox = open();
        ExecutorService senders = Executors.newFixedThreadPool(8)) {
      Thread writer =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("outbox"))
              .findFirst()
              .orElseThrow();
      AtomicLong ids = new AtomicLong();
      List<Future<?>> sending = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean interrupted = i == 0;
        sending.add(
            senders.submit(() -> {
              for (int n = 0; n < 300; n++) {
                Envelope next = envelope(1, ids.incrementAndGet(), 100);
                if (interrupted) {
                  Thread.currentThread().interrupt();
                }
                Sent sent = outbox.send(next);
                assertEquals(interrupted, Thread.interrupted(), "the interrupt is handed on");
                if (sent.equals(KEPT)) {
                  acknowledged.add(next.text());
                }
              }
            }));
      }
      while (sending.stream().anyMatch(one -> !one.isDone())) {
        writer.interrupt();
        // On a slow disk the next interrupt would strike each commit.
        int before = acknowledged.size();
        do {
          TimeUnit.MILLISECONDS.sleep(3);
        } while (acknowledged.size() == before && sending.stream().anyMatch(one -> !one.isDone()));
      }
      for (Future<?> one : sending) {
        one.get();
      }
      assertTrue(writer.isAlive());
      keep(outbox, 1, ids.incrementAndGet());
      assertTrue(new HashSet<>(OutboxTexts.all(outbox)).containsAll(acknowledged));
    }
    assertFalse(acknowledged.isEmpty());
    try (Outbox outbox = open()) {
      assertTrue(new HashSet<>(OutboxTexts.all(outbox)).containsAll(acknowledged));
    }
  }

  @Test
  void spaceIsUsedAgainAndAnIdleFileIsCompacted() throws Exception {
    try (Outbox outbox = open()) {
      for (int i = 0; i < 400; i++) {
        assertEquals(KEPT, outbox.send(large(1, i)));
        if (i >= 5) {
          outbox.delete(receive(outbox, 1));
        }
      }
      assertTrue(Files.size(file()) < 8_000_000, "40 MB went through " + Files.size(file()));

      Set<String> left = new HashSet<>(OutboxTexts.all(outbox));
      for (int i = 1000; i < 1400; i++) {
        assertEquals(KEPT, outbox.send(large(2, i)));
      }
      assertTrue(Files.size(file()) > 40_000_000, "not written");
      List<QueueMessage> all = receive(outbox, 1000);
      outbox.delete(all.stream().filter(message -> !left.contains(message.body())).toList());
      Deadline deadline = Deadline.inSeconds(60);
      while (Files.size(file()) > 4_500_000) {
        deadline.check("still " + Files.size(file()));
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertEquals(left, new HashSet<>(OutboxTexts.all(outbox)));
    }
    try (Outbox outbox = open()) {
      assertEquals(5, OutboxTexts.all(outbox).size());
    }
  }

  @Test
  void aFileOfANewerFormatIsRefusedAndLeftAsItIs() throws Exception {
    open().close();
    try (MVStore store = MVStore.open(file().toString())) {
      store.openMap("about").put("format", "3");
    }
    byte[] before = Files.readAllBytes(file());
    DataFolderException refused = assertThrows(DataFolderException.class, this::open);
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("newer Hookwell"), message);
    assertEquals(1, message.lines().count());
    assertEquals(before.length, Files.size(file()));
  }

  @Test
  void aClosedOutboxKeepsNothingAndSaysSo() {
    Outbox outbox = open();
    outbox.close();
    assertEquals(new Sent.NotKept("closed"), outbox.send(envelope(1, 1, 1)));
    assertThrows(OutboxException.class, () -> receive(outbox, 1));
  }

  @Test
  void theMessagesOfTheVersionBeforeTheOutboxAreTakenOver() throws Exception {
    Files.copy(Path.of("src/test/resources/queue-journal/journal"), folder.resolve("journal"));
    try (Outbox outbox = open()) {
      assertEquals(21, outbox.counts().waiting());
      assertEquals(3, outbox.counts().dead());
      List<QueueMessage> messages = receive(outbox, 100);
      assertEquals(
          IntStream.range(0, 20)
              .mapToObj(i -> EnvelopeWriter.write(Captures.capture(1, i, "kept " + i)).text())
              .toList(),
          bodies(messages).stream().filter(body -> !body.equals("{")).toList());
      assertTrue(bodies(messages).contains("{"));
    }
    assertFalse(Files.exists(folder.resolve("journal")));
    try (Outbox outbox = open()) {
      assertEquals(21, outbox.counts().waiting());
    }
  }

  @Test
  void aFileOfFormat1IsReadAndBecomesOneOfToday() throws Exception {
    Files.copy(Path.of("src/test/resources/outbox-1/outbox"), file());
    List<String> kept =
        IntStream.range(0, 20)
            .mapToObj(i -> EnvelopeWriter.write(Captures.capture(1, i, "kept " + i)).text())
            .toList();
    for (int start = 0; start < 2; start++) {
      try (Outbox outbox = open()) {
        assertEquals(1, outbox.counts().dead());
        assertEquals(kept, bodies(receive(outbox, 100)));
        assertTrue(OutboxTexts.all(outbox).contains("{"));
      }
    }
    try (MVStore store = MVStore.open(file().toString())) {
      assertEquals("2", store.openMap("about").get("format"));
    }
  }
}
