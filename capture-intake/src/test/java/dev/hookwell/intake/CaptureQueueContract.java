package dev.hookwell.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of every queue; run against the one in memory and against SQS's protocol. */
interface CaptureQueueContract {
  CaptureQueue queue();

  /** All messages of the queue, in any order; empties it. */
  List<String> drain();

  @Test
  default void whatWasKeptComesOutUnchanged() {
    Envelope envelope = EnvelopeWriter.write(Captures.capture());

    assertEquals(new Sent.Kept(), queue().send(envelope));

    assertEquals(List.of(envelope.text()), drain());
  }

  @Test
  default void everyMessageIsKept() {
    List<Envelope> sent =
        IntStream.range(0, 25)
            .mapToObj(i -> EnvelopeWriter.write(Captures.capture(1, i, "body " + i)))
            .toList();

    sent.forEach(envelope -> assertEquals(new Sent.Kept(), queue().send(envelope)));

    assertEquals(
        sent.stream().map(Envelope::text).sorted().toList(), drain().stream().sorted().toList());
  }

  @Test
  default void aMessageAtTheLimitIsKeptAndOnePastItIsNot() {
    Envelope atLimit = new Envelope(Captures.capture(), "x".repeat(Envelope.MAX_BYTES));
    Envelope past = new Envelope(Captures.capture(), "x".repeat(Envelope.MAX_BYTES + 1));

    assertEquals(new Sent.Kept(), queue().send(atLimit));
    assertInstanceOf(Sent.NotKept.class, queue().send(past));

    assertEquals(List.of(Envelope.MAX_BYTES), drain().stream().map(String::length).toList());
  }
}
