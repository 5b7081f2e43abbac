package dev.hookwell.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.CaptureServer;
import dev.hookwell.client.RecordingTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which captures {@code hookwell replay} delivers. */
final class ReplayTest {
  /** More than a page of the API's. */
  private static final int CAPTURES = 120;

  @RegisterExtension private final CaptureServer server = new CaptureServer();
  @TempDir private Path folder;

  private RecordingTarget target;
  private ClientRun client;

  @BeforeEach
  void start() throws IOException {
    server.receive(CAPTURES);
    target = RecordingTarget.start();
    client = new ClientRun(server.environment(), folder, Clock.systemUTC(), _ -> {});
  }

  @AfterEach
  void stop() throws IOException {
    target.close();
  }

  private ClientRun.Ended replay(String... which) {
    String[] arguments = new String[which.length + 3];
    arguments[0] = "replay";
    System.arraycopy(which, 0, arguments, 1, which.length);
    arguments[which.length + 1] = "--to";
    arguments[which.length + 2] = String.valueOf(target.port());
    return client.run(arguments);
  }

  @Test
  void spansAndSinglesAreDeliveredInTheOrderOfTheLine() {
    ClientRun.Ended ended = replay("3", "#1-#2", "latest", "5-5");

    assertEquals(0, ended.code(), ended.err());
    assertEquals(List.of(3L, 1L, 2L, 120L, 5L), target.seqs());
    assertEquals("", ended.err());
  }

  @Test
  void aSpanMayBeLongerThanAPage() {
    assertEquals(0, replay("2-119").code());

    assertEquals(LongStream.rangeClosed(2, 119).boxed().toList(), target.seqs());
  }

  @Test
  void whatASpanNamesAndIsNotThereIsSaid() {
    ClientRun.Ended ended = replay("119-122");

    assertEquals(1, ended.code());
    assertEquals(List.of(119L, 120L), target.seqs());
    assertEquals("hookwell: #121 to #122 are not there\n", ended.err());
    server.lose(119);
    assertTrue(replay("118-120").err().contains("#119 is not there"));
    assertEquals(List.of(118L, 120L), target.seqs().subList(2, 4));
  }

  @Test
  void withoutNumbersTheSelectionSays() {
    assertEquals(0, replay("--from", "119").code());

    assertEquals(List.of(119L, 120L), target.seqs());
  }
}
