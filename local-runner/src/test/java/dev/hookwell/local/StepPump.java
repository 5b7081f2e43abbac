package dev.hookwell.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The event source mapping, one batch at a time, and with the faults of one: a batch that is handed
 * over twice at once or in another order, or is never deleted.
 */
final class StepPump {
  private static final int SQS_BATCH = 10;

  private final SqsClient queue;
  private final String queueUrl;
  private final SqsEventWriter writer;
  private final BatchFunction function;

  enum Switch {
    /** Two instances get the batch at the same time. */
    DUPLICATE,
    /** In another order than it was sent. */
    SHUFFLE,
    /** The instance ends after it stored, and before anything is deleted. */
    CRASH,
    /** Received, and never handed over: Lambda has no instance free. */
    THROTTLE,
    /** It comes back while it is still worked on. */
    SHORT_VISIBILITY
  }

  StepPump(
      SqsClient queue,
      String queueUrl,
      String queueArn,
      RequestHandler<SQSEvent, SQSBatchResponse> handler,
      Duration timeout) {
    this.queue = queue;
    this.queueUrl = queueUrl;
    this.writer = new SqsEventWriter(queueArn);
    this.function = new BatchFunction("hookwell-persist", handler, Clock.systemUTC(), timeout);
  }

  /**
   * One batch of what is visible now.
   *
   * @return how many messages it received
   */
  int step(int batchSize, Set<Switch> switches, RandomGenerator random) {
    List<Message> batch = receive(batchSize, switches.contains(Switch.SHORT_VISIBILITY));
    if (batch.isEmpty() || switches.contains(Switch.THROTTLE)) {
      return batch.size();
    }
    if (switches.contains(Switch.SHUFFLE)) {
      Collections.shuffle(batch, random);
    }
    int times = switches.contains(Switch.DUPLICATE) ? 2 : 1;
    Set<String> failed = invoke(batch, times);
    if (!switches.contains(Switch.CRASH)) {
      delete(batch.stream().filter(message -> !failed.contains(message.messageId())).toList());
    }
    return batch.size();
  }

  int step(int batchSize, RandomGenerator random) {
    return step(batchSize, EnumSet.noneOf(Switch.class), random);
  }

  private List<Message> receive(int limit, boolean visibleAtOnce) {
    // One that comes back while others are still being received is there once, as it came last.
    Map<String, Message> batch = new LinkedHashMap<>();
    while (batch.size() < limit) {
      int wanted = Math.min(SQS_BATCH, limit - batch.size());
      List<Message> more =
          queue
              .receiveMessage(request -> {
                request
                    .queueUrl(queueUrl)
                    .maxNumberOfMessages(wanted)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL);
                if (visibleAtOnce) {
                  request.visibilityTimeout(0);
                }
              })
              .messages();
      more.forEach(message -> batch.put(message.messageId(), message));
      if (more.size() < wanted || visibleAtOnce) {
        break;
      }
    }
    return new ArrayList<>(batch.values());
  }

  /** What any of the instances reports as failed; all of it when one of them fails. */
  private Set<String> invoke(List<Message> batch, int times) {
    byte[] event = writer.write(batch);
    Set<String> failed = new HashSet<>();
    try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Set<String>>> calls = Collections.nCopies(times, () -> function.invoke(event));
      for (Future<Set<String>> call : instances.invokeAll(calls)) {
        failed.addAll(call.get(60, TimeUnit.SECONDS));
      }
    } catch (ExecutionException _) {
      batch.forEach(message -> failed.add(message.messageId()));
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
    return failed;
  }

  private void delete(List<Message> messages) {
    for (int start = 0; start < messages.size(); start += SQS_BATCH) {
      List<Message> part = messages.subList(start, Math.min(messages.size(), start + SQS_BATCH));
      queue.deleteMessageBatch(request ->
          request
              .queueUrl(queueUrl)
              .entries(
                  part.stream()
                      .map(message ->
                          DeleteMessageBatchRequestEntry.builder()
                              .id(message.messageId())
                              .receiptHandle(message.receiptHandle())
                              .build())
                      .toList()));
    }
  }
}
