package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the very lines of the README and of docs/api.md in a shell, against a running system. */
final class ReadmeIT {
  private static final Path ROOT = Path.of("..");
  private static final String ADDRESS = "http://127.0.0.1:8080";

  @TempDir static Path data;
  @TempDir Path folder;

  private static LocalSystem system;

  @BeforeAll
  static void start() {
    system = LocalSystem.start(Client.settings(data, 0));
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  void theLinesForCiCreateAHookAndWaitForARequest() throws Exception {
    List<String> lines =
        codeBlock(ROOT.resolve("README.md"), "curl -fsS -X POST -H 'Accept: text/plain'")
            .lines()
            .toList();
    Path environment = folder.resolve("github env");
    String later = "set -a; . \"$GITHUB_ENV\"; set +a\n";

    assertEquals(0, shell(lines.get(0), environment).exitCode());
    assertEquals(3, Files.readAllLines(environment).size());
    assertEquals(0, shell(later + "curl -fsS -d hello \"$HOOKWELL_URL\"", environment).exitCode());
    Ran waited = shell(later + lines.get(1), environment);

    assertEquals(0, waited.exitCode(), waited.output());
    assertTrue(waited.output().contains("\"bodySize\":5"), waited.output());
    assertEquals(2, lines.size());
  }

  @Test
  void theLineThatWaitsFailsWhenNothingCame() throws Exception {
    List<String> lines =
        codeBlock(ROOT.resolve("README.md"), "curl -fsS -X POST -H 'Accept: text/plain'")
            .lines()
            .toList();
    Path environment = folder.resolve("env");

    shell(lines.get(0), environment);
    Ran waited =
        shell(
            "set -a; . \"$GITHUB_ENV\"; set +a\n" + lines.get(1).replace("wait=20", "wait=1"),
            environment);

    assertNotEquals(0, waited.exitCode());
  }

  @Test
  void everyLineOfTheApisDescriptionRuns() throws Exception {
    String document = Files.readString(ROOT.resolve("docs/api.md"));
    String prepare =
        """
        answer=$(curl -fsS -X POST %s/api/hooks)
        value() { printf '%%s' "$answer" | sed "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/"; }
        HOOKWELL_URL=$(value url); HOOKWELL_API=$(value apiUrl)
        HOOKWELL_KEY=$(value viewKey); OWNER_KEY=$(value ownerKey)
        curl -fsS -d hello "$HOOKWELL_URL" >/dev/null
        curl -fsS -H "Authorization: Bearer $HOOKWELL_KEY" "$HOOKWELL_API/captures?after=0&wait=20" >/dev/null
        """
            .formatted(ADDRESS);
    StringBuilder script = new StringBuilder("set -e\ncd '" + folder + "'\n" + prepare);
    int calls = 0;
    Matcher blocks = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL).matcher(document);
    while (blocks.find()) {
      if (blocks.group(1).startsWith("curl")) {
        script.append(blocks.group(1));
        calls += blocks.group(1).lines().toList().size();
      }
    }

    Ran ran = shell(script.toString(), folder.resolve("env"));

    assertEquals(0, ran.exitCode(), ran.output());
    assertEquals(9, calls);
    assertEquals("hello", Files.readString(folder.resolve("body.bin")));
  }

  private record Ran(int exitCode, String output) {}

  private static Ran shell(String script, Path githubEnv) throws Exception {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", script.replace(ADDRESS, system.address().toString()))
            .redirectErrorStream(true);
    shell.environment().put("GITHUB_ENV", githubEnv.toString());
    Process process = shell.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }

  private static String codeBlock(Path file, String start) throws IOException {
    Matcher block =
        Pattern.compile("```sh\\n(" + Pattern.quote(start) + ".*?)```", Pattern.DOTALL)
            .matcher(Files.readString(file));
    assertTrue(block.find(), "no block that starts with " + start);
    return block.group(1);
  }
}
