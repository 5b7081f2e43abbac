package dev.hookwell.acceptance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.HookwellProcess;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs the very lines of docs/client.md, and the client's in the README, in a shell. */
final class ClientDocumentIT {
  @RegisterExtension static final RunningSystem RUNNING = new RunningSystem();

  private static final Path ROOT = Path.of("..");
  private static final String ADDRESS = "http://127.0.0.1:8080";
  private static final int PATIENCE_SECONDS = 120;

  /** A line may give its exit code in a comment. */
  private static final Pattern EXIT_CODE = Pattern.compile(" +# (\\d)$");

  /** The client, also at the end of a pipe. */
  private static final Pattern CLIENT = Pattern.compile("^((?:echo '[^']*' \\| )?)hookwell ");

  @TempDir Path folder;

  private Client.Hook hook;
  private final List<String> ran = new ArrayList<>();

  @BeforeEach
  void createHookWithACapture() {
    hook = RUNNING.client().createHook();
    RUNNING.client().postKept(hook, "text/plain", "hello".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);
  }

  @Test
  void everyLineOfTheClientsPageDoesWhatItSays() throws Exception {
    String page = Files.readString(ROOT.resolve("docs/client.md"));
    Matcher block = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL).matcher(page);
    try (RecordingTarget target = RecordingTarget.start()) {
      while (block.find()) {
        for (String line : block.group(1).lines().toList()) {
          run(line, target);
        }
      }
      assertEquals(page.lines().filter(line -> CLIENT.matcher(line).find()).count(), ran.size());
      assertTrue(
          target.received().stream()
              .anyMatch(one -> one.requestLine().equals("POST /hooks HTTP/1.1")));
    }
    assertEquals("hello", Files.readString(folder.resolve("body.bin")));
    assertEquals(
        "1.2",
        Client.json(Files.readString(folder.resolve("captures.har")))
            .at("/log/version")
            .textValue());
    assertEquals(1, Files.readAllLines(folder.resolve("captures.ndjson")).size());
  }

  @Test
  void theTwoLinesOfTheReadmeBringARequest() throws Exception {
    List<String> lines =
        Files.readAllLines(ROOT.resolve("README.md")).stream()
            .filter(line -> line.startsWith("./hookwell "))
            .map(line -> line.substring("./".length()))
            .toList();
    assertEquals(2, lines.size());
    try (RecordingTarget target = RecordingTarget.start()) {
      run(lines.get(0) + " --server " + ADDRESS, target);
      String url =
          Files.readAllLines(folder.resolve("hook.env")).getFirst().replace("HOOKWELL_URL=", "");
      Process listen = launch(lines.get(1), target);
      awaitReady(listen);
      RUNNING
          .client()
          .send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString("hi")));
      Deadline deadline = Deadline.inSeconds(PATIENCE_SECONDS);
      while (target.received().isEmpty()) {
        deadline.check("nothing was delivered");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertEquals(0, end(listen));
      assertEquals("hi", new String(target.received().getFirst().body().toArray(), UTF_8));
    }
  }

  private void run(String documented, RecordingTarget target) throws Exception {
    Matcher code = EXIT_CODE.matcher(documented);
    int expected = code.find() ? Integer.parseInt(code.group(1)) : 0;
    String line = documented.replaceFirst(EXIT_CODE.pattern(), "");
    Process process = launch(line, target);
    boolean endless = line.contains("listen") && !line.contains("--once");
    if (endless) {
      awaitReady(process);
    }
    assertEquals(expected, endless ? end(process) : exitCode(process), line + "\n" + said());
    ran.add(line);
  }

  /** The shell becomes the RUNNING.client(), so that a signal reaches it. */
  private Process launch(String line, RecordingTarget target) throws IOException {
    String command =
        line.replace(ADDRESS, RUNNING.system().address().toString())
            .replaceAll("\\b3000\\b", String.valueOf(target.port()))
            .replaceFirst(
                CLIENT.pattern(),
                "$1exec '%s' -cp '%s' dev.hookwell.client.command.Hookwell "
                    .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        HookwellProcess.classPath()));
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    shell.environment().put("HOOKWELL_API", hook.apiUrl().toString());
    shell.environment().put("HOOKWELL_KEY", hook.viewKey());
    shell.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    return shell.start();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("stdout")) + Files.readString(folder.resolve("stderr"));
  }

  private void awaitReady(Process process) throws Exception {
    Deadline deadline = Deadline.inSeconds(PATIENCE_SECONDS);
    while (!said().contains("Ctrl-C ends it")) {
      deadline.check(said());
      assertTrue(process.isAlive(), said());
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private int end(Process process) throws Exception {
    process.destroy();
    return exitCode(process);
  }

  private int exitCode(Process process) throws Exception {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running: " + said());
    return process.exitValue();
  }
}
