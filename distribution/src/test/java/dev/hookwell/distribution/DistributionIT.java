package dev.hookwell.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive on a machine that has neither JDK nor Maven: in a folder with spaces, by a user who
 * is not root, with nothing in the environment.
 */
@Tag("long")
final class DistributionIT {
  private static final long MOST_BYTES = 100_000_000;
  private static final int PATIENCE_SECONDS = 180;

  /** The user as which root runs the archive here: nobody. */
  private static final int NOBODY = 65534;

  private static final Pattern READY = Pattern.compile("Hookwell is ready: (http://\\S+)");

  @TempDir private Path temporary;

  private final List<Process> started = new ArrayList<>();
  private Path place = Path.of("");
  private Path folder = Path.of("");

  private record Running(Process process, Path output, URI address) {}

  @BeforeEach
  void unpack() throws Exception {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    place = Files.createDirectory(temporary.resolve("a folder of mine"));
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive().toString(), "-C", place.toString())
            .inheritIO()
            .start();
    assertEquals(0, tar.waitFor());
    folder = place.resolve("hookwell-" + System.getProperty("hookwell.version"));
    if (isRoot()) {
      for (Path path : Distribution.all(place)) {
        own(path, NOBODY);
      }
    }
  }

  @AfterEach
  void endAll() throws Exception {
    for (Process process : started) {
      stop(process);
    }
  }

  @Test
  void theArchiveIsNotLarger() throws IOException {
    assertTrue(Files.size(archive()) <= MOST_BYTES, () -> archive() + " is too large");
  }

  @Test
  void whatItAcknowledgedIsThereAfterAKillAndAMove() throws Exception {
    Running first = start();
    String hook = post(first.address().resolve("/api/hooks"), "", 201);
    String url = URI.create(field(hook, "url")).getRawPath();
    String id = field(post(first.address().resolve(url), "kept", 200), "id");
    first.process().destroyForcibly().waitFor();

    Running second = start();
    assertEquals("kept", body(second, hook, id));
    stop(second.process());

    folder = Files.move(folder, place.resolve("moved to"));
    Running third = start();
    assertEquals("kept", body(third, hook, id));
    post(third.address().resolve(url), "more", 200);
  }

  @Test
  void itSaysNothingButWhereItIs() throws Exception {
    Running running = start();
    stop(running.process());

    assertEquals(
        List.of(
            "Starting Hookwell; captures are kept in " + folder.toRealPath().resolve("data"),
            "Hookwell is ready: " + running.address(),
            "Open it in a browser. Ctrl-C stops it.",
            "Stopping Hookwell: finishing what is under way ...",
            "Stopped."),
        Files.readAllLines(running.output()));
  }

  @Test
  void theTrainedCacheFitsAlsoWhereItWasMoved() throws Exception {
    folder = Files.move(folder, place.resolve("else where"));
    String script = Files.readString(folder.resolve("run"));
    // With this, a cache that does not fit ends the start.
    Files.writeString(
        folder.resolve("run"),
        script.replace("-XX:+UseParallelGC", "-XX:+UseParallelGC -XX:AOTMode=on"));
    Process help = launch("--help");

    assertTrue(help.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, help.exitValue(), () -> read(output(help)));
  }

  @Test
  void itStartsWithoutACacheThatDoesNotFit() throws Exception {
    Files.setLastModifiedTime(folder.resolve("lib/start.jar"), FileTime.from(Instant.now()));

    Running running = start();
    assertTrue(read(running.output()).startsWith("Starting"), () -> read(running.output()));
  }

  @Test
  void itTellsWhetherItIsWell() throws Exception {
    Running running = start();
    String port = String.valueOf(running.address().getPort());

    Process well = launch("health", "--port", port);
    assertTrue(well.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, well.exitValue(), () -> read(output(well)));
    stop(running.process());
    Process gone = launch("health", "--port", port);
    assertTrue(gone.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(1, gone.exitValue());
  }

  @Test
  void rootIsToldToBeSomebodyElseOrBecomesTheOwner() throws Exception {
    assumeTrue(isRoot(), "only root can be refused");
    Process owned = process(List.of(folder.resolve("run").toString(), "--port", "0"));
    Running running = awaitReady(owned);
    assertEquals(NOBODY, Files.getAttribute(Path.of("/proc/" + owned.pid()), "unix:uid"));
    stop(running.process());

    for (Path path : Distribution.all(folder)) {
      own(path, 0);
    }
    Process refused = process(List.of(folder.resolve("run").toString(), "--port", "0"));
    assertTrue(refused.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(1, refused.exitValue());
    assertTrue(
        read(output(refused)).startsWith("hookwell: it does not run as root: give its data to"),
        () -> read(output(refused)));
  }

  private static Path archive() {
    Platform platform =
        Platform.of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    return Path.of(
            "target",
            "hookwell-"
                + System.getProperty("hookwell.version")
                + "-"
                + platform.text()
                + ".tar.gz")
        .toAbsolutePath();
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static void own(Path path, int user) throws IOException {
    Files.setAttribute(path, "unix:uid", user, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", user, java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  private Running start() throws Exception {
    return awaitReady(launch("--port", "0"));
  }

  /** As a user who is not root. */
  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      String nobody = String.valueOf(NOBODY);
      command.addAll(
          List.of("setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups", "--"));
    }
    command.add(folder.resolve("run").toString());
    command.addAll(List.of(arguments));
    return process(command);
  }

  private Process process(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temporary.toFile())
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("output-" + started.size()).toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Path output(Process process) {
    return temporary.resolve("output-" + started.indexOf(process));
  }

  private Running awaitReady(Process process) throws Exception {
    long start = System.nanoTime();
    Path output = output(process);
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      Matcher matcher = READY.matcher(read(output));
      if (matcher.find()) {
        return new Running(process, output, URI.create(matcher.group(1)));
      }
      assertTrue(process.isAlive(), () -> read(output));
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError(read(output));
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String post(URI url, String body, int status) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(url).POST(BodyPublishers.ofString(body)).build(),
              BodyHandlers.ofString());
      assertEquals(status, response.statusCode(), response.body());
      return response.body();
    }
  }

  /** The body of a capture, once it is stored. */
  private static String body(Running running, String hook, String id) throws Exception {
    URI url =
        running
            .address()
            .resolve(URI.create(field(hook, "apiUrl")).getRawPath() + "/captures/" + id + "/body");
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", "Bearer " + field(hook, "viewKey"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int tries = 1; ; tries++) {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return response.body();
        }
        assertTrue(tries < PATIENCE_SECONDS, response.body());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private static String field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
    assertTrue(matcher.find(), json);
    return matcher.group(1);
  }
}
