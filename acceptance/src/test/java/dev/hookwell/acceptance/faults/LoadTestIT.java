package dev.hookwell.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.local.LocalSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load test, as its user starts it, and its own tests. Needs Node.js. */
@Tag("long")
final class LoadTestIT {
  @TempDir private Path folder;

  @BeforeAll
  static void needsNode() {
    assumeTrue(
        run("sh", "-c", "command -v node && command -v npm").status() == 0,
        "Hookwell: the load test was not tried, since there is no Node.js");
  }

  @Test
  void aSystemUnderLoadIsFoundClean() throws IOException {
    LocalSystem.Settings settings =
        new LocalSystem.Settings(
            0, folder.resolve("data"), Optional.empty(), false, false, Map.of());
    Finished finished;
    try (LocalSystem system = LocalSystem.start(settings)) {
      finished =
          load(
              "--url",
              system.address().toString().replaceAll("/$", ""),
              "--duration",
              "2",
              "--warm-up",
              "0",
              "--report",
              folder.resolve("report").toString());
    }
    assertEquals(0, finished.status(), finished.output());
    assertEquals(6, finished.output().split("audit: clean", -1).length - 1, finished.output());
    JsonNode report = new ObjectMapper().readTree(folder.resolve("report/report.json").toFile());
    assertEquals(6, report.get("results").size());
    assertEquals(1000, report.at("/results/0/result/attempts").asInt());
    assertTrue(report.at("/results/5/lag/p99").isNumber(), "the lag is measured");
    String page = Files.readString(folder.resolve("report/report.html"));
    assertEquals(18, page.split("<svg", -1).length - 1);
  }

  @Test
  void itsOwnTestsPass() {
    load("--help");
    Finished finished = run("npm", "test", "--silent", "--prefix", "../loadtest");
    assertEquals(0, finished.status(), finished.output());
  }

  private record Finished(int status, String output) {}

  private static Finished load(String... arguments) {
    List<String> command = new ArrayList<>(List.of("../loadtest/run"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static Finished run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Finished(process.waitFor(), output);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
