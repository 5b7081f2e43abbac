package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.bodies.FolderBodyStore;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.BodyStore;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.ObjectKey;
import dev.hookwell.capture.Sha256;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.OutboxTexts;
import dev.hookwell.local.queue.QueueSettings;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up: acknowledged captures are on it, and further ones are refused. */
final class FullDiskIT {
  @TempDir private Path folder;

  private final List<String> notices = new CopyOnWriteArrayList<>();

  private static Envelope envelope(long id, int size) {
    byte[] body = new byte[size];
    new Random(id).nextBytes(body);
    return EnvelopeWriter.write(Captures.capture(Captures.hook(1), id, body));
  }

  @Test
  void whatIsAcknowledgedWhileTheDiskFillsUpIsOnTheDiskAndItGoesOnWhenThereIsRoom()
      throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64)) {
      Path file = folder.resolve("disk/queue/outbox");
      Set<String> kept = new HashSet<>();
      try (Outbox outbox = open(file)) {
        disk.fillUpTo(4_000_000);
        Sent sent = new Sent.Kept();
        for (long i = 0; sent.equals(new Sent.Kept()); i++) {
          assertTrue(i < 50, "the disk did not fill up");
          Envelope next = envelope(i, 500_000);
          sent = outbox.send(next);
          if (sent.equals(new Sent.Kept())) {
            kept.add(next.text());
          }
        }
        assertTrue(notices.getLast().contains("cannot be written"), notices.toString());
        assertTrue(OutboxTexts.all(outbox).containsAll(kept), "an acknowledged message is missing");
        disk.makeRoom();
        Envelope next = envelope(99, 1);
        assertEquals(new Sent.Kept(), outbox.send(next));
        kept.add(next.text());
      }
      assertTrue(kept.size() > 1, kept.size() + " kept");
      try (Outbox outbox = open(file)) {
        assertTrue(OutboxTexts.all(outbox).containsAll(kept), "an acknowledged message is missing");
      }
    }
  }

  /** Without a guard: it runs into the wall, and nothing of the body stays. */
  @Test
  void aBodyThatTheDiskHasNoRoomForIsNotKeptAndTakesNone() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64);
        FolderBodyStore bodies = FolderBodyStore.open(folder.resolve("disk/bodies"), _ -> true)) {
      byte[] bytes = new byte[CapturedBody.MAX_BYTES];
      new Random(1).nextBytes(bytes);
      Body body = Body.copyOf(bytes);
      Sha256 sha256 = Sha256.of(body);
      ObjectKey before = new ObjectKey(Captures.hook(1).uid(), Captures.id(1));
      ObjectKey refused = new ObjectKey(Captures.hook(1).uid(), Captures.id(2));
      assertEquals(new BodyStore.Put.Kept(), bodies.put(before, body, sha256));
      disk.fillUpTo(2_000_000);
      long free = disk.free();

      assertEquals(new BodyStore.Put.NotKept("disk-failed"), bodies.put(refused, body, sha256));

      assertEquals(new BodyStore.Got.Missing(), bodies.get(refused, body.size(), sha256));
      assertEquals(free, disk.free(), "nothing of it stays");
      assertEquals(new BodyStore.Got.Found(body), bodies.get(before, body.size(), sha256));
      disk.makeRoom();
      assertEquals(new BodyStore.Put.Kept(), bodies.put(refused, body, sha256));
    }
  }

  /** With a guard that lets it run into the wall. */
  private Outbox open(Path file) {
    return Outbox.open(
        file,
        QueueSettings.ofTemplate(),
        InstantSource.system(),
        () -> Long.MAX_VALUE,
        notices::add);
  }

  @Test
  void aDiskThatHoldsTheOutboxAndNotTwiceAsMuchMoreTakesNothingMore() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 330);
        Outbox outbox =
            Outbox.open(
                folder.resolve("disk/outbox"),
                QueueSettings.ofTemplate(),
                InstantSource.system(),
                disk::free,
                notices::add)) {
      Sent sent = new Sent.Kept();
      for (long i = 0; sent.equals(new Sent.Kept()); i++) {
        assertTrue(i < 200, "the disk did not fill up");
        sent = outbox.send(envelope(i, 500_000));
      }
      assertEquals(new Sent.NotKept("disk-full"), sent);
      assertEquals(1, notices.size(), notices.toString());
      long needed = DataFolder.RESERVE + 2 * outbox.counts().bytes();
      assertTrue(disk.free() < needed + 2_000_000, disk.free() + " free, " + needed + " needed");

      // PostgreSQL had room; captures that are stored make room for others.
      outbox.delete(outbox.receive(100, Long.MAX_VALUE, Duration.ZERO));
      assertEquals(new Sent.Kept(), outbox.send(envelope(1000, 500_000)));
    }
  }

  @Test
  void aDiskThatIsNearlyFullMeansTryAgainLaterUntilThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 560)) {
      Path data = folder.resolve("disk/data");
      Map<String, String> digests = new ConcurrentHashMap<>();
      try (LocalSystem system = LocalSystem.of(Client.settings(data, 0), notices::add)) {
        system.start();
        try (Client client = new Client(system.address())) {
          Client.Hook hook = client.createHook();
          keep(client, hook, digests, "before");

          disk.fillUpTo(DataFolder.RESERVE / 2);
          for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = client.post(hook, "text/plain", new byte[9]);
            assertEquals(503, refused.statusCode());
            assertTrue(refused.headers().firstValue("retry-after").isPresent());
          }
          assertEquals(1, notices.size(), notices.toString());
          client.await(hook, 1);

          disk.makeRoom();
          keep(client, hook, digests, "after");
          Client.assertEachOnceInOrder(digests, client.await(hook, 2));
          Deadline deadline = Deadline.inSeconds(30);
          while (notices.size() < 2) {
            // The notice comes once no request was refused for a while.
            client.post(hook, "text/plain", new byte[9]);
            deadline.check(notices.toString());
          }
        }
      }

      disk.fillUpTo(DataFolder.RESERVE / 2);
      DataFolderException refused =
          assertThrows(
              DataFolderException.class, () -> LocalSystem.start(Client.settings(data, 0)));
      assertTrue(String.valueOf(refused.getMessage()).contains("256 MB"), refused.getMessage());
    }
  }

  private static void keep(
      Client client, Client.Hook hook, Map<String, String> digests, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    digests.put(client.postKept(hook, "text/plain", body), Client.sha256(body));
  }
}
