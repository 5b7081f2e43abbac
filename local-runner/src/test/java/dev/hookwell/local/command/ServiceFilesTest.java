package dev.hookwell.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files that run Hookwell as a service: the image, its compose files, the unit of systemd. */
final class ServiceFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DISTRIBUTION = ROOT.resolve("distribution/src/main");
  private static final Pattern SETTING = Pattern.compile("\\bHOOKWELL_[A-Z_]+");

  @TempDir private Path folder;

  @Test
  void theImageIsNotRootsAndStopsInOrder() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("Containerfile"));

    assertTrue(lines.contains("USER 10001:10001"));
    assertTrue(lines.contains("VOLUME /data"));
    assertTrue(lines.contains("STOPSIGNAL SIGTERM"));
    assertTrue(lines.contains("ENTRYPOINT [\"/opt/hookwell/start\"]"));
    assertTrue(
        lines.stream()
            .anyMatch(line ->
                line.startsWith("HEALTHCHECK ")
                    && line.endsWith("CMD [\"/opt/hookwell/run\", \"health\"]")));
    String start = Files.readString(DISTRIBUTION.resolve("container/start"));
    assertTrue(start.endsWith("exec /opt/hookwell/run \"$@\"\n"), start);
  }

  /** With the image's settings a start is not refused, once the key is made. */
  @Test
  void theImagesSettingsAreSafe() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("Containerfile"))) {
      if (line.startsWith("ENV ")) {
        for (String pair : line.substring("ENV ".length()).split(" ", -1)) {
          environment.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
        }
      }
    }
    environment.put("HOOKWELL_CREATION_KEY", "0".repeat(64));
    Path defaultData = Path.of("unused");

    RunnerCommand.Start start =
        (RunnerCommand.Start) RunnerCommand.parse(List.of(), defaultData, environment);
    assertEquals(Path.of("/data"), start.data());
    assertTrue(start.logToConsole());
    assertTrue(start.reach().addresses().isEvery());
    assertEquals("http://localhost:8080", start.reach().url(start.port()));
    environment.remove("HOOKWELL_CREATION_KEY");
    assertTrue(
        RunnerCommand.parse(List.of(), defaultData, environment) instanceof RunnerCommand.Wrong);
  }

  @Test
  void composeGivesItItsDataAndLittleElse() throws IOException {
    Map<?, ?> service = service("compose.yaml", "hookwell");

    assertEquals(true, service.get("read_only"));
    assertEquals(true, service.get("init"));
    assertEquals(List.of("ALL"), service.get("cap_drop"));
    assertEquals(List.of("no-new-privileges:true"), service.get("security_opt"));
    assertEquals(List.of("127.0.0.1:8080:8080"), service.get("ports"));
    assertEquals(List.of("hookwell:/data"), service.get("volumes"));
    assertFalse(service.containsKey("user"), "the image's own");
  }

  @Test
  void theDatabasesComposeFileGivesItsUrlByTheEnvironment() throws IOException {
    Map<?, ?> service = service("compose.cockroachdb.yaml", "hookwell");
    Map<?, ?> database = service("compose.cockroachdb.yaml", "cockroachdb");

    Map<?, ?> environment = map(service, "environment");
    Map<String, String> variables = new HashMap<>();
    environment.forEach((name, value) -> variables.put(name.toString(), value.toString()));
    RunnerCommand.Start start =
        (RunnerCommand.Start) RunnerCommand.parse(List.of(), Path.of("unused"), variables);
    assertTrue(start.allowWeakTls());
    assertTrue(
        start.database().orElseThrow().url().startsWith("postgresql://root@cockroachdb:26257/"));
    assertFalse(database.containsKey("ports"), "nothing but Hookwell reaches it");
  }

  /** A setting of a wrong name would be passed over in silence. */
  @Test
  void everySettingIsOneThatIsRead() throws IOException {
    Set<String> known = new TreeSet<>(Set.of("HOOKWELL_CREATION_KEY", "HOOKWELL_HEAP"));
    for (RunnerOption option : RunnerOption.values()) {
      known.add(option.variable());
    }
    RunnerCommand.SETTINGS.forEach(setting -> known.add("HOOKWELL_" + setting));

    for (Path file :
        List.of(
            ROOT.resolve("Containerfile"),
            ROOT.resolve("compose.yaml"),
            ROOT.resolve("compose.cockroachdb.yaml"),
            ROOT.resolve("docs/selfhosting.md"),
            DISTRIBUTION.resolve("container/start"),
            DISTRIBUTION.resolve("dist/run"),
            DISTRIBUTION.resolve("dist/hookwell.service"))) {
      Matcher names = SETTING.matcher(Files.readString(file));
      while (names.find()) {
        String name = names.group();
        assertTrue(known.contains(name) || name.equals("HOOKWELL_"), file + ": " + name);
      }
    }
  }

  @Test
  void systemdTakesTheUnit() throws Exception {
    Path verifier = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(verifier), "systemd-analyze is not installed");
    // The programs and the user that it names need not be here.
    Path unit =
        Files.writeString(
            folder.resolve("hookwell.service"),
            Files.readString(DISTRIBUTION.resolve("dist/hookwell.service"))
                .replace("/opt/hookwell/run", "/bin/true"));
    Process process =
        new ProcessBuilder(verifier.toString(), "verify", "--man=no", unit.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();

    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(folder.resolve("output"));
    assertEquals(
        List.of(), said.lines().filter(line -> line.contains("hookwell.service")).toList());
    assertEquals(0, process.exitValue(), said);
  }

  private static Map<?, ?> service(String file, String name) throws IOException {
    Load load = new Load(LoadSettings.builder().build());
    Map<?, ?> root = (Map<?, ?>) load.loadFromString(Files.readString(ROOT.resolve(file)));
    return map(map(Objects.requireNonNull(root), "services"), name);
  }

  private static Map<?, ?> map(Map<?, ?> parent, String name) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(name), name);
  }
}
