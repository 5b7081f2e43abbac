package dev.hookwell.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.CaptureServer;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.client.RecordingTarget.Reaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** While many captures are open, {@code listen} prints its progress now and then. */
final class ProgressLineTest {
  private static final int CAPTURES = 300;

  /** The target holds this one until the line is there. */
  private static final int HELD = 50;

  @RegisterExtension private final CaptureServer server = new CaptureServer();
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int listen(ByteArrayOutputStream saidTo, String line, String... more) throws IOException {
    try (RecordingTarget target = RecordingTarget.start()) {
      target.react(request -> {
        while (request.seq() == HELD && !saidTo.toString(UTF_8).contains(line)) {
          pause();
        }
        return new Reaction.Respond(RecordingTarget.OK);
      });
      String[] arguments = new String[more.length + 5];
      System.arraycopy(
          new String[] {"listen", String.valueOf(target.port()), "--from", "1", "--once"},
          0,
          arguments,
          0,
          5);
      System.arraycopy(more, 0, arguments, 5, more.length);
      Surroundings surroundings =
          new ClientRun(server.environment(), folder, Clock.systemUTC(), _ -> {})
              .surroundings("Linux", out, err);
      return assertTimeoutPreemptively(
          Duration.ofSeconds(60), () -> Hookwell.run(surroundings, arguments));
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void assertAddsUp(String pattern, String said) {
    Matcher line = Pattern.compile(pattern).matcher(said);
    assertTrue(line.find(), said);
    long delivered = Long.parseLong(line.group(1));
    long open = Long.parseLong(line.group(2));
    assertTrue(delivered > 0, said);
    // One may be finished and not yet counted.
    assertTrue(delivered + open == CAPTURES || delivered + open == CAPTURES - 1, said);
  }

  @Test
  void aPersonIsToldHowMuchIsToGo() throws IOException {
    server.receive(CAPTURES);

    assertEquals(0, listen(err, " to go, "));

    assertAddsUp("  (\\d+) delivered, (\\d+) to go, \\d+/s\\n", err.toString(UTF_8));
  }

  @Test
  void aProgramIsToldInAnObject() throws IOException {
    server.receive(CAPTURES);

    assertEquals(0, listen(out, "\"progress\"", "--json"));

    assertAddsUp("\"delivered\":(\\d+),\"open\":(\\d+),\"perSecond\":\\d+}", out.toString(UTF_8));
  }
}
