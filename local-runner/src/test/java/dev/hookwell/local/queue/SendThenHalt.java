package dev.hookwell.local.queue;

import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.intake.Sent;
import java.nio.file.Path;
import java.time.InstantSource;

/** Stands for a runner that is killed right after its outbox acknowledged some messages. */
final class SendThenHalt {
  static final int MESSAGES = 100;

  private SendThenHalt() {}

  @SuppressWarnings("SystemOut") // The test reads the failure from the output.
  public static void main(String[] arguments) {
    Outbox outbox =
        Outbox.open(
            Path.of(arguments[0]),
            QueueSettings.ofTemplate(),
            InstantSource.system(),
            () -> Long.MAX_VALUE,
            System.out::println);
    for (int i = 0; i < MESSAGES; i++) {
      Sent sent = outbox.send(EnvelopeWriter.write(Captures.capture(1, i, "kept " + i)));
      if (!sent.equals(new Sent.Kept())) {
        System.out.println(sent);
        Runtime.getRuntime().halt(1);
      }
    }
    Runtime.getRuntime().halt(9);
  }
}
