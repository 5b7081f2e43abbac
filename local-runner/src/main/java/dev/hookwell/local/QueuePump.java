package dev.hookwell.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Hands the queue's messages to a function, as Lambda's event source mapping does: in batches, a
 * bounded number of them at once. What the function does not report as failed is deleted; when it
 * throws, runs out of time or names a message that was not in the batch, nothing is; when it
 * reports nothing, everything is. What failed comes back sooner than in the cloud, see {@link
 * PumpSettings}.
 */
public final class QueuePump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueuePump.class);
  private static final int SQS_BATCH = 10;

  /**
   * Short for a long poll: ElasticMQ wakes it for a message that is sent, but not for one that
   * became visible again.
   */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  /** The pump's own, so that it outlives a queue that is stopped and started again. */
  private final SqsClient queue;

  private final String queueUrl;
  private final SqsEventWriter writer;
  private final BatchFunction function;
  private final PumpSettings settings;
  private final Semaphore permits;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread collector;

  private QueuePump(
      SqsClient queue,
      String queueUrl,
      String queueArn,
      BatchFunction function,
      PumpSettings settings) {
    this.queue = queue;
    this.queueUrl = queueUrl;
    this.writer = new SqsEventWriter(queueArn);
    this.function = function;
    this.settings = settings;
    this.permits = new Semaphore(settings.concurrency());
    this.collector = Thread.ofVirtual().name("queue-pump").unstarted(this::run);
  }

  /** Starts pumping. */
  public static QueuePump start(
      LocalQueue queue,
      String functionName,
      RequestHandler<SQSEvent, SQSBatchResponse> handler,
      Clock clock,
      PumpSettings settings) {
    QueuePump pump =
        new QueuePump(
            queue.clientBuilder().build(),
            queue.queueUrl(),
            queue.queueArn(),
            new BatchFunction(functionName, handler, clock, settings.functionTimeout()),
            settings);
    pump.collector.start();
    return pump;
  }

  private void run() {
    Duration pause = PAUSE;
    while (!isStopping()) {
      // Before receiving: what is received must not wait for its turn while its time runs.
      permits.acquireUninterruptibly();
      List<Message> messages = List.of();
      try {
        messages = collect();
        pause = PAUSE;
      } catch (RuntimeException e) {
        // Whatever it is: without this thread nothing would ever be stored again.
        LOG.warn("the queue does not answer", e);
        pause(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      } finally {
        permits.release();
      }
      for (List<Message> batch : cut(messages)) {
        permits.acquireUninterruptibly();
        threads.execute(() -> {
          try {
            process(batch);
          } finally {
            permits.release();
          }
        });
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause(Duration pause) {
    try {
      stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Messages until there are enough, or the window after the first of them is over. */
  private List<Message> collect() {
    List<Message> messages = new ArrayList<>(receive(settings.batchSize(), POLL));
    if (messages.isEmpty()) {
      return messages;
    }
    long end = System.nanoTime() + settings.window().toNanos();
    long bytes = bytes(messages);
    while (messages.size() < settings.batchSize()
        && bytes < settings.maxBatchBytes()
        && !isStopping()) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        break;
      }
      List<Message> more = receiveMore(settings.batchSize() - messages.size());
      if (more.isEmpty()) {
        pause(left.compareTo(PAUSE) < 0 ? left : PAUSE);
      }
      messages.addAll(more);
      bytes += bytes(more);
    }
    return messages;
  }

  /** What is there now. A failure must not lose what this batch already holds. */
  private List<Message> receiveMore(int limit) {
    try {
      return receive(limit, Duration.ZERO);
    } catch (SdkException e) {
      LOG.warn("the queue does not answer", e);
      return List.of();
    }
  }

  private List<Message> receive(int limit, Duration wait) {
    return queue
        .receiveMessage(request ->
            request
                .queueUrl(queueUrl)
                .maxNumberOfMessages(Math.min(limit, SQS_BATCH))
                .visibilityTimeout((int) settings.hold().toSeconds())
                .waitTimeSeconds((int) wait.toSeconds())
                .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                .messageAttributeNames("All"))
        .messages();
  }

  /** Batches that an invocation can take. */
  private List<List<Message>> cut(List<Message> messages) {
    List<List<Message>> batches = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (Message message : messages) {
      long size = bytes(List.of(message));
      if (bytes > settings.maxBatchBytes() - size) {
        batches.add(new ArrayList<>());
        bytes = 0;
      }
      batches.getLast().add(message);
      bytes += size;
    }
    return batches;
  }

  private static long bytes(List<Message> messages) {
    return messages.stream()
        .mapToLong(message -> message.body().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  private void process(List<Message> batch) {
    Set<String> failed = invoke(batch);
    try {
      delete(batch.stream().filter(message -> !failed.contains(message.messageId())).toList());
      delay(batch.stream().filter(message -> failed.contains(message.messageId())).toList());
    } catch (SdkException e) {
      // They become visible again by themselves, and storing them twice changes nothing.
      LOG.warn("the queue does not answer", e);
    }
  }

  /** The ids of the messages that must come back. */
  private Set<String> invoke(List<Message> batch) {
    Set<String> all = batch.stream().map(Message::messageId).collect(Collectors.toSet());
    Future<Set<String>> invocation = threads.submit(() -> function.invoke(writer.write(batch)));
    try {
      Set<String> failed = invocation.get(function.timeout().toNanos(), TimeUnit.NANOSECONDS);
      if (all.containsAll(failed)) {
        return failed;
      }
      LOG.error("the function reported a message that it was not given: the whole batch failed");
    } catch (ExecutionException e) {
      LOG.error("the function failed on {} messages: {}", batch.size(), name(e.getCause()));
    } catch (TimeoutException _) {
      LOG.error("the function did not finish {} messages in time", batch.size());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      invocation.cancel(true);
    }
    return all;
  }

  /** Its class: what a driver says may quote what was captured. */
  private static String name(@Nullable Throwable failure) {
    return failure == null ? "unknown" : failure.getClass().getName();
  }

  private void delete(List<Message> messages) {
    for (List<Message> part : parts(messages)) {
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

  private void delay(List<Message> messages) {
    for (List<Message> part : parts(messages)) {
      queue.changeMessageVisibilityBatch(request ->
          request
              .queueUrl(queueUrl)
              .entries(
                  part.stream()
                      .map(message ->
                          ChangeMessageVisibilityBatchRequestEntry.builder()
                              .id(message.messageId())
                              .receiptHandle(message.receiptHandle())
                              .visibilityTimeout(
                                  (int) settings.retryAfter(receives(message)).toSeconds())
                              .build())
                      .toList()));
    }
  }

  private static int receives(Message message) {
    return Integer.parseInt(
        message
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
  }

  private static List<List<Message>> parts(List<Message> messages) {
    List<List<Message>> parts = new ArrayList<>();
    for (int start = 0; start < messages.size(); start += SQS_BATCH) {
      parts.add(messages.subList(start, Math.min(messages.size(), start + SQS_BATCH)));
    }
    return parts;
  }

  /** Stops receiving, lets the invocations under way finish and deletes what they stored. */
  @Override
  public void close() {
    stopping.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        collector.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    permits.acquireUninterruptibly(settings.concurrency());
    permits.release(settings.concurrency());
    threads.shutdown();
    queue.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
