package dev.hookwell.acceptance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the very lines of the README and of docs/api.md in a shell, against a running system, and
 * the fixtures of CONTRIBUTING.md.
 */
final class ReadmeIT {
  private static final Path ROOT = Path.of("..");
  private static final String ADDRESS = "http://127.0.0.1:8080";

  /** Lines to run, the status of their responses, and maybe a response. */
  private static final Pattern CALL =
      Pattern.compile(
          "```sh\\n(curl.*?\\n)```\\n\\n(\\d{3})[ :,][^\\n]*(?:\\n\\n```json\\n(.*?)```)?",
          Pattern.DOTALL);

  private static final Pattern FIXTURES =
      Pattern.compile("(\\d+) requests were sent.*\\nhttp\\S+/#/([^/\\s]+)/(\\S+)\\n");

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
  void everyCallOfTheApisDescriptionAnswersAsItSays() throws Exception {
    String document = Files.readString(ROOT.resolve("docs/api.md"));
    Set<String> called = new TreeSet<>();
    try (Client client = new Client(system.address())) {
      Client.Hook hook = client.createHook();
      client.postKept(hook, "text/plain", "hello".getBytes(StandardCharsets.UTF_8));
      client.await(hook, 1);
      String before =
          """
          cd '%s'
          HOOKWELL_API='%s' HOOKWELL_KEY='%s' OWNER_KEY='%s'
          """
                  .formatted(folder, hook.apiUrl(), hook.viewKey(), hook.ownerKey())
              + codeBlock(ROOT.resolve("docs/api.md"), "umask 077")
              + codeBlock(ROOT.resolve("docs/api.md"), "capture_key=");
      Matcher calls = CALL.matcher(document);
      while (calls.find()) {
        for (String line : calls.group(1).lines().toList()) {
          Ran ran =
              shell(
                  before + line.replaceFirst("curl ", "curl -w '\\\\n%{http_code}' "),
                  folder.resolve("env"));
          int end = ran.output().lastIndexOf('\n');
          assertEquals(calls.group(2), ran.output().substring(end + 1), line);
          if (calls.group(3) != null) {
            assertEquals(
                shape(Client.json(calls.group(3))),
                shape(Client.json(ran.output().substring(0, end))),
                line);
          }
          called.add(operation(line));
        }
      }
      assertEquals("hello", Files.readString(folder.resolve("body.bin")));
      assertEquals(operations(openApi(client)), called);
    }
    long blocks = document.lines().filter(line -> line.equals("```sh")).count();
    // One of them only names the variables, two write the files with the keys.
    assertEquals(blocks - 3, CALL.matcher(document).results().count());
  }

  @Test
  void theFixturesMakeAHookThatHoldsEachOfThem() throws Exception {
    assumeTrue(
        shell("node --version", folder.resolve("env")).exitCode() == 0,
        "Hookwell: the fixtures were not tried, since there is no Node.js");
    Ran ran = shell("../web/fixtures.mjs --url " + ADDRESS, folder.resolve("env"));
    Matcher told = FIXTURES.matcher(ran.output());
    assertTrue(told.find(), ran.output());
    assertEquals(0, ran.exitCode(), ran.output());
    int sent = Integer.parseInt(told.group(1));

    try (Client client = new Client(system.address())) {
      URI api = system.address().resolve("/api/hooks/" + told.group(2));
      Client.Hook hook = new Client.Hook(told.group(2), api, api, told.group(3), "");
      List<JsonNode> captures = client.await(hook, sent);

      assertEquals(sent, captures.size());
      assertTrue(sent >= 25, ran.output());
      assertEquals(Set.of("GET", "POST", "PUT", "DELETE", "HEAD"), texts(captures, "method"));
      assertEquals(Set.of("GitHub", "Slack", "Stripe"), texts(captures, "sender"));
      assertTrue(captures.stream().anyMatch(one -> one.get("bodySize").intValue() == 1 << 20));
      List<JsonNode> pushes =
          captures.stream().filter(one -> one.get("sender").asText().equals("GitHub")).toList();
      assertEquals(2, pushes.size());
      assertEquals(1, texts(pushes, "deliveryId").size(), "a redelivery");
    }
  }

  /** Which values a member has, where it is a text. */
  private static Set<String> texts(List<JsonNode> captures, String member) {
    Set<String> texts = new TreeSet<>();
    captures.stream()
        .map(capture -> capture.path(member))
        .filter(JsonNode::isTextual)
        .forEach(value -> texts.add(value.textValue()));
    return texts;
  }

  @Test
  void anAnswerWithOtherMembersOrKindsHasAnotherShape() {
    String shape = shape(Client.json("{\"a\":1,\"b\":[{\"c\":null}]}"));

    assertEquals(shape, shape(Client.json("{\"b\":[{\"c\":null},{\"c\":null}],\"a\":2}")));
    for (String other :
        List.of(
            "{\"a\":1}",
            "{\"a\":\"1\",\"b\":[{\"c\":null}]}",
            "{\"a\":1,\"b\":[{\"c\":1}]}",
            "{\"a\":1,\"b\":[{\"c\":null,\"d\":1}]}")) {
      assertNotEquals(shape, shape(Client.json(other)));
    }
  }

  /** Members and kinds of values, without the values. */
  private static String shape(JsonNode json) {
    if (json.isObject()) {
      TreeMap<String, String> members = new TreeMap<>();
      json.properties().forEach(member -> members.put(member.getKey(), shape(member.getValue())));
      return members.toString();
    }
    if (json.isArray()) {
      TreeSet<String> kinds = new TreeSet<>();
      json.forEach(item -> kinds.add(shape(item)));
      return kinds.toString();
    }
    return json.getNodeType().toString();
  }

  /** The operation of the API's document that a line calls. */
  private static String operation(String line) {
    Matcher method = Pattern.compile("-X (\\w+)| -d ").matcher(line);
    boolean reads = line.contains(" -G ") || !method.find();
    String name = reads ? "GET" : method.group(1) == null ? "POST" : method.group(1);
    String path =
        line.replaceFirst(".*[ \"](?=http:|\\$HOOKWELL_API)", "")
            .replace(ADDRESS, "")
            .replace("$HOOKWELL_API", "/api/hooks/{hook}")
            .replaceFirst("[?\"].*", "")
            .replaceFirst("/captures/\\w+", "/captures/{ref}");
    return name + " " + path;
  }

  private static String openApi(Client client) {
    return client
        .send(HttpRequest.newBuilder(system.address().resolve("/api/openapi.json")))
        .body();
  }

  private static Set<String> operations(String openApi) {
    Set<String> operations = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : Client.json(openApi).get("paths").properties()) {
      for (String method : List.of("get", "post", "delete", "put", "patch")) {
        if (path.getValue().has(method)) {
          operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return operations;
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
