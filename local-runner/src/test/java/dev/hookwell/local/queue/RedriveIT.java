package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.folder.OwnerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters are tried again on command, with and without a runner on the folder. */
final class RedriveIT {
  private static final QueueSettings ONCE =
      QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(70), 1);

  @TempDir private Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private Path data() {
    return folder.resolve("data");
  }

  private int redrive() {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return RedriveCommand.run(data(), out, out);
  }

  private static Outbox open(DataFolder data) {
    return Outbox.open(data.outbox(), ONCE, InstantSource.system(), () -> Long.MAX_VALUE, _ -> {});
  }

  private static List<QueueMessage> receive(Outbox outbox) {
    return outbox.receive(10, Long.MAX_VALUE, Duration.ZERO);
  }

  private static void bury(Outbox outbox) {
    outbox.send(EnvelopeWriter.write(Captures.capture()));
    outbox.returnAfter(receive(outbox), _ -> Duration.ZERO);
    assertEquals(List.of(), receive(outbox));
    assertEquals(1, outbox.counts().dead());
  }

  @Test
  void withoutARunnerTheyWaitForTheNextStart() {
    try (DataFolder data = DataFolder.open(data(), new SecureRandom());
        Outbox outbox = open(data)) {
      bury(outbox);
    }
    assertEquals(0, redrive());
    assertTrue(printed.toString(StandardCharsets.UTF_8).contains("1 dead letters are tried again"));
    try (DataFolder data = DataFolder.open(data(), new SecureRandom());
        Outbox outbox = open(data)) {
      assertEquals(1, receive(outbox).size());
    }
  }

  /** Asks a runner that does this again and again. */
  private int redriveBy(Consumer<OwnerRequest> runner) {
    OwnerRequest requests = OwnerRequest.redrive(data());
    try (ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor()) {
      var running =
          threads.scheduleWithFixedDelay(
              () -> runner.accept(requests), 0, 20, TimeUnit.MILLISECONDS);
      int status = redrive();
      running.cancel(false);
      return status;
    }
  }

  @Test
  void aRunnerThatIsThereDoesItWhenAsked() throws IOException {
    try (DataFolder data = DataFolder.open(data(), new SecureRandom());
        Outbox outbox = open(data)) {
      bury(outbox);
      assertEquals(0, redriveBy(asked -> asked.serve(_ -> Integer.toString(outbox.redrive()))));
      assertTrue(
          printed.toString(StandardCharsets.UTF_8).contains("1 dead letters are tried again"));
      assertEquals(1, receive(outbox).size());
      try (Stream<Path> left = Files.list(data().resolve("queue"))) {
        assertEquals(List.of(data.outbox()), left.toList());
      }
    }
  }

  @Test
  void aRunnerThatCannotDoItSaysSo() {
    try (DataFolder _ = DataFolder.open(data(), new SecureRandom())) {
      assertEquals(
          1,
          redriveBy(asked ->
              asked.serve(_ -> {
                throw new OutboxException("the outbox cannot be used", null);
              })));
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("the outbox cannot be used"));
    }
  }

  private boolean isAsked() {
    try (Stream<Path> files = Files.list(data().resolve("queue"))) {
      return files.anyMatch(file -> file.toString().endsWith(".redrive"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoAsksWhileTheRunnerStartsIsToldToAskAgain() {
    try (DataFolder _ = DataFolder.open(data(), new SecureRandom())) {
      assertEquals(
          1,
          redriveBy(asked -> {
            if (isAsked()) {
              asked.refuseEarlier();
            }
          }));
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("ask again"));
    }
  }

  @Test
  void aFolderThatIsNotThereIsNotMade() {
    assertEquals(1, redrive());
    assertFalse(Files.exists(data()));
    assertTrue(printed.toString(StandardCharsets.UTF_8).contains("there is no data folder"));
  }
}
