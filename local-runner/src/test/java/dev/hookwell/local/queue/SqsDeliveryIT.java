package dev.hookwell.local.queue;

import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.SqsCaptureQueue;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The queue in the cloud, by the protocol of SQS. */
final class SqsDeliveryIT implements DeliveryContract {
  @SuppressWarnings("NullAway.Init")
  private SqsServer server;

  @BeforeEach
  void start() {
    server = SqsServer.start(SETTINGS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  public Subject subject() {
    return new Subject() {
      @Override
      public CaptureQueue queue() {
        return new SqsCaptureQueue(server.client(), server.queueUrl());
      }

      @Override
      public List<QueueMessage> receive(int limit) {
        return server.receive(limit);
      }

      @Override
      public void delete(QueueMessage message) {
        server.delete(message);
      }

      @Override
      public void returnAfter(QueueMessage message, int seconds) {
        server.returnAfter(message, seconds);
      }

      @Override
      public List<String> deadLetters() {
        return server.deadLetters();
      }

      @Override
      public void redrive() {
        server.redrive();
      }
    };
  }
}
