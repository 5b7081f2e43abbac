package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.api.OpenApiContract;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of calls that are made up from the API's own document, right and wrong: every response
 * is one that the document describes, and none is our failure. A failure names its seed; {@code
 * -Dhookwell.seed=N} makes the same calls again.
 */
final class RandomCallsIT {
  private static final int CALLS = 2500;
  private static final int HOOKS = 20;

  private static final List<String> WILD =
      List.of(
          "",
          "0",
          "-1",
          "1.5",
          "1e3",
          "01",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999999999999",
          "null",
          "true",
          "latest",
          "LATEST",
          "%00",
          "%zz",
          "%",
          "%C0%AF",
          "%F0%9F%98%80",
          "%ED%A0%80",
          "%0D%0AX:%20y",
          "..",
          "%2e%2e",
          "'%20OR%20'1'='1",
          "%3Csvg%3E",
          "[]",
          "{}",
          "a+b",
          "headers,",
          "body,headers",
          "00000000-0000-0000-0000-000000000000",
          "0190163D-8694-739B-AEA5-966C26F8AD91",
          "A".repeat(44),
          "-_".repeat(22),
          "x".repeat(300));

  /** Values of filters. */
  private static final List<String> FILTERS =
      List.of(
          "POST",
          "*",
          "/f*",
          "*".repeat(9),
          "GitHub",
          "push",
          "hi",
          "%E2%82%AC",
          "x-github-event:push",
          "x-github-event:",
          ":push",
          "/a=1",
          "/a",
          "=1",
          "/~2=x",
          "/a".repeat(201) + "=x",
          "a".repeat(64),
          "a".repeat(1001));

  @TempDir static Path data;

  private static Witness witness;

  private final long seed = Long.getLong("hookwell.seed", new SecureRandom().nextLong());
  private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
  private final List<Operation> operations = new ArrayList<>();
  private final List<Filled> hooks = new ArrayList<>();
  private int current;

  /** The document's description of a method at a path. */
  private record Operation(String method, String path, JsonNode description) {}

  /** A hook with captures. */
  private record Filled(Client.Hook hook, List<String> captures) {
    String id() {
      return hook.id();
    }
  }

  private record Call(String method, String target, String headers, String body) {}

  @BeforeAll
  static void start() {
    witness = Witness.start(data);
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @Test
  @Shows("S17")
  void everyAnswerIsOneThatTheDocumentDescribes() {
    readDocument();
    fillHooks();
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < CALLS; i++) {
      current = i / (CALLS / HOOKS);
      Call call = call(pick(operations));
      try {
        String template = check(call);
        answers.merge(template, 1, Integer::sum);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("call " + i + " of seed " + seed + ": " + call, e);
      }
    }
    for (Operation operation : operations) {
      String success = operation.method() + " " + operation.path() + " succeeded";
      assertTrue(answers.containsKey(success), "seed " + seed + " never had: " + success);
    }
  }

  private void readDocument() {
    JsonNode document = witness.exchange("GET /api/openapi.json HTTP/1.1\nHost: a\n\n").json();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (!operation.getKey().equals("parameters")) {
          operations.add(
              new Operation(
                  operation.getKey().toUpperCase(Locale.ROOT),
                  path.getKey(),
                  operation.getValue()));
        }
      }
    }
    assertTrue(operations.size() >= 10, operations.toString());
  }

  /** Several, since calls delete them too. */
  private void fillHooks() {
    List<Client.Hook> empty = Stream.generate(witness::hook).limit(HOOKS).toList();
    for (Client.Hook one : empty) {
      witness.send(one, "GET {hook}/first HTTP/1.1\nHost: a\n\n");
      witness.send(one, "GET {hook}/%20?q=%zz HTTP/1.1\nHost: a\nX-GitHub-Event: push\n\n");
      witness.send(one, "POST {hook} HTTP/1.1\nHost: a\nContent-Length: 2\n\n", utf8("hi"));
      witness.send(one, "POST {hook} HTTP/1.1\nHost: a\nContent-Length: 2\n\n", new byte[] {-1, 0});
    }
    for (Client.Hook one : empty) {
      hooks.add(
          new Filled(
              one,
              witness.client().await(one, 4).stream()
                  .map(capture -> capture.get("id").textValue())
                  .toList()));
    }
  }

  /** Makes the call, and gives a key for counting: the operation, and whether it succeeded. */
  private static String check(Call call) {
    Answer answer = witness.api(call.method(), call.target(), call.headers(), utf8(call.body()));
    assertTrue(answer.status() < 500, answer.text());
    String path = call.target().split("\\?", 2)[0];
    if (!OpenApiContract.describes(call.method(), path)) {
      checkUndescribed(call, answer);
      return "undescribed";
    }
    if (answer.status() >= 400) {
      assertEquals("application/problem+json", answer.header("content-type"));
      assertEquals(answer.status(), answer.json().get("status").intValue());
    }
    assertEquals("nosniff", answer.header("x-content-type-options"));
    assertEquals("*", answer.header("access-control-allow-origin"));
    return answer.status() < 300 ? call.method() + " " + template(path) + " succeeded" : "refused";
  }

  /**
   * HEAD and preflights are HTTP's own; every other call that the document does not have is
   * refused.
   */
  private static void checkUndescribed(Call call, Answer answer) {
    switch (call.method()) {
      case "HEAD" -> assertTrue(answer.body().isEmpty());
      case "OPTIONS" -> {
        assertTrue(answer.status() == 200 || answer.status() == 404, answer.head());
        assertEquals(answer.status() == 404, answer.header("allow").isEmpty());
      }
      default -> {
        assertTrue(answer.status() == 404 || answer.status() == 405, answer.head());
        assertFalse(answer.status() == 405 && answer.header("allow").isEmpty(), answer.head());
      }
    }
  }

  private static String template(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length > 3) {
      parts[3] = "{hook}";
    }
    if (parts.length > 5 && parts[4].equals("captures")) {
      parts[5] = "{ref}";
    }
    return String.join("/", parts);
  }

  private Filled hook() {
    return hooks.get(current);
  }

  /** Another one: of it the keys are right and the captures wrong. */
  private Filled other() {
    return hooks.get((current + HOOKS - 1) % HOOKS);
  }

  private Call call(Operation operation) {
    String method =
        chance(0.05)
            ? pick(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
            : operation.method();
    String path =
        operation
            .path()
            .replace("{hook}", chance(0.9) ? hook().id() : pick(List.of(other().id(), pick(WILD))))
            .replace("{ref}", ref());
    return new Call(method, path + query(operation), headers(operation), body(operation));
  }

  private String ref() {
    return chance(0.3)
        ? pick(WILD)
        : pick(List.of("latest", "1", "2", "3", pick(hook().captures())));
  }

  private String query(Operation operation) {
    List<String> pairs = new ArrayList<>();
    for (JsonNode parameter : operation.description().path("parameters")) {
      if (parameter.get("in").textValue().equals("query") && chance(0.25)) {
        String name = parameter.get("name").textValue();
        pairs.add(name + "=" + value(name, parameter.get("schema")));
        if (chance(0.03)) {
          pairs.add(pairs.getLast());
        }
      }
    }
    if (chance(0.05)) {
      pairs.add(pick(List.of("key=x", "", "=", pick(WILD), "limit", "after=" + pick(WILD))));
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private String value(String name, JsonNode schema) {
    if (chance(0.15)) {
      return pick(WILD);
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size())).textValue();
    }
    if (!schema.has("minimum")) {
      return pick(FILTERS);
    }
    // A wait in earnest would be one of seconds.
    long max = name.equals("wait") ? 0 : schema.path("maximum").asLong(6);
    return Long.toString(random.nextLong(schema.get("minimum").longValue(), max + 1));
  }

  private String headers(Operation operation) {
    StringBuilder headers = new StringBuilder();
    boolean ofResponse = operation.path().contains("/response");
    boolean ends =
        operation.method().equals("DELETE") && !ofResponse && !operation.path().endsWith("{ref}");
    // A call that deletes everything is rarely let through, or nothing would be left to call.
    boolean asOwner =
        ofResponse || (operation.method().equals("DELETE") && (!ends || chance(0.05)));
    String key = asOwner ? hook().hook().ownerKey() : hook().hook().viewKey();
    headers.append(
        chance(0.8)
            ? "Authorization: Bearer " + key + "\n"
            : pick(
                List.of(
                    "",
                    "Authorization: Bearer " + hook().hook().viewKey() + "\n",
                    "Authorization: Bearer " + other().hook().viewKey() + "\n",
                    "Authorization: Bearer " + other().hook().ownerKey() + "\n",
                    "Authorization: bearer \u00e9\n",
                    "Authorization: Basic eDp5\n",
                    "Authorization:\n")));
    headers.append(
        pick(
            List.of(
                "",
                "Accept: */*\n",
                "Accept: application/json\n",
                "Accept: application/x-ndjson\n",
                "Accept: text/plain\n",
                "Accept: text/html;q=0.9, */*;q=0\n",
                "Accept: \u00ff\n")));
    if (chance(0.1)) {
      headers.append(
          pick(List.of("If-None-Match: \"4\"\n", "If-None-Match: *\n", "If-None-Match: x\n")));
    }
    headers.append(
        chance(0.85)
            ? "Content-Type: application/json\n"
            : pick(
                List.of("", "Content-Type: text/plain\n", "Content-Type: application/json;x\n")));
    return headers.toString();
  }

  private String body(Operation operation) {
    if (!operation.description().has("requestBody")) {
      return chance(0.02) ? "{}" : "";
    }
    if (operation.path().contains("/response")) {
      return script();
    }
    String time = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS).toString();
    return chance(0.4)
        ? pick(
            List.of(
                "",
                "{}",
                "{\"expiresIn\":\"P30D\"}",
                "{\"seed\":\"%s\",\"expiresAt\":\"%s\"}".formatted("s".repeat(32), time)))
        : pick(
            List.of(
                "{\"%s\":%s}".formatted(pick(List.of("expiresIn", "seed", "slug")), json()),
                "{\"seed\":%s,\"expiresAt\":%s}".formatted(json(), json()),
                json(),
                "{",
                "\u0000",
                "{\"seed\":\"" + "\\ud800".repeat(40) + "\",\"expiresAt\":\"" + time + "\"}",
                "[".repeat(1 + random.nextInt(5000))));
  }

  private String script() {
    String end = "\"%s\":%s".formatted(pick(List.of("times", "for", "until", "percent")), json());
    String part =
        "\"%s\":%s"
            .formatted(pick(List.of("status", "headers", "body", "bodyBase64", "delay")), json());
    return pick(
        List.of(
            "{\"steps\":[{\"status\":503,\"times\":3},{\"status\":200}]}",
            "{\"steps\":[{\"status\":500,\"percent\":30},{\"status\":200,\"delay\":\"PT1S\"}],\"handshakes\":\"strava\"}",
            "{\"steps\":[{\"status\":500,%s},{\"status\":200}]}".formatted(end),
            "{\"steps\":[{\"status\":200,%s}]}".formatted(part),
            "{\"steps\":%s}".formatted(json()),
            json()));
  }

  private String json() {
    return pick(
        List.of(
            "null",
            "7",
            "-1e999",
            "true",
            "[]",
            "{\"a\":{}}",
            "\"\"",
            "\"\\u0000\"",
            "\"P1D\"",
            "\"PT0.5S\"",
            "\"P999999999D\"",
            "\"P99999999999999999999D\"",
            "\"2027-01-31T12:00:00Z\"",
            "\"2027-01-31T12:00:00.5Z\"",
            "\"2027-02-30T12:00:00Z\"",
            "\"+1000000000-12-31T23:59:59Z\"",
            "\"-1000000000-01-01T00:00:00Z\"",
            "\"" + "\u00e9".repeat(64) + "\"",
            "\"" + "s".repeat(129) + "\""));
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
