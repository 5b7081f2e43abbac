package dev.hookwell.acceptance.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hookwell.acceptance.support.BodyFiles;
import dev.hookwell.acceptance.support.HookwellProcess;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Shows;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The client's commands besides {@code listen}. */
final class ClientCommandsIT {
  @RegisterExtension static final RunningSystem RUNNING = new RunningSystem();

  private static final byte[] BINARY = {0, (byte) 0xff, '\r', '\n', 27};

  private static final Schema HAR =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(resource("/har-1.2.schema.json"));

  @TempDir Path folder;

  private Client.Hook hook;

  @BeforeEach
  void createHook() {
    hook = RUNNING.client().createHook();
  }

  private static String resource(String name) {
    try (InputStream in = ClientCommandsIT.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HookwellProcess.Setting setting() {
    return HookwellProcess.Setting.of(folder, hook);
  }

  private HookwellProcess.Ended run(int code, String... arguments) throws Exception {
    HookwellProcess.Ended ended = setting().run(arguments);
    assertEquals(code, ended.code(), ended.err());
    return ended;
  }

  private void post(String tail, String event, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(hook.url() + tail))
            .header("content-type", "application/octet-stream")
            .header("x-github-event", event)
            .POST(BodyPublishers.ofByteArray(body));
    assertEquals(200, RUNNING.client().send(request).statusCode());
  }

  private void postThree() {
    post("/a", "push", "{\"n\":1}".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);
    post("/b?c=%20d&e", "issues", BINARY);
    RUNNING.client().await(hook, 2);
    byte[] large = new byte[300_000];
    new Random(11).nextBytes(large);
    post("/c", "push", large);
    RUNNING.client().await(hook, 3);
  }

  @Test
  void waitingGivesTheFirstThatMatchesAlsoWhenItCameBefore() throws Exception {
    postThree();

    JsonNode push =
        Client.json(run(0, "wait", "--match", "event=push", "--match", "path=/c").out());
    assertEquals(3, push.get("seq").intValue());
    byte[] body = Base64.getDecoder().decode(push.at("/body/data").textValue());
    assertEquals(push.get("bodySha256").textValue(), Client.sha256(body));
    assertEquals("{\"n\":1}", Client.json(run(0, "wait").out()).at("/body/data").textValue());
  }

  @Test
  void waitingGivesWhatComesMeanwhile() throws Exception {
    try (HookwellProcess wait = setting().start("wait", "--match", "event=push")) {
      post("/x", "other", "1".getBytes(UTF_8));
      post("/y", "push", "2".getBytes(UTF_8));
      HookwellProcess.Ended ended = wait.ended();

      assertEquals(0, ended.code(), ended.err());
      assertEquals("2", Client.json(ended.out()).at("/body/data").textValue());
    }
  }

  @Test
  void whatIsEndedBeforeItIsDoneEndsWithTheSignal() throws Exception {
    post("/a", "push", BINARY);
    RUNNING.client().await(hook, 1);
    try (RecordingTarget target = RecordingTarget.start()) {
      target.react(_ -> new RecordingTarget.Reaction.Hang());
      String port = String.valueOf(target.port());
      try (HookwellProcess replay = setting().start("replay", "1", "--to", port)) {
        Deadline deadline = Deadline.inSeconds(60);
        while (target.received().isEmpty()) {
          deadline.check("nothing was sent");
          TimeUnit.MILLISECONDS.sleep(20);
        }
        HookwellProcess.Ended ended = replay.interrupted();

        assertEquals(143, ended.code(), ended.err());
        assertEquals("", ended.out() + ended.err());
      }
    }
  }

  @Test
  void waitingForNothingEndsWithFour() throws Exception {
    HookwellProcess.Ended ended = run(4, "wait", "--timeout", "1500ms");

    assertEquals("", ended.out());
    assertEquals("hookwell: nothing came within 1500 ms\n", ended.err());
  }

  @Test
  void theListShowsTheNewestLastAndOneLineEach() throws Exception {
    postThree();

    List<String> lines = run(0, "list").out().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(
        lines.get(0).matches("#1 +\\d{4}-\\d\\d-\\d\\d \\S+ +POST +7 B  /a  GitHub push"),
        lines.get(0));
    assertTrue(lines.get(1).endsWith("5 B  /b?c=%20d&e  GitHub issues"), lines.get(1));
    assertTrue(lines.get(2).contains("293 KiB  /c"), lines.get(2));
    assertEquals(lines.subList(1, 3), run(0, "list", "-n", "2").out().lines().toList());
    assertEquals(
        lines.subList(1, 2), run(0, "list", "--from", "2", "-n", "1").out().lines().toList());
    assertEquals(
        lines.subList(0, 1),
        run(0, "list", "--match", "event=push", "--match", "path=/a").out().lines().toList());
    JsonNode json = Client.json(run(0, "list", "--json", "-n", "1").out());
    assertEquals(RUNNING.client().read(hook, "/captures").at("/captures/0"), json);
  }

  @Test
  void aCaptureIsShownAsItCame() throws Exception {
    postThree();

    String shown = run(0, "show", "1").out();
    assertTrue(shown.contains("\nPOST /h/" + hook.id() + "/a HTTP/1.1\n"), shown);
    assertTrue(shown.contains("\nx-github-event: push\n"), shown);
    assertTrue(shown.endsWith("\n\n{\"n\":1}\n"), shown);
    assertEquals(
        RUNNING.client().read(hook, "/captures/1"),
        Client.json(run(0, "show", "#1", "--json").out()));
    assertTrue(run(0, "show").out().startsWith("#3 "));
    assertTrue(run(3, "show", "99").err().contains("There is no such capture"));
  }

  /** In a shell, where {@code hookwell} is the client; gives the status, and the output. */
  private HookwellProcess.Ended inShell(String script) throws Exception {
    Path err = folder.resolve("shell.err");
    ProcessBuilder shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "hookwell() { '%s' -cp '%s' dev.hookwell.client.command.Hookwell \"$@\"; }\n%s"
                    .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        HookwellProcess.classPath(),
                        script))
            .directory(folder.toFile())
            .redirectError(err.toFile());
    shell.environment().putAll(setting().environment());
    shell.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    Process process = shell.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
    return new HookwellProcess.Ended(process.exitValue(), out, Files.readString(err));
  }

  @Test
  void aBodyIsWrittenByteForByte() throws Exception {
    postThree();
    assertEquals(0, inShell("hookwell show 2 --body > body").code());

    assertArrayEquals(BINARY, Files.readAllBytes(folder.resolve("body")));
  }

  @Test
  void outputThatCannotBeWrittenEndsWithOneAndNothingIsLost() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");
    postThree();
    for (String command : List.of("export", "list", "show --body", "wait", "--version")) {
      HookwellProcess.Ended ended = inShell("hookwell " + command + " > /dev/full");

      assertEquals(1, ended.code(), command + ended.err());
      assertTrue(ended.err().contains("can't write to the standard output"), ended.err());
    }
    assertEquals(1, inShell("hookwell listen --from 1 --once --json > /dev/full").code());
    String next = run(0, "listen", "--once", "--json").out();
    assertTrue(next.contains("\"after\":0,\"waiting\":3"), next);

    // Without --once: it ends since nobody reads.
    HookwellProcess.Ended piped =
        inShell("{ hookwell listen --from 1 --cursor c; echo $? > code; } | head -1");
    assertEquals(1, piped.out().lines().count());
    assertEquals("1\n", Files.readString(folder.resolve("code")));
    assertFalse(piped.err().contains("hookwell:"), piped.err());
  }

  /** The names of headers in this test are ASCII, their values and the path are UTF-8. */
  @Test
  void whatASenderMeantIsShownAndWhatItSentIsDelivered() throws Exception {
    URI url = hook.url();
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write(
              "POST %s/Smørrebrød?a=ø HTTP/1.1\r\nhost: h\r\nx-name: Smørrebrød\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                  .formatted(url.getPath())
                  .getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }
    RUNNING.client().await(hook, 1);

    String shown = run(0, "show", "1").out();
    assertTrue(shown.contains("/Smørrebrød?a=ø HTTP/1.1\n"), shown);
    assertTrue(shown.contains("\nx-name: Smørrebrød\n"), shown);
    assertTrue(run(0, "list").out().endsWith("/Smørrebrød?a=ø\n"));
    try (RecordingTarget target = RecordingTarget.start()) {
      String said = run(0, "replay", "1", "--to", String.valueOf(target.port())).out();
      // The edge decodes the path of such a request, which is therefore encoded again.
      assertTrue(said.contains("/Sm%C3%B8rrebr%C3%B8d?a=ø  "), said);
      RecordingTarget.Received received = target.received().getFirst();
      assertEquals(
          "POST /Sm%C3%B8rrebr%C3%B8d?a=ø HTTP/1.1",
          new String(received.requestLine().getBytes(ISO_8859_1), UTF_8));
      assertEquals("Smørrebrød", new String(received.header("x-name").getBytes(ISO_8859_1), UTF_8));
    }
  }

  @Test
  void anExportHasEveryBodyWhole() throws Exception {
    postThree();
    run(0, "export", "-o", "all.ndjson");

    List<JsonNode> captures =
        Files.readAllLines(folder.resolve("all.ndjson")).stream().map(Client::json).toList();
    assertEquals(3, captures.size());
    for (JsonNode capture : captures) {
      String text = capture.at("/body/data").textValue();
      byte[] body =
          capture.at("/body/encoding").textValue().equals("base64")
              ? Base64.getDecoder().decode(text)
              : text.getBytes(UTF_8);
      assertEquals(capture.get("bodySha256").textValue(), Client.sha256(body));
    }
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(folder.resolve("all.ndjson")));
    assertFalse(Files.exists(folder.resolve("all.ndjson.part")));
    assertEquals(2, run(0, "export", "--match", "event=push").out().lines().count());
    assertTrue(
        run(1, "export", "-o", "no/such/folder").err().contains("can't write no/such/folder"));
  }

  /** It lies apart from its row, and no list brings it. */
  @Test
  void fourMebibytesOfRandomBytesAreShownExportedAndReplayedWhole() throws Exception {
    byte[] large = randomBytes(CapturedBody.MAX_BYTES);
    String sha256 = Client.sha256(large);
    post("/large", "push", large);
    RUNNING.client().await(hook, 1);

    JsonNode line = Client.json(run(0, "export").out());
    assertArrayEquals(large, Base64.getDecoder().decode(line.at("/body/data").textValue()));
    JsonNode har = Client.json(run(0, "export", "--format", "har").out());
    assertArrayEquals(
        large,
        Base64.getDecoder().decode(har.at("/log/entries/0/request/_content/text").textValue()));
    JsonNode waited = Client.json(run(0, "wait").out());
    assertArrayEquals(large, Base64.getDecoder().decode(waited.at("/body/data").textValue()));

    Client.Hook other = RUNNING.client().createHook();
    run(0, "replay", "1", "--to", other.url().toString());
    assertEquals(sha256, RUNNING.client().await(other, 1).getFirst().get("bodySha256").textValue());
  }

  @Test
  @Shows("F64")
  void aBodyThatIsNotWhatWasReceivedIsSaidAndKeepsNoOtherFromTheExport() throws Exception {
    post("/a", "push", "{\"n\":1}".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);
    byte[] large = randomBytes(900_000);
    post("/b", "push", large);
    String id = RUNNING.client().await(hook, 2).get(1).get("id").textValue();
    large[9] ^= 1;
    Files.write(BodyFiles.file(RUNNING.data(), hook, id), large);

    HookwellProcess.Ended shown = run(1, "show", "2", "--body");
    assertEquals("", shown.out());
    assertTrue(shown.err().contains("another SHA-256"), shown.err());
    HookwellProcess.Ended exported = run(0, "export");
    List<JsonNode> lines = exported.out().lines().map(Client::json).toList();
    assertEquals("{\"n\":1}", lines.getFirst().at("/body/data").textValue());
    assertEquals(2, lines.size(), exported.err());
    assertFalse(lines.get(1).at("/body").has("data"), exported.err());
    assertTrue(exported.err().contains("#2 is without its body"), exported.err());

    post("/c", "push", "last".getBytes(UTF_8));
    RUNNING.client().await(hook, 3);
    try (RecordingTarget target = RecordingTarget.start()) {
      HookwellProcess.Ended replayed = run(1, "replay", "1-3", "--to", target.port() + "");
      assertEquals(List.of(1L, 3L), target.seqs());
      assertTrue(replayed.err().contains("#2 is left out: "), replayed.err());
    }
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** By a schema written by the specification and har-schema; PageArchive has a browser's. */
  @Test
  void anArchiveHoldsTheSame() throws Exception {
    postThree();

    JsonNode archive = Client.json(run(0, "export", "--format", "har").out());
    JsonNode log = archive.get("log");

    assertEquals(List.of(), HAR.validate(archive));
    ((ObjectNode) archive.at("/log/entries/0/request")).put("own", 1);
    assertEquals(1, HAR.validate(archive).size());
    log.get("entries").forEach(entry -> URI.create(entry.at("/request/url").textValue()));
    assertEquals("1.2", log.get("version").textValue());
    JsonNode entries = log.get("entries");
    assertEquals(3, entries.size());
    assertEquals("{\"n\":1}", entries.at("/0/request/postData/text").textValue());
    assertEquals(hook.url() + "/b?c=%20d&e", entries.at("/1/request/url").textValue());
    assertEquals(" d", entries.at("/1/request/queryString/0/value").textValue());
    assertArrayEquals(
        BINARY, Base64.getDecoder().decode(entries.at("/1/request/_content/text").textValue()));
    assertEquals(300_000, entries.at("/2/request/_content/size").intValue());
  }

  @Test
  void replayingDeliversInTheOrderThatWasAskedFor() throws Exception {
    postThree();
    try (RecordingTarget target = RecordingTarget.start()) {
      String port = String.valueOf(target.port());
      HookwellProcess.Ended ended = run(0, "replay", "3", "1", "latest", "--to", port);

      assertEquals(List.of(3L, 1L, 3L), target.seqs());
      assertEquals(3, ended.out().lines().count());
      assertTrue(ended.out().lines().allMatch(line -> line.contains("  200   POST ")), ended.out());
      target.respond("HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n");
      assertEquals(
          500,
          Client.json(run(0, "replay", "1", "--to", port, "--json").out())
              .get("status")
              .intValue());
      assertTrue(run(3, "replay", "99", "--to", port).err().contains("no such capture"));
    }
    assertTrue(run(1, "replay", "1", "--to", "9").out().contains("refuses connections"));
  }

  /** In a terminal that util-linux's script makes; its options differ elsewhere. */
  @Test
  void coloursAreForTerminalsAlone() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script here");
    postThree();
    try (RecordingTarget target = RecordingTarget.start()) {
      String port = String.valueOf(target.port());
      String line =
          "'%s' -cp '%s' dev.hookwell.client.command.Hookwell replay 1 --to %s"
              .formatted(
                  Path.of(System.getProperty("java.home"), "bin", "java"),
                  HookwellProcess.classPath(),
                  port);

      assertTrue(inTerminal(line, Map.of()).contains("\u001b[32m200\u001b[0m"));
      assertFalse(inTerminal(line, Map.of("NO_COLOR", "1")).contains("\u001b"));
      assertFalse(run(0, "replay", "1", "--to", port).out().contains("\u001b"));
      String body = line.replaceFirst("replay .*", "show 2 --body");
      assertTrue(inTerminal(body, Map.of()).contains("the body is not for a terminal"));
    }
  }

  private String inTerminal(String line, Map<String, String> environment) throws Exception {
    ProcessBuilder script =
        new ProcessBuilder("/usr/bin/script", "-qc", line, "/dev/null").redirectErrorStream(true);
    script.environment().remove("NO_COLOR");
    script.environment().put("TERM", "xterm");
    script.environment().putAll(setting().environment());
    script.environment().putAll(environment);
    Process process = script.start();
    process.getOutputStream().close();
    String shown = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return shown;
  }

  private int sendToScript() {
    URI url = URI.create(hook.url().toString().replace("/h/", "/s/"));
    return RUNNING
        .client()
        .send(HttpRequest.newBuilder(url).POST(BodyPublishers.ofString("x")))
        .statusCode();
  }

  private HookwellProcess.Ended asOwner(int code, String... arguments) throws Exception {
    HookwellProcess.Ended ended =
        setting().with("HOOKWELL_OWNER_KEY", hook.ownerKey()).run(arguments);
    assertEquals(code, ended.code(), ended.err());
    return ended;
  }

  @Test
  void stepsDecideWhatSendersGetUntilTheyAreCleared() throws Exception {
    String set =
        asOwner(0, "respond", "503x2", "-H", "Retry-After: 5", "200", "--body", "ok").out();
    assertTrue(set.startsWith(hook.url().toString().replace("/h/", "/s/") + "\n"), set);
    assertTrue(set.contains("\n 1  503 2 times, Retry-After: 5\n"), set);
    assertTrue(set.contains("\n 2  200, a body of 2 characters\n"), set);
    assertTrue(set.contains("\nnext: step 1 (503), for 2 more requests\n"), set);
    assertTrue(set.contains("\nfailing ends by itself at 20"), set);

    assertEquals(503, sendToScript());
    assertTrue(run(0, "respond").out().contains("for 1 more request\n"));
    assertEquals(503, sendToScript());
    assertEquals(200, sendToScript());
    assertTrue(run(0, "respond", "show").out().contains("\nnext: step 2 (200)\n"));
    assertTrue(asOwner(0, "respond", "restart").out().contains("for 2 more requests"));
    assertEquals(503, sendToScript());

    assertEquals("", asOwner(0, "respond", "clear").out());
    assertEquals(200, sendToScript());
    assertTrue(run(0, "respond", "show").out().endsWith("\nnext: the plain 200\n"));
    assertTrue(asOwner(3, "respond", "restart").err().contains("no response script"));
  }

  @Test
  void aScriptIsKeptInAFileAndSetAgain() throws Exception {
    asOwner(0, "respond", "500x30%", "503x2m+1s", "204", "--handshakes", "off");
    String shown = asOwner(0, "respond", "show").out();
    assertTrue(
        shown.contains("\nnext: step 1 (500) by 30 of 100, else step 2 (503), until 20"), shown);
    assertTrue(shown.contains("\n 2  503 for 2m, after 1s\n"), shown);
    assertTrue(shown.contains("\nhandshakes: off\n"), shown);
    JsonNode before = Client.json(asOwner(0, "respond", "--json").out());
    Files.writeString(folder.resolve("kept.json"), before.toString());
    asOwner(0, "respond", "clear");

    JsonNode after = Client.json(asOwner(0, "respond", "--file", "kept.json", "--json").out());
    assertEquals(before.get("steps"), after.get("steps"));
    assertFalse(after.get("handshakes").booleanValue());
  }

  @Test
  void aScriptThatIsNoneAndAKeyThatOnlyReadsAreSaid() throws Exception {
    Files.writeString(folder.resolve("none.json"), "[]");
    Files.writeString(
        folder.resolve("html.json"),
        "{\"steps\":[{\"status\":200,\"headers\":[[\"Content-Type\",\"text/html\"]]}]}");

    assertTrue(run(3, "respond", "200").err().contains("The owner key is needed"));
    assertTrue(run(3, "respond", "clear").err().contains("HOOKWELL_OWNER_KEY"));
    assertTrue(asOwner(1, "respond", "--file", "none.json").err().contains("JSON object"));
    assertTrue(asOwner(1, "respond", "--file", "html.json").err().contains("text/html"));
    assertTrue(asOwner(1, "respond", "600").err().contains("Step 1"));
    assertTrue(asOwner(1, "respond", "200", "-H", "Location: /").err().contains("Location"));
    assertTrue(run(0, "respond").out().endsWith("\nnext: the plain 200\n"));
  }

  @Test
  void aNewHookIsPrintedForAShellOrKeptInAFileOfItsOwner() throws Exception {
    String server = RUNNING.system().address().toString();
    List<String> lines = run(0, "new", "--server", server).out().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("HOOKWELL_URL=" + server + "/h/"), lines.get(0));

    String url = run(0, "new", "--server", server, "--save", "hook.env").out().strip();
    Path file = folder.resolve("hook.env");
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertTrue(run(2, "new", "--server", server, "--save", "hook.env").err().contains("already"));
    RUNNING
        .client()
        .send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString("x")));
    HookwellProcess.Setting bare = new HookwellProcess.Setting(folder, Map.of(), List.of());
    HookwellProcess.Ended waited = bare.run("wait", "--hook-file", "hook.env");
    assertEquals(0, waited.code(), waited.err());
    assertEquals("x", Client.json(waited.out()).at("/body/data").textValue());

    JsonNode json =
        Client.json(run(0, "new", "--server", server, "--expires-in", "2h", "--json").out());
    Files.writeString(folder.resolve("link"), json.get("pageUrl").textValue() + "\n");
    assertEquals(0, bare.run("list", "--hook-file", "link").code());
    assertEquals(0, bare.run("list", "--hook", json.get("pageUrl").textValue()).code());
    Files.writeString(folder.resolve("seed"), "s".repeat(40) + "\n");
    String[] seeded = {
      "new", "--server", server, "--seed-file", "seed", "--expires-at", "2027-01-31T12:00:00Z"
    };
    assertEquals(run(0, seeded).out(), run(0, seeded).out());
    assertEquals(
        "hookwell: --expires-in: It must be from 1m to 1095d.\n",
        run(2, "new", "--server", server, "--expires-in", "1s").err());
  }
}
