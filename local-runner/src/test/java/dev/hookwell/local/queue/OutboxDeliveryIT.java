package dev.hookwell.local.queue;

import dev.hookwell.intake.CaptureQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The queue on one machine. */
final class OutboxDeliveryIT implements DeliveryContract {
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Outbox outbox;

  @BeforeEach
  void open() {
    outbox =
        Outbox.open(
            folder.resolve("outbox"),
            SETTINGS,
            InstantSource.system(),
            () -> Long.MAX_VALUE,
            _ -> {});
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  @Override
  public Subject subject() {
    return new Subject() {
      @Override
      public CaptureQueue queue() {
        return outbox;
      }

      @Override
      public List<QueueMessage> receive(int limit) {
        return outbox.receive(limit, Long.MAX_VALUE, Duration.ZERO);
      }

      @Override
      public void delete(QueueMessage message) {
        outbox.delete(List.of(message));
      }

      @Override
      public void returnAfter(QueueMessage message, int seconds) {
        outbox.returnAfter(List.of(message), _ -> Duration.ofSeconds(seconds));
      }

      @Override
      public List<String> deadLetters() {
        return OutboxTexts.dead(outbox);
      }

      @Override
      public void redrive() {
        outbox.redrive();
      }
    };
  }
}
