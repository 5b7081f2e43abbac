package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

final class LocalQueueIT {
  @TempDir private Path folder;

  @Test
  void queuesHaveTheSettingsOfThisRun() {
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      Map<QueueAttributeName, String> attributes = attributes(queue);
      assertEquals("70", attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT));
      assertEquals(queue.queueArn(), attributes.get(QueueAttributeName.QUEUE_ARN));
      String redrive = attributes.getOrDefault(QueueAttributeName.REDRIVE_POLICY, "");
      assertTrue(redrive.contains("\"maxReceiveCount\":500"), redrive);
      assertTrue(redrive.contains(":hookwell-dead\""), redrive);
      assertTrue(queue.deadLetterUrl().endsWith("/hookwell-dead"));
      assertTrue(queue.queueUrl().startsWith(queue.endpoint().toString()));
    }
    QueueSettings others = QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(3), 2);
    try (LocalQueue queue = LocalQueue.start(folder, others)) {
      Map<QueueAttributeName, String> attributes = attributes(queue);
      assertEquals("3", attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT));
      String redrive = attributes.getOrDefault(QueueAttributeName.REDRIVE_POLICY, "");
      assertTrue(redrive.contains("\"maxReceiveCount\":2"), redrive);
    }
  }

  @Test
  void messagesSurviveARestart() {
    Set<String> sent = new HashSet<>();
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      for (int i = 0; i < 20; i++) {
        String body = "message " + i;
        queue.client().sendMessage(request -> request.queueUrl(queue.queueUrl()).messageBody(body));
        sent.add(body);
      }
    }
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      assertEquals(sent, receive(queue, queue.queueUrl(), sent.size()));
    }
  }

  @Test
  void messagesSurviveAKill() throws Exception {
    Path output = folder.resolve("output");
    Process runner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SendThenHalt.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(9, runner.waitFor(), () -> read(output));
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      assertEquals(
          SendThenHalt.MESSAGES, receive(queue, queue.queueUrl(), SendThenHalt.MESSAGES).size());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void twoHundredSendersAtOnceAreServed() throws Exception {
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sends =
          threads.invokeAll(
              IntStream.range(0, 200)
                  .mapToObj(i ->
                      (Callable<String>)
                          () ->
                              queue
                                  .client()
                                  .sendMessage(request ->
                                      request.queueUrl(queue.queueUrl()).messageBody("sender " + i))
                                  .messageId())
                  .toList());
      Set<String> ids = new HashSet<>();
      for (var send : sends) {
        ids.add(send.get());
      }
      assertEquals(200, ids.size());
    }
  }

  @Test
  void messageReceivedTooOftenIsInTheDeadLetterQueue() {
    QueueSettings settings = QueueSettings.ofTemplate().withRedrive(Duration.ofSeconds(1), 1);
    try (LocalQueue queue = LocalQueue.start(folder, settings)) {
      queue.client().sendMessage(r -> r.queueUrl(queue.queueUrl()).messageBody("poison"));
      assertEquals(Set.of("poison"), receive(queue, queue.queueUrl(), 1));
      Deadline deadline = Deadline.inSeconds(20);
      while (true) {
        // Only a receive after the visibility timeout moves it.
        queue.client().receiveMessage(r -> r.queueUrl(queue.queueUrl()).waitTimeSeconds(1));
        List<Message> dead =
            queue
                .client()
                .receiveMessage(r ->
                    r.queueUrl(queue.deadLetterUrl())
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
        if (!dead.isEmpty()) {
          assertEquals("poison", dead.getFirst().body());
          break;
        }
        deadline.check("nothing in the dead-letter queue");
      }
    }
  }

  @Test
  void portInUseIsSaidInOneLine() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      PortInUseException refused =
          assertThrows(
              PortInUseException.class,
              () -> LocalQueue.start(folder, QueueSettings.ofTemplate().withPort(port)));
      assertEquals("port " + port + " on 127.0.0.1 is in use", refused.getMessage());
    }
  }

  @Test
  void whatWasDeletedStaysAwayAndWhatWasInHandComesAtOnce() {
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      for (String body : List.of("stored", "in hand", "waiting")) {
        send(queue, queue.queueUrl(), body);
      }
      send(queue, queue.deadLetterUrl(), "dead");
      Set<String> received = new HashSet<>();
      Deadline deadline = Deadline.inSeconds(30);
      while (received.size() < 3) {
        for (Message message :
            queue.client().receiveMessage(r -> r.queueUrl(queue.queueUrl())).messages()) {
          received.add(message.body());
          if (message.body().equals("stored")) {
            queue
                .client()
                .deleteMessage(
                    d -> d.queueUrl(queue.queueUrl()).receiptHandle(message.receiptHandle()));
          }
        }
        deadline.check("received " + received);
      }
    }
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      assertEquals(Set.of("in hand", "waiting"), receive(queue, queue.queueUrl(), 2));
      assertEquals(Set.of("dead"), receive(queue, queue.deadLetterUrl(), 1));
      assertTrue(
          queue.client().receiveMessage(r -> r.queueUrl(queue.queueUrl())).messages().isEmpty());
    }
  }

  @Test
  void largeMessagesSurviveARestart() {
    String body = "x".repeat(1_048_576);
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      for (int i = 0; i < 12; i++) {
        send(queue, queue.queueUrl(), i % 10 + body.substring(1));
      }
    }
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      assertEquals(10, receive(queue, queue.queueUrl(), 10).size());
    }
  }

  @Test
  void aMessageOfOneMebibyteIsTakenAndOneByteMoreIsNot() {
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      send(queue, queue.queueUrl(), "x".repeat(1_048_576));
      assertThrows(SqsException.class, () -> send(queue, queue.queueUrl(), "x".repeat(1_048_577)));
    }
  }

  @Test
  void messagesOfTheFirstVersionsAreTakenOver() throws IOException {
    Path file = folder.resolve("messages.mv.db");
    Files.copy(Path.of("src/test/resources/queue-h2/messages.mv.db"), file);
    try (LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate())) {
      Set<String> bodies = receive(queue, queue.queueUrl(), 12);
      for (int i = 0; i < 12; i++) {
        assertTrue(
            bodies.contains("message " + i + " of hookwell-captures " + "x".repeat(i * 100)));
      }
      assertEquals(12, receive(queue, queue.deadLetterUrl(), 12).size());
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void twoQueuesInOneJvmShareNothing() {
    try (LocalQueue one = LocalQueue.start(folder.resolve("one"), QueueSettings.ofTemplate());
        LocalQueue other = LocalQueue.start(folder.resolve("other"), QueueSettings.ofTemplate())) {
      send(one, one.queueUrl(), "for one");
      send(other, other.queueUrl(), "for the other");
      assertEquals(Set.of("for one"), receive(one, one.queueUrl(), 1));
      assertEquals(Set.of("for the other"), receive(other, other.queueUrl(), 1));
    }
  }

  private static void send(LocalQueue queue, String url, String body) {
    queue.client().sendMessage(request -> request.queueUrl(url).messageBody(body));
  }

  @Test
  void closingLeavesNobodyListening() throws IOException {
    LocalQueue queue = LocalQueue.start(folder, QueueSettings.ofTemplate());
    queue.close();
    assertThrows(
        ConnectException.class,
        () -> new Socket(InetAddress.getLoopbackAddress(), queue.endpoint().getPort()).close());
  }

  private static Map<QueueAttributeName, String> attributes(LocalQueue queue) {
    return queue
        .client()
        .getQueueAttributes(
            r -> r.queueUrl(queue.queueUrl()).attributeNames(QueueAttributeName.ALL))
        .attributes();
  }

  static Set<String> receive(LocalQueue queue, String url, int count) {
    Set<String> bodies = new HashSet<>();
    Deadline deadline = Deadline.inSeconds(30);
    while (bodies.size() < count) {
      bodies.addAll(
          queue
              .client()
              .receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1))
              .messages()
              .stream()
              .map(Message::body)
              .collect(Collectors.toSet()));
      deadline.check("received " + bodies.size() + " of " + count);
    }
    return bodies;
  }
}
