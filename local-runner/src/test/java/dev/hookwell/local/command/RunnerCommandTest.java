package dev.hookwell.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Shows;
import dev.hookwell.local.gateway.TrustedProxies;
import dev.hookwell.local.machine.ListenAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunnerCommandTest {
  private static final Path DATA = Path.of("data");
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String NEEDED =
      "check needs HOOKWELL_DATABASE_URL, --database-url-file or --database-url";

  private static final RunnerCommand.Start DEFAULTS =
      new RunnerCommand.Start(
          8080,
          DATA,
          Optional.empty(),
          false,
          false,
          List.of(),
          Reach.loopback(),
          false,
          Optional.empty(),
          Map.of());

  private static final Path PAGE = Path.of("../web/src/main/page");

  @TempDir private Path folder;

  @Test
  void aComplaintNamesEachSettingByItsVariable() {
    assertEquals(
        "HOOKWELL_HOOK_LIFETIME must not exceed HOOKWELL_HOOK_MAX_LIFETIME",
        RunnerCommand.asSetHere("HOOK_LIFETIME must not exceed HOOK_MAX_LIFETIME"));
    assertEquals(
        "HOOKWELL_SEARCH: no RESEARCH, no SEARCH_X",
        RunnerCommand.asSetHere("SEARCH: no RESEARCH, no SEARCH_X"));
  }

  @Test
  void withoutOptionsItStartsOnPort8080() {
    assertEquals(DEFAULTS, parse());
  }

  @Test
  void everyOptionIsTakenInBothSpellings() {
    RunnerCommand expected =
        new RunnerCommand.Start(
            9000,
            Path.of("/x"),
            Optional.of(new GivenDatabase("postgresql://h/d?sslmode=disable", "--database-url")),
            true,
            true,
            List.of("http://a.example", "https://b:1"),
            Reach.loopback(),
            true,
            Optional.of(PAGE),
            Map.of());

    assertEquals(
        expected,
        parse(
            "--port",
            "9000",
            "--data",
            "/x",
            "--edge",
            "--allow-weak-tls",
            "--allow-origin",
            "http://a.example",
            "--database-url",
            "postgresql://h/d?sslmode=disable",
            "--allow-origin",
            "https://b:1",
            "--log",
            "-",
            "--page",
            PAGE.toString()));
    assertEquals(
        expected,
        parse(
            "--port=9000",
            "--data=/x",
            "--edge",
            "--allow-weak-tls",
            "--log=-",
            "--page=" + PAGE,
            "--allow-origin=http://a.example",
            "--allow-origin=https://b:1",
            "--database-url=postgresql://h/d?sslmode=disable"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:hunter2@h:26257/d",
        "postgresql://u:hun@ter2@h/d",
        "postgresql://u:hun/ter2@h/d?sslmode=disable",
        "postgresql://u:hun?ter2@h/d",
        "postgres://u:hunter2@h/d",
        "u:hunter2@h/d",
        "postgresql://u@h/d?password=hunter2",
        "postgresql://u@h/d?sslpassword=hunter2",
        "postgresql://u@h/d?SSLPassword=hunter2"
      })
  @Shows("S41")
  void aPasswordOnTheCommandLineIsRefused(String url) {
    RunnerCommand.Wrong refused =
        new RunnerCommand.Wrong(
            "--database-url must not hold a password, which everybody on this machine could read:"
                + " give the URL by the variable HOOKWELL_DATABASE_URL or by --database-url-file");

    assertEquals(refused, parse("--database-url", url));
    assertEquals(refused, parse("--database-url=" + url));
    assertEquals(refused, parse("check", "--database-url", url));
  }

  @Test
  void aUrlWithoutAPasswordIsTaken() {
    for (String url :
        List.of(
            "postgresql://u@h:26257/d?sslmode=verify-full",
            "postgresql://u:@[::1]:5432/d",
            "postgresql://u@h/d?application_name=a:b")) {
      assertEquals(
          new GivenDatabase(url, "--database-url"), database(parse("--database-url", url)));
    }
  }

  @Test
  @Shows("S42")
  void aFileGivesTheUrlThatNoOtherUserCanRead() throws IOException {
    String url = "postgresql://u:hunter2@h/d";
    Path file = Files.writeString(folder.resolve("url"), " " + url + "\n");
    for (String open : List.of("rw-r--r--", "rw----r--", "rw-----w-", "rw------x")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
      assertEquals(
          new RunnerCommand.Wrong(
              "others on this machine can read or change the file of --database-url-file: take that"
                  + " from them (chmod o= "
                  + file
                  + ")"),
          parse("--database-url-file", file.toString()));
    }
    for (String closed : List.of("rw-------", "rw-r-----", "r--------")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(closed));
      assertEquals(
          new GivenDatabase(url, "--database-url-file"),
          database(parse("--database-url-file=" + file)));
      assertEquals(
          new RunnerCommand.Check(new GivenDatabase(url, "--database-url-file"), false),
          parse("check", "--database-url-file", file.toString()));
    }
  }

  @Test
  void aFileThatHoldsNoUrlIsRefusedWithoutShowingIt() throws IOException {
    Path missing = folder.resolve("missing");
    assertEquals(
        new RunnerCommand.Wrong("the file of --database-url-file cannot be read: " + missing),
        parse("--database-url-file", missing.toString()));
    Path file = folder.resolve("other");
    for (String text : List.of("", "\n", "postgresql://u@h/d\nmore", "x".repeat(16_385))) {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertEquals(
          new RunnerCommand.Wrong(
              "the file of --database-url-file does not hold a URL and nothing else: " + file),
          parse("--database-url-file", file.toString()));
    }
    Files.writeString(file, "x".repeat(16_384));
    assertEquals("x".repeat(16_384), database(parse("--database-url-file=" + file)).url());
  }

  @Test
  @Shows("S42")
  void theEnvironmentGivesTheUrlByOurOwnNameOnly() {
    String url = "postgresql://u:hunter2@h/d";
    Map<String, String> ours = Map.of("HOOKWELL_DATABASE_URL", url);

    assertEquals(
        new GivenDatabase(url, "HOOKWELL_DATABASE_URL"),
        database(RunnerCommand.parse(List.of(), DATA, ours)));
    assertEquals(
        new RunnerCommand.Check(new GivenDatabase(url, "HOOKWELL_DATABASE_URL"), false),
        RunnerCommand.parse(List.of("check"), DATA, ours));
    assertEquals(
        new GivenDatabase("postgresql://u@h/e", "--database-url"),
        database(RunnerCommand.parse(List.of("--database-url", "postgresql://u@h/e"), DATA, ours)));
    assertEquals(
        DEFAULTS,
        RunnerCommand.parse(
            List.of(),
            DATA,
            Map.of("DATABASE_URL", url, "DATABASE_SECRET", "s", "HOOKWELL_DATABASE_URL", " ")));
    assertEquals(
        new RunnerCommand.Wrong(NEEDED),
        RunnerCommand.parse(List.of("check"), DATA, Map.of("DATABASE_URL", url)));
  }

  @Test
  void everyOptionIsAVariableThatTheOptionGoesBefore() {
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("HOOKWELL_PORT", "9000"),
            Map.entry("HOOKWELL_HOST", "127.0.0.2, ::1"),
            Map.entry("HOOKWELL_PUBLIC_URL", "https://hooks.example.com"),
            Map.entry("HOOKWELL_TRUSTED_PROXY", "127.0.0.1,10.0.0.0/8"),
            Map.entry("HOOKWELL_CREATION_KEY", KEY),
            Map.entry("HOOKWELL_ALLOW_HTTP", "false"),
            Map.entry("HOOKWELL_METRICS_PORT", "9100"),
            Map.entry("HOOKWELL_DATA", "/x"),
            Map.entry("HOOKWELL_LOG", "-"),
            Map.entry("HOOKWELL_ALLOW_WEAK_TLS", "true"),
            Map.entry("HOOKWELL_ALLOW_ORIGIN", "http://a.example,https://b:1"),
            Map.entry("HOOKWELL_EDGE", "true"),
            Map.entry("HOOKWELL_PAGE", PAGE.toString()),
            Map.entry("HOOKWELL_QUOTA_CAPTURES", "5"),
            Map.entry("QUOTA_BYTES", "6"),
            Map.entry("PORT", "1"));
    Reach reach =
        new Reach(
            ListenAddresses.parse(List.of("127.0.0.2", "::1")),
            Optional.of("https://hooks.example.com"),
            TrustedProxies.parse(List.of("127.0.0.1", "10.0.0.0/8")),
            Optional.of(KEY),
            Optional.of(9100));

    assertEquals(
        new RunnerCommand.Start(
            9000,
            Path.of("/x"),
            Optional.empty(),
            true,
            true,
            List.of("http://a.example", "https://b:1"),
            reach,
            true,
            Optional.of(PAGE),
            Map.of("QUOTA_CAPTURES", "5")),
        RunnerCommand.parse(List.of(), DATA, environment));
    assertEquals(
        new RunnerCommand.Redrive(Path.of("/x")),
        RunnerCommand.parse(List.of("redrive"), DATA, environment));
    assertEquals(
        new RunnerCommand.Health("http://127.0.0.2:9000"),
        RunnerCommand.parse(List.of("health"), DATA, environment));
    assertEquals(
        new RunnerCommand.Health("http://127.0.0.1:7"),
        RunnerCommand.parse(List.of("health", "--port=7", "--host=0.0.0.0"), DATA, environment));
  }

  @Test
  void aWrongVariableIsNamed() {
    assertEquals(
        new RunnerCommand.Wrong("HOOKWELL_PORT must be a number from 0 to 65535"),
        RunnerCommand.parse(List.of(), DATA, Map.of("HOOKWELL_PORT", "x")));
    assertEquals(
        new RunnerCommand.Wrong("HOOKWELL_EDGE must be true or false"),
        RunnerCommand.parse(List.of(), DATA, Map.of("HOOKWELL_EDGE", "1")));
  }

  @Test
  void aFolderWithoutAPageIsRefused() throws IOException {
    for (String missing : List.of("index.html", "terms.html")) {
      assertEquals(
          new RunnerCommand.Wrong(
              "--page must be a folder of the page's sources: there is no "
                  + folder.resolve(missing)),
          parse("--page", folder.toString()));
      Files.createFile(folder.resolve(missing));
    }
    RunnerCommand.Start start = (RunnerCommand.Start) parse("--page", folder.toString());
    assertEquals(Optional.of(folder), start.page());
  }

  @Test
  void theUrlIsGivenOnce() {
    assertEquals(
        new RunnerCommand.Wrong("the database's URL is given twice"),
        parse("--database-url=postgresql://u@h/d", "--database-url=postgresql://u@h/d"));
  }

  @Test
  void theUrlIsNotShownInText() {
    assertEquals(
        "GivenDatabase[--database-url]",
        database(parse("--database-url=postgresql://u@h/d")).toString());
  }

  @Test
  void checkTakesADatabaseAndNothingElse() {
    assertEquals(
        new RunnerCommand.Check(new GivenDatabase("postgresql://u@h/d", "--database-url"), false),
        parse("check", "--database-url", "postgresql://u@h/d"));
    assertEquals(
        new RunnerCommand.Check(new GivenDatabase("postgresql://u@h/d", "--database-url"), true),
        parse("check", "--database-url=postgresql://u@h/d", "--allow-weak-tls"));
    assertEquals(new RunnerCommand.Help(), parse("check", "--help"));
    assertEquals(new RunnerCommand.Wrong(NEEDED), parse("check"));
    assertEquals(new RunnerCommand.Wrong("check does not take --port"), parse("check", "--port=0"));
    assertEquals(new RunnerCommand.Wrong("check does not take --edge"), parse("check", "--edge"));
    assertEquals(
        new RunnerCommand.Wrong("check does not take --allow-origin"),
        parse("check", "--allow-origin=http://a"));
    assertEquals(new RunnerCommand.Wrong("unknown option check"), parse("--edge", "check"));
  }

  @Test
  void redriveTakesAFolderAndNothingElse() {
    assertEquals(new RunnerCommand.Redrive(DATA), parse("redrive"));
    assertEquals(new RunnerCommand.Redrive(Path.of("/x")), parse("redrive", "--data", "/x"));
    assertEquals(new RunnerCommand.Help(), parse("redrive", "--help"));
    assertEquals(
        new RunnerCommand.Wrong("redrive does not take --port"), parse("redrive", "--port=0"));
    assertEquals(new RunnerCommand.Wrong("unknown option x"), parse("redrive", "x"));
  }

  @Test
  void theGuideHasARowForEverySetting() throws IOException {
    String guide = Files.readString(Path.of("../docs/selfhosting.md"));
    for (String setting : RunnerCommand.SETTINGS) {
      assertTrue(guide.contains("\n| `HOOKWELL_" + setting + "` |"), setting);
    }
  }

  @Test
  void helpNamesEveryOption() {
    assertEquals(new RunnerCommand.Help(), parse("--port", "1", "--help"));
    for (String option : List.of("check", "redrive", "health", "HOOKWELL_CREATION_KEY", "--help")) {
      assertTrue(RunnerCommand.HELP.contains(option), option);
    }
    for (RunnerOption option : RunnerOption.values()) {
      assertTrue(RunnerCommand.HELP.contains("  " + option.flag() + " "), option.flag());
    }
    for (String setting : RunnerCommand.SETTINGS) {
      assertTrue(RunnerCommand.HELP.contains("_" + setting), setting);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--prot, unknown option --prot",
    "8080, unknown option 8080",
    "--port, --port needs a value",
    "--port --data x, --port needs a value",
    "--database-url, --database-url needs a value",
    "--database-url-file=, --database-url-file needs a value",
    "--data=, --data needs a value",
    "--port=x, --port must be a number from 0 to 65535",
    "--port=65536, --port must be a number from 0 to 65535",
    "--allow-origin=null, '--allow-origin must be an origin, as http://localhost:3000'",
    "--allow-origin=http://a/, '--allow-origin must be an origin, as http://localhost:3000'",
    "--metrics-port=65536, --metrics-port must be a number from 0 to 65535",
    "--log=x, '--log takes - alone, for standard output'",
    "--port=-1, --port must be a number from 0 to 65535"
  })
  void aWrongLineIsExplained(String line, String message) {
    assertEquals(new RunnerCommand.Wrong(message), parse(line.split(" ")));
  }

  private static GivenDatabase database(RunnerCommand command) {
    return switch (command) {
      case RunnerCommand.Start start -> start.database().orElseThrow();
      case RunnerCommand.Check check -> check.database();
      case RunnerCommand.Redrive _ -> throw new AssertionError("redrive");
      case RunnerCommand.Backup _ -> throw new AssertionError("backup");
      case RunnerCommand.Restore _ -> throw new AssertionError("restore");
      case RunnerCommand.Health _ -> throw new AssertionError("health");
      case RunnerCommand.Help _ -> throw new AssertionError("help");
      case RunnerCommand.Wrong wrong -> throw new AssertionError(wrong.message());
    };
  }

  private static RunnerCommand parse(String... arguments) {
    return RunnerCommand.parse(List.of(arguments), DATA, Map.of());
  }

  @Test
  void aBackupAndWhatItIsRestoredFromAreNamedFirst() {
    assertEquals(
        new RunnerCommand.Backup(Path.of("d"), Path.of("f"), false),
        parse("backup", "f", "--data", "d"));
    assertEquals(new RunnerCommand.Restore(DATA, Path.of("f")), parse("restore", "f"));
    assertEquals(
        new RunnerCommand.Backup(DATA, Path.of("f"), true),
        RunnerCommand.parse(
            List.of("backup", "f"), DATA, Map.of("HOOKWELL_DATABASE_URL", "postgresql://u:p@h/e")));
    assertEquals(new RunnerCommand.Help(), parse("backup", "--help"));
    for (String command : List.of("backup", "restore")) {
      assertEquals(
          new RunnerCommand.Wrong(command + " needs a file: ./run " + command + " FILE"),
          parse(command));
      assertEquals(
          new RunnerCommand.Wrong(command + " does not take --port"),
          parse(command, "f", "--port", "1"));
    }
  }
}
