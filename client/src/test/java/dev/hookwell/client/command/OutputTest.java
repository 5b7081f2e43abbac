package dev.hookwell.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.client.CaptureServer;
import dev.hookwell.client.RecordingTarget;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * An output that takes nothing more: the command fails, and a capture that it could not print
 * counts as not finished.
 */
final class OutputTest {
  private static final Path FULL = Path.of("/dev/full");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension private final CaptureServer server = new CaptureServer();
  @TempDir private Path folder;

  private ClientRun client;

  @BeforeEach
  void start() {
    server.receive(5);
    client = new ClientRun(server.environment(), folder, Clock.systemUTC(), _ -> {});
  }

  private ClientRun.Ended runTo(OutputStream out, String... arguments) {
    return assertTimeoutPreemptively(PATIENCE, () -> client.runTo(out, arguments));
  }

  private static OutputStream closedPipe() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.source().close();
    return Channels.newOutputStream(pipe.sink());
  }

  @Test
  void everyCommandSaysThatADiskIsFullAndEndsWithOne() throws IOException {
    assumeTrue(Files.exists(FULL), "this system has no /dev/full");
    for (List<String> command :
        List.of(
            List.of("export"),
            List.of("export", "--format", "har"),
            List.of("export", "-o", "-"),
            List.of("list"),
            List.of("list", "--json"),
            List.of("show"),
            List.of("show", "--body"),
            List.of("wait"),
            List.of("listen", "--from", "1", "--once", "--cursor", "a"),
            List.of("listen", "--from", "1", "--once", "--json", "--cursor", "b"))) {
      try (OutputStream full = new FileOutputStream(FULL.toFile())) {
        ClientRun.Ended ended = runTo(full, command.toArray(String[]::new));

        assertEquals(1, ended.code(), command + ended.err());
        assertTrue(
            ended
                .err()
                .endsWith(
                    "hookwell: can't write to the standard output: No space left on device\n"),
            command + ended.err());
        assertFalse(ended.err().contains("5 captures"), ended.err());
      }
    }
    try (OutputStream full = new FileOutputStream(FULL.toFile())) {
      assertEquals(1, runTo(full, "--version").code());
    }
  }

  @Test
  void aReaderThatHasEnoughEndsItQuietly() throws IOException {
    for (List<String> command :
        List.of(
            List.of("export"),
            List.of("list"),
            List.of("show", "--body"),
            List.of("wait"),
            // Without --once: it ends since nobody reads.
            List.of("listen", "--from", "1"))) {
      try (OutputStream closed = closedPipe()) {
        ClientRun.Ended ended = runTo(closed, command.toArray(String[]::new));

        assertEquals(1, ended.code(), command + ended.err());
        assertFalse(ended.err().contains("hookwell:"), command + ended.err());
      }
    }
  }

  @Test
  void whatCouldNotBeSaidIsNotFinished() throws IOException {
    ClientRun.Ended next;
    for (String cursor : List.of("text", "json")) {
      List<String> listen = new ArrayList<>(List.of("listen", "--once", "--cursor", cursor));
      List<String> first = new ArrayList<>(listen);
      first.addAll(List.of("--from", "1"));
      if (cursor.equals("json")) {
        first.add("--json");
      }
      assertEquals(1, runTo(closedPipe(), first.toArray(String[]::new)).code());
      listen.add("--json");
      next = client.run(listen.toArray(String[]::new));
      assertTrue(next.out().contains("\"after\":0,\"waiting\":5"), next.out());
      assertEquals(5, next.out().split("\"type\":\"capture\"", -1).length - 1);
    }

    try (RecordingTarget target = RecordingTarget.start()) {
      String port = String.valueOf(target.port());
      assertEquals(1, runTo(closedPipe(), "listen", port, "--from", "1").code());
      next = client.run("listen", port, "--once");
      assertTrue(next.err().contains("maybe delivered again: #1\n"), next.err());
      assertEquals(List.of(1L, 1L, 2L, 3L, 4L, 5L), target.seqs());
    }
  }

  @Test
  void anExportGoesWhereItIsSent() throws IOException {
    Path file = Files.writeString(folder.resolve("old"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file.getFileName());
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("new"));

    assertEquals(5, client.run("export", "-o", "-").out().lines().count());
    assertFalse(Files.exists(folder.resolve("-")));
    assertEquals(0, client.run("export", "-o", "link").code());
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(5, Files.readAllLines(file).size());
    assertEquals(0, client.run("export", "-o", "dangling").code());
    assertTrue(Files.isSymbolicLink(dangling));
    assertEquals(5, Files.readAllLines(folder.resolve("new")).size());
    ClientRun.Ended ended = client.run("export", "-o", ".");
    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("can't write ."), ended.err());
    assertTrue(Files.isDirectory(folder));
  }

  /** By way of a link: as root, a file that replaces one would take the place of the device. */
  @Test
  void whatIsNoFileIsWrittenThrough() throws IOException {
    assumeTrue(Files.exists(FULL), "this system has no /dev/full");
    Path device = Files.createSymbolicLink(folder.resolve("device"), FULL);

    ClientRun.Ended ended = client.run("export", "-o", "device");

    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("can't write device: No space left on device"), ended.err());
    assertEquals(FULL, Files.readSymbolicLink(device));
    assertFalse(Files.isRegularFile(FULL));
    Files.delete(device);
  }
}
