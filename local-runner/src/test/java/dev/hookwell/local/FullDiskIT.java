package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.ingest.CaptureQueue;
import dev.hookwell.ingest.Sent;
import dev.hookwell.ingest.SqsCaptureQueue;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A disk that fills up: what was acknowledged is on it, and the rest is refused. */
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
      Path messages = folder.resolve("disk/queue");
      Set<String> kept = new HashSet<>();
      try (LocalQueue queue = LocalQueue.start(messages, QueueSettings.ofTemplate());
          SqsClient client = queue.connect(SqsCaptureQueue.clientBuilder(1)).build()) {
        CaptureQueue captures = new SqsCaptureQueue(client, queue.queueUrl());
        disk.fillUpTo(4_000_000);
        Sent sent = new Sent.Kept();
        for (long i = 0; sent.equals(new Sent.Kept()); i++) {
          assertTrue(i < 50, "the disk did not fill up");
          Envelope next = envelope(i, 500_000);
          sent = captures.send(next);
          if (sent.equals(new Sent.Kept())) {
            kept.add(next.text());
          }
        }
        disk.makeRoom();
        Envelope next = envelope(99, 1);
        assertEquals(new Sent.Kept(), captures.send(next));
        kept.add(next.text());
      }
      assertTrue(kept.size() > 1, kept.size() + " kept");
      try (LocalQueue queue = LocalQueue.start(messages, QueueSettings.ofTemplate())) {
        assertTrue(
            LocalQueueIT.receive(queue, queue.queueUrl(), kept.size()).containsAll(kept),
            "an acknowledged message is missing");
      }
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

          disk.fillUpTo(GuardedQueue.RESERVE / 2);
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
          assertEquals(2, notices.size(), notices.toString());
        }
      }

      disk.fillUpTo(GuardedQueue.RESERVE / 2);
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
