package dev.hookwell.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.TestCaptures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong command line gets one clear line and exit code 2. Nothing is connected to. */
final class HookwellTest {
  private static final String KEY = "k".repeat(43);
  private static final String URL = "http://127.0.0.1:9/h/" + TestCaptures.HOOK_ID;

  @TempDir private Path folder;

  private ClientRun.Ended run(Map<String, String> environment, String... arguments) {
    return client(environment).run(arguments);
  }

  private ClientRun client(Map<String, String> environment) {
    return new ClientRun(
        environment,
        folder,
        Clock.fixed(Instant.parse("2026-11-24T10:00:00Z"), ZoneOffset.UTC),
        _ -> {});
  }

  private Path stateFolder(Map<String, String> environment, String system) {
    OutputStream none = OutputStream.nullOutputStream();
    return client(environment).surroundings(system, none, none).stateFolder();
  }

  private void assertMisused(String said, Map<String, String> environment, String... arguments) {
    ClientRun.Ended ran = run(environment, arguments);

    assertEquals(2, ran.code(), ran.err());
    assertEquals("", ran.out());
    assertTrue(ran.err().contains(said), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertFalse(ran.err().contains("\tat "), ran.err());
  }

  private static Map<String, String> known() {
    return Map.of("HOOKWELL_URL", URL, "HOOKWELL_KEY", KEY);
  }

  @Test
  void aWrongPortOrTargetIsSaid() {
    assertMisused("a port is a number from 1 to 65535, not 0", known(), "listen", "0");
    assertMisused("not 65536", known(), "listen", "65536");
    assertMisused("is neither http nor https", known(), "listen", "ftp://localhost");
    assertMisused("takes no query", known(), "listen", "http://localhost/?a");
    assertMisused("a path begins with /", known(), "listen", "3000", "--path", "hooks");
  }

  @Test
  void anOptionsWrongValueIsSaid() {
    assertMisused("is no duration", known(), "listen", "3000", "--timeout", "soon");
    assertMisused("--timeout is more than nothing", known(), "listen", "3000", "--timeout", "0s");
    assertMisused("at most 1h", known(), "listen", "3000", "--timeout", "61m");
    assertMisused("from 1 to 64", known(), "listen", "3000", "--concurrency", "65");
    assertMisused("from 1 to 64", known(), "listen", "3000", "--concurrency", "0");
    assertMisused("'-1' is no number", known(), "listen", "3000", "--concurrency", "-1");
    assertMisused("--from is a capture's number", known(), "listen", "3000", "--from", "0");
    assertMisused("not both", known(), "listen", "3000", "--from", "1", "--since", "1h");
    assertMisused("not both", known(), "listen", "3000", "-k", "--cacert", "x");
    assertMisused("there is no such file", known(), "listen", "3000", "--cacert", "x");
    assertMisused("is no condition", known(), "wait", "--match", "body=x");
    assertMisused("is no header", known(), "listen", "3000", "-H", "no colon");
    assertMisused("no capture is named 'first'", known(), "show", "first");
    assertMisused("no capture is named '0'", known(), "replay", "0", "--to", "3000");
    assertMisused("--to", known(), "replay", "1");
    assertMisused("there is no filter methd", known(), "wait", "--match", "methd:POST");
    assertMisused("Unknown option: '--bogus'", known(), "list", "--bogus");
    assertMisused("listne", known(), "listne", "3000");
    assertMisused("'list'", known(), "--", "list");
  }

  @Test
  void whatIsForDeliveriesNeedsATarget() {
    for (List<String> option :
        List.of(
            List.of("--path", "foo"),
            List.of("--path", "/foo"),
            List.of("-H", "a: b"),
            List.of("--timeout", "30s"),
            List.of("-k"),
            List.of("--cacert", "x"))) {
      String[] listen = Stream.concat(Stream.of("listen"), option.stream()).toArray(String[]::new);
      assertMisused("give a PORT or URL to deliver to", known(), listen);
    }
  }

  @Test
  void aSpanOfCapturesThatIsNoneIsSaid() {
    assertMisused("give the lower first", known(), "replay", "3-1", "--to", "3000");
    assertMisused("no capture is named '0-3'", known(), "replay", "0-3", "--to", "3000");
    assertMisused("no capture is named '1-'", known(), "replay", "1-", "--to", "3000");
    assertMisused("which captures?", known(), "replay", "--to", "3000");
    assertMisused("which captures?", known(), "replay", "1", "--from", "2", "--to", "3000");
    assertMisused("not both", known(), "replay", "--from", "2", "--since", "1h", "--to", "3000");
  }

  @Test
  void aMissingOrWrongHookOrKeyIsSaidAndNeverShown() {
    assertMisused("which hook?", Map.of(), "list");
    assertMisused("which hook?", Map.of("HOOKWELL_URL", " "), "list");
    assertMisused(
        "no hook's address: https://a.example/",
        Map.of("HOOKWELL_API", "https://a.example/"),
        "list");
    assertMisused("no key: set HOOKWELL_KEY", Map.of("HOOKWELL_URL", URL), "list");
    assertMisused("a key has 43", Map.of("HOOKWELL_URL", URL, "HOOKWELL_KEY", KEY + "x"), "list");
    String shared = "http://127.0.0.1:9/#/short/" + KEY;
    ClientRun.Ended ran = run(Map.of(), "list", "--hook", shared);
    assertEquals(2, ran.code());
    assertFalse(ran.err().contains(KEY), ran.err());
  }

  @Test
  void aScriptsWrongWordsAreSaid() throws IOException {
    Files.write(folder.resolve("long.json"), new byte[32 * 1024 + 1]);
    assertMisused("'50' is no step: a status", known(), "respond", "50");
    assertMisused("'503x' is no step", known(), "respond", "503x", "200");
    assertMisused("'503xsoon' is no step", known(), "respond", "503xsoon", "200");
    assertMisused("'200+' is no step", known(), "respond", "200+");
    assertMisused("what comes after 503x3?", known(), "respond", "503x3");
    assertMisused("200 goes on for ever", known(), "respond", "200", "503x3", "200");
    assertMisused("--header comes after the step", known(), "respond", "-H", "a: b", "200");
    assertMisused("--body comes after the step", known(), "respond", "--body", "x", "200");
    assertMisused("has a body already", known(), "respond", "200", "--body=x", "--body", "y");
    assertMisused("is no header", known(), "respond", "200", "-H", "none");
    assertMisused("TEXT is missing at the end", known(), "respond", "200", "--body");
    assertMisused("one of show, clear and restart", known(), "respond", "show", "200");
    assertMisused("one of show, clear and restart", known(), "respond", "200", "clear");
    assertMisused("not both", known(), "respond", "200", "--file", "x");
    assertMisused("there is no such file", known(), "respond", "--file", "x");
    assertMisused("which is 32 KiB", known(), "respond", "--file", "long.json");
    assertMisused("goes with steps", known(), "respond", "--handshakes", "off");
    assertMisused("on, off or strava", known(), "respond", "200", "--handshakes", "no");
    assertMisused("no key: set HOOKWELL_OWNER_KEY", Map.of("HOOKWELL_URL", URL), "respond", "200");
  }

  @Test
  void aFileForAHookIsReadOrSaidToBeNone() throws IOException {
    Files.writeString(folder.resolve("empty"), "");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rw-------"));
    Files.write(folder.resolve("long"), new byte[64 * 1024 + 1]);
    Files.writeString(folder.resolve("nokey"), "HOOKWELL_URL=" + URL + "\n");

    assertMisused("there is no such file", Map.of(), "list", "--hook-file", "none");
    assertMisused("holds no text", Map.of(), "list", "--hook-file", "binary");
    assertMisused("is too long", Map.of(), "list", "--key-file", "long", "--hook", URL);
    for (String file : List.of("empty", "nokey")) {
      ClientRun.Ended ran = run(known(), "list", "--hook-file", file);
      // Others can read it, so there is a warning, too.
      assertTrue(ran.err().contains("others can read"), ran.err());
    }
    assertEquals(2, run(known(), "list", "--hook-file", "empty").code());
  }

  @Test
  void withoutACommandItSaysWhatThereIs() {
    ClientRun.Ended ran = run(Map.of());

    assertEquals(2, ran.code());
    for (String command :
        List.of("listen", "replay", "wait", "list", "show", "export", "respond", "new")) {
      assertTrue(ran.err().contains("\n  " + command + " "), command + ran.err());
    }
    assertEquals(0, run(Map.of(), "--help").code());
    assertEquals("hookwell development\n", run(Map.of(), "--version").out());
  }

  @Test
  void theStateFolderIsWhereTheSystemHasIt() {
    Path home = folder.resolve("home");
    assertEquals(
        home.resolve(".local/state/hookwell"),
        stateFolder(Map.of("XDG_STATE_HOME", "relative"), "Linux"));
    assertEquals(
        Path.of("/state/hookwell"), stateFolder(Map.of("XDG_STATE_HOME", "/state"), "Linux"));
    assertEquals(
        home.resolve("Library/Application Support/hookwell"), stateFolder(Map.of(), "Mac OS X"));
    assertEquals(
        Path.of("/local/hookwell"), stateFolder(Map.of("LOCALAPPDATA", "/local"), "Windows 11"));
    assertEquals(home.resolve("AppData/Local/hookwell"), stateFolder(Map.of(), "Windows 11"));
  }

  @Test
  void durationsAreWrittenAsPeopleWriteThem() {
    Map.of(
            "250ms",
            250L,
            "30s",
            30_000L,
            "5m",
            300_000L,
            "2h",
            7_200_000L,
            "7d",
            604_800_000L,
            "PT1M30S",
            90_000L)
        .forEach((text, millis) -> assertEquals(millis, Values.duration(text).toMillis(), text));
  }
}
