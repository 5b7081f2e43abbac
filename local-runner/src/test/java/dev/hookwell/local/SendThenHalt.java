package dev.hookwell.local;

import java.nio.file.Path;

/** Stands for a runner that is killed right after its queue accepted some messages. */
final class SendThenHalt {
  static final int MESSAGES = 100;

  private SendThenHalt() {}

  @SuppressWarnings("SystemOut") // How it tells the test what was accepted.
  public static void main(String[] arguments) {
    LocalQueue queue = LocalQueue.start(Path.of(arguments[0]), QueueSettings.ofTemplate());
    for (int i = 0; i < MESSAGES; i++) {
      String body = "kept " + i;
      queue.client().sendMessage(request -> request.queueUrl(queue.queueUrl()).messageBody(body));
    }
    System.out.println("accepted");
    System.out.flush();
    Runtime.getRuntime().halt(9);
  }
}
