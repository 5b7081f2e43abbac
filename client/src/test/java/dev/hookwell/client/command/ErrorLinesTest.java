package dev.hookwell.client.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.client.CaptureServer;
import dev.hookwell.client.TestCaptures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An error is one line, and says what to do. */
final class ErrorLinesTest {
  private static final String KEY = "k".repeat(43);

  @RegisterExtension private final CaptureServer server = new CaptureServer();
  @TempDir private Path folder;

  private ClientRun client(Map<String, String> environment) {
    return new ClientRun(environment, folder, Clock.systemUTC(), _ -> {});
  }

  private void assertFails(
      int code, List<String> said, Map<String, String> environment, String... arguments) {
    ClientRun.Ended ended = client(environment).run(arguments);

    assertEquals(code, ended.code(), ended.err());
    said.forEach(part -> assertTrue(ended.err().contains(part), ended.err()));
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertFalse(ended.err().matches("(?s).*(Exception|NoSuchFile|AccessDenied).*"), ended.err());
  }

  private Map<String, String> at(String address) {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("HOOKWELL_URL", address + "/h/" + TestCaptures.HOOK_ID);
    return environment;
  }

  @Test
  void aServerThatCannotBeReachedIsNamedWithWhatToCheck() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String address = "http://127.0.0.1:" + free;
    assertFails(
        1,
        List.of("can't reach " + address + ": ", "is it running, and is this its address?"),
        at(address),
        "list");
    assertFails(1, List.of("is it right"), at("http://no.such.host.invalid"), "list");
  }

  @Test
  void aServerWithoutTlsIsSaidToHaveNone() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = plain.accept()) {
              // Reads first, as an HTTP server does: the JDK's client may miss a response that
              // comes before.
              socket.getInputStream().read();
              socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
              socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      assertFails(
          1,
          List.of("it doesn't speak TLS there: use http://"),
          at("https://127.0.0.1:" + plain.getLocalPort()),
          "list");
    }
  }

  @Test
  void aCursorThatCannotBeKeptSaysWhyInWords() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this system has no /proc");
    assertFails(
        1,
        List.of(
            "can't keep the cursor in /proc/none/a.cursor (its folder can't be made)",
            "give another file with --cursor"),
        server.environment(),
        "listen",
        "--cursor",
        "/proc/none/a.cursor");
  }

  /** A hook whose key could not be saved would be lost. */
  @Test
  void aFileThatCannotBeMadeKeepsTheHookFromBeingMade() {
    AtomicInteger calls = new AtomicInteger();
    server.answerFirst(_ -> {
      calls.incrementAndGet();
      return Optional.empty();
    });

    assertFails(
        1,
        List.of("can't write none/hook.env: its folder is not there; make it"),
        Map.of(),
        "new",
        "--server",
        server.address(),
        "--save",
        "none/hook.env");
    assertEquals(0, calls.get());
  }

  @Test
  void aFileThatIsThereIsKeptAndAnEmptyOneIsSaidToBe() throws IOException {
    for (String text : List.of("HOOKWELL_KEY=another", "")) {
      Path file = Files.writeString(folder.resolve("hook.env"), text);
      assertFails(
          2,
          List.of(
              "hook.env is there already",
              text.isEmpty() ? "an interrupted call leaves it: remove it" : "another hook's key"),
          Map.of(),
          "new",
          "--server",
          server.address(),
          "--save",
          "hook.env");
      assertEquals(text, Files.readString(file));
    }
  }

  @Test
  void aTimeThatTheServerRefusesNamesTheOption() {
    server.answerFirst(_ ->
        Optional.of(
            new CaptureServer.Answer(
                400,
                """
                {"type":"urn:hookwell:problem:bad-parameter","title":"A parameter is wrong",\
                "status":400,"detail":"It must be from PT1M to PT26280H.","parameter":"expiresIn"}\
                """)));

    assertFails(
        2,
        List.of("hookwell: --expires-in: It must be from 1m to 1095d."),
        Map.of(),
        "new",
        "--server",
        server.address(),
        "--expires-in",
        "5s",
        "--save",
        "hook.env");
    assertFalse(Files.exists(folder.resolve("hook.env")));
  }

  @Test
  void aHookFileMayBeWhatAShellSets() throws IOException {
    String url = server.address() + "/h/" + TestCaptures.HOOK_ID;
    String api = server.address() + "/api/hooks/" + TestCaptures.HOOK_ID;
    for (String text :
        List.of(
            "HOOKWELL_API=" + api + "\nHOOKWELL_KEY=" + KEY,
            "HOOKWELL_URL=\"" + url + "\"\r\nHOOKWELL_KEY='" + KEY + "'\r\n",
            "export HOOKWELL_API=" + api + "\nexport HOOKWELL_KEY=\"" + KEY + "\"",
            "# the page's line\nexport HOOKWELL_API=" + api + " HOOKWELL_KEY=" + KEY + "\n",
            "$env:HOOKWELL_API = '" + api + "'; $env:HOOKWELL_KEY = '" + KEY + "'",
            "set HOOKWELL_API=" + api + "\r\nset \"HOOKWELL_KEY=" + KEY + "\"\r\n")) {
      Files.writeString(folder.resolve("hook.env"), text);

      ClientRun.Ended ended = client(Map.of()).run("list", "--hook-file", "hook.env");

      assertEquals(0, ended.code(), text + "\n" + ended.err());
    }
    Files.writeString(folder.resolve("hook.env"), "# HOOKWELL_API=" + api);
    assertEquals(2, client(Map.of()).run("list", "--hook-file", "hook.env").code());
  }
}
