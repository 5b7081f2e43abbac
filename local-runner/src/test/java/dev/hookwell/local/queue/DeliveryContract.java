package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.intake.CaptureQueue;
import dev.hookwell.intake.Sent;
import dev.hookwell.local.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The queue's handling of a message until it is stored, the same for the outbox and for SQS by its
 * protocol.
 */
interface DeliveryContract {
  /** Short, so that a test sees its end. */
  QueueSettings SETTINGS = QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(2), 2);

  /** A queue with {@link #SETTINGS}, for one test. */
  Subject subject();

  interface Subject {
    CaptureQueue queue();

    List<QueueMessage> receive(int limit);

    void delete(QueueMessage message);

    void returnAfter(QueueMessage message, int seconds);

    List<String> deadLetters();

    void redrive();
  }

  private Envelope keep(int number) {
    Envelope envelope = EnvelopeWriter.write(Captures.capture(number % 3, number, "n" + number));
    assertEquals(new Sent.Kept(), subject().queue().send(envelope));
    return envelope;
  }

  private QueueMessage receiveOne() {
    return await(() -> subject().receive(1)).getFirst();
  }

  private static <T> List<T> await(Supplier<List<T>> some) {
    Deadline deadline = Deadline.inSeconds(60);
    List<T> all = some.get();
    while (all.isEmpty()) {
      deadline.check("nothing came");
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      all = some.get();
    }
    return all;
  }

  @Test
  default void everyMessageIsReceivedOnceAsItWasSent() {
    Set<String> sent = new HashSet<>();
    for (int i = 1; i <= 25; i++) {
      sent.add(keep(i).text());
    }
    Set<String> received = new HashSet<>();
    while (received.size() < 25) {
      List<QueueMessage> some = await(() -> subject().receive(10));
      assertTrue(some.size() <= 10, "more than were asked for");
      for (QueueMessage message : some) {
        assertTrue(received.add(message.body()), "twice");
        assertEquals(1, message.receives());
        subject().delete(message);
      }
    }
    assertEquals(sent, received);
    assertEquals(List.of(), subject().receive(10));
  }

  /** By the message group SQS keeps the flood of one hook from delaying another. */
  @Test
  default void aMessageIsOneOfItsHooks() {
    keep(1);
    assertEquals(Captures.hook(1).uid().toString(), receiveOne().group());
  }

  @Test
  default void aMessageOfTheLargestSizeIsTakenAndOneByteMoreIsNot() {
    Envelope largest = new Envelope(Captures.capture(), "x".repeat(Envelope.MAX_BYTES));
    Envelope larger = new Envelope(Captures.capture(), "x".repeat(Envelope.MAX_BYTES + 1));
    assertEquals(new Sent.Kept(), subject().queue().send(largest));
    assertInstanceOf(Sent.NotKept.class, subject().queue().send(larger));

    assertEquals(Envelope.MAX_BYTES, receiveOne().body().length());
    assertEquals(List.of(), subject().receive(10));
  }

  @Test
  default void aReceivedMessageIsOutOfSightUntilItsTimeIsOver() {
    Instant before = Instant.now().minusSeconds(1);
    keep(1);
    QueueMessage first = receiveOne();
    assertEquals(List.of(), subject().receive(10));

    QueueMessage second = receiveOne();
    assertEquals(first.id(), second.id());
    assertEquals(first.body(), second.body());
    assertEquals(2, second.receives());
    assertEquals(first.sentAt(), second.sentAt());
    assertEquals(first.firstReceivedAt(), second.firstReceivedAt());
    assertTrue(first.sentAt().isAfter(before), first.sentAt().toString());
    assertFalse(first.firstReceivedAt().isBefore(first.sentAt()));
  }

  @Test
  default void aReturnedMessageComesBackAtOnce() {
    keep(1);
    subject().returnAfter(receiveOne(), 0);
    assertEquals(2, subject().receive(10).getFirst().receives());
  }

  @Test
  default void aMessageMayStayAwayForLongerThanTheTimeout() throws InterruptedException {
    keep(1);
    subject().returnAfter(receiveOne(), 600);
    TimeUnit.MILLISECONDS.sleep(SETTINGS.visibilityTimeout().toMillis() + 500);
    assertEquals(List.of(), subject().receive(10));
  }

  @Test
  default void aMessageThatIsReceivedTooOftenIsADeadLetterAndTheOthersAreNot() {
    String dead = keep(1).text();
    for (int i = 1; i <= SETTINGS.maxReceiveCount(); i++) {
      QueueMessage message = receiveOne();
      assertEquals(i, message.receives());
      subject().returnAfter(message, 0);
    }
    String good = keep(2).text();
    assertEquals(List.of(), subject().deadLetters());

    assertEquals(good, receiveOne().body());
    assertEquals(List.of(dead), await(subject()::deadLetters));
    assertEquals(List.of(), subject().receive(10));
  }

  @Test
  default void aRedriveMakesMessagesOfDeadLettersThatWereNeverReceived() {
    String dead = keep(1).text();
    for (int i = 1; i <= SETTINGS.maxReceiveCount(); i++) {
      subject().returnAfter(receiveOne(), 0);
    }
    assertEquals(List.of(), subject().receive(10));
    await(subject()::deadLetters);

    subject().redrive();
    QueueMessage again = receiveOne();
    assertEquals(dead, again.body());
    assertEquals(1, again.receives());
    subject().delete(again);
    assertEquals(List.of(), subject().deadLetters());
  }
}
