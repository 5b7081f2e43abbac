package dev.hookwell.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.Envelope;
import dev.hookwell.capture.EnvelopeWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Many senders in one process, against a server that speaks SQS's protocol. */
final class BatchingCaptureQueueIT implements CaptureQueueContract {
  @RegisterExtension static final QueueServer SERVER = new QueueServer();

  private final Gate gate = new Gate();
  private SqsClient sqs;
  private String queueUrl;

  @BeforeEach
  void createQueue() {
    sqs =
        SERVER.patientClient().overrideConfiguration(o -> o.addExecutionInterceptor(gate)).build();
    queueUrl = sqs.createQueue(c -> c.queueName("captures")).queueUrl();
  }

  @AfterEach
  void deleteQueue() {
    gate.open.countDown();
    sqs.deleteQueue(d -> d.queueUrl(queueUrl));
    sqs.close();
  }

  @Override
  public CaptureQueue queue() {
    gate.open.countDown();
    return queue(Duration.ofSeconds(30));
  }

  private CaptureQueue queue(Duration patience) {
    return new BatchingCaptureQueue(new SqsCaptureQueue(sqs, queueUrl), 1, patience);
  }

  @Override
  public List<String> drain() {
    return QueueServer.drain(sqs, queueUrl);
  }

  @Test
  void thoseWhoMeetACallUnderWayShareTheNext() throws Exception {
    CaptureQueue queue = queue(Duration.ofSeconds(30));
    List<Envelope> envelopes = IntStream.range(0, 26).mapToObj(i -> envelope("body " + i)).toList();
    List<Sender> senders = start(queue, envelopes);

    gate.open.countDown();

    for (Sender sender : senders) {
      assertEquals(new Sent.Kept(), sender.result.get());
    }
    assertEquals(List.of(1, 10, 10, 5), gate.calls);
    assertEquals(
        envelopes.stream().map(Envelope::text).sorted().toList(),
        drain().stream().sorted().toList());
  }

  @Test
  void aRefusedEnvelopeFailsAlone() throws Exception {
    CaptureQueue queue = queue(Duration.ofSeconds(30));
    Envelope refused = new Envelope(Captures.capture(), "not allowed in SQS: \u0000");
    List<Sender> senders =
        start(queue, List.of(envelope("first"), envelope("second"), refused, envelope("third")));

    gate.open.countDown();

    assertEquals(new Sent.Kept(), senders.get(0).result.get());
    assertEquals(new Sent.Kept(), senders.get(1).result.get());
    assertEquals(new Sent.NotKept("InvalidAttributeValue"), senders.get(2).result.get());
    assertEquals(new Sent.Kept(), senders.get(3).result.get());
    assertEquals(List.of(1, 3), gate.calls);
    assertEquals(3, drain().size());
  }

  @Test
  void whatTogetherIsOverTheLimitGoesInTwoCalls() throws Exception {
    int half = Envelope.MAX_BYTES / 2;
    CaptureQueue queue = queue(Duration.ofSeconds(30));
    List<Sender> senders =
        start(
            queue,
            Stream.of(10, half, half, half + 1, half)
                .map(length -> new Envelope(Captures.capture(), "x".repeat(length)))
                .toList());

    gate.open.countDown();

    for (Sender sender : senders) {
      assertEquals(new Sent.Kept(), sender.result.get());
    }
    assertEquals(List.of(1, 2, 1, 1), gate.calls);
  }

  @Test
  void whoseTurnDoesNotComeIsNotKeptAndNotSentLater() throws Exception {
    CaptureQueue queue = queue(Duration.ofMillis(50));
    List<Sender> senders = start(queue, List.of(envelope("first"), envelope("second")));
    assertEquals(new Sent.NotKept("timeout"), senders.get(1).result.get());

    gate.open.countDown();

    assertEquals(new Sent.Kept(), senders.get(0).result.get());
    assertEquals(1, drain().size());
    assertEquals(new Sent.Kept(), queue.send(envelope("afterwards")));
  }

  @Test
  void anInterruptedSenderLeavesItsPlace() throws Exception {
    CaptureQueue queue = queue(Duration.ofSeconds(30));
    List<Sender> senders =
        start(queue, List.of(envelope("first"), envelope("second"), envelope("third")));
    senders.get(1).thread.interrupt();
    assertEquals(new Sent.NotKept("interrupted"), senders.get(1).result.get());

    gate.open.countDown();

    assertEquals(new Sent.Kept(), senders.get(2).result.get());
    assertTrue(drain().stream().noneMatch(envelope("second").text()::equals));
  }

  private static Envelope envelope(String body) {
    return EnvelopeWriter.write(Captures.capture(1, body.hashCode(), body));
  }

  private record Sender(Thread thread, FutureTask<Sent> result) {}

  /** One sender an envelope, each started when the one before it waits. */
  private static List<Sender> start(CaptureQueue queue, List<Envelope> envelopes)
      throws InterruptedException {
    List<Sender> senders = new ArrayList<>();
    for (Envelope envelope : envelopes) {
      FutureTask<Sent> task = new FutureTask<>(() -> queue.send(envelope));
      Thread thread = Thread.ofPlatform().start(task);
      while (!isWaiting(thread)) {
        Thread.onSpinWait();
      }
      senders.add(new Sender(thread, task));
    }
    return senders;
  }

  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, TERMINATED -> true;
      case NEW, RUNNABLE, BLOCKED -> false;
    };
  }

  /** Counts the envelopes of each call, and holds the calls back until it is open. */
  private static final class Gate implements ExecutionInterceptor {
    final CountDownLatch open = new CountDownLatch(1);
    final List<Integer> calls = new CopyOnWriteArrayList<>();

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      SdkRequest request = context.request();
      if (request instanceof SendMessageRequest) {
        calls.add(1);
      } else if (request instanceof SendMessageBatchRequest batch) {
        calls.add(batch.entries().size());
      } else {
        return;
      }
      try {
        open.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
