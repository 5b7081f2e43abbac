package dev.hookwell.deployment.functions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.bodies.S3Server;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.HookId;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.queue.QueueMessage;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.local.queue.SqsEventWriter;
import dev.hookwell.local.queue.SqsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jars that are deployed, each in a process under Lambda's own runtime client, with the
 * settings of the template: the secrets by name, the database verified.
 */
@EnabledOnOs(OS.LINUX)
final class FunctionRuntimeIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private static TlsPostgres postgres;
  private static AwsEndpoints aws;
  private static SqsServer queue;

  @BeforeAll
  static void start() throws Exception {
    assumeFalse(Boolean.getBoolean("hookwell.jars.left.out"), "no function jars were made");
    postgres = TlsPostgres.start(folder);
    aws =
        new AwsEndpoints(
            Map.of(
                "database",
                postgres.databaseUrl(),
                "untrusted",
                postgres.untrustedUrl(),
                "seed-key",
                Captures.SEED_KEY,
                "reader-keys",
                Captures.READER_KEYS));
    queue = SqsServer.start(QueueSettings.ofTemplate());
  }

  @AfterAll
  static void stop() throws IOException {
    if (queue != null) {
      queue.close();
    }
    if (aws != null) {
      aws.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void aRequestGoesThroughAllFunctionsAsDeployed() throws IOException {
    migrate();
    try (LambdaRuntime api = api();
        LambdaRuntime ingest = ingest();
        LambdaRuntime persist = database("persist", "PersistHandler", "database");
        LambdaRuntime retention = database("persist", "RetentionHandler", "database")) {
      JsonNode hook =
          JSON.readTree(call(api, Events.event("POST", "/api/hooks")).path("body").asText());
      JsonNode kept =
          call(
              ingest,
              Events.event("POST", "/h/" + hook.get("id").asText() + "/a")
                  .at(Instant.now())
                  .text("what was sent"));
      assertEquals(200, kept.get("statusCode").asInt(), kept.toString());
      String id = JSON.readTree(kept.get("body").asText()).get("id").asText();

      queue.send("poison");
      List<QueueMessage> messages = receive(2);
      String batch = new String(new SqsEventWriter().write(messages), StandardCharsets.UTF_8);
      String poison =
          messages.stream()
              .filter(message -> message.body().equals("poison"))
              .findFirst()
              .orElseThrow()
              .id();
      assertEquals(
          "{\"batchItemFailures\":[{\"itemIdentifier\":\"" + poison + "\"}]}",
          answer(persist, batch).toString());
      assertTrue(persist.output().contains("\"Poison\""), persist.output());

      answer(retention, "{}");

      JsonNode found =
          call(
              api,
              Events.event("GET", "/api/hooks/" + hook.get("id").asText() + "/captures/" + id)
                  .header("authorization", "Bearer " + hook.get("viewKey").asText()));
      assertEquals(200, found.get("statusCode").asInt(), found.toString());
      assertEquals(
          "what was sent", JSON.readTree(found.get("body").asText()).at("/body/data").asText());

      assertResponds(api, hook);

      JsonNode page = call(api, Events.event("GET", "/"));
      assertEquals("text/html; charset=utf-8", page.at("/headers/content-type").asText());
    }
  }

  private static void migrate() throws IOException {
    try (LambdaRuntime migration = database("persist", "MigrationHandler", "database")) {
      answer(
          migration,
          """
          {"RequestType":"Create","ResponseURL":"%s","StackId":"s","RequestId":"r",
           "LogicalResourceId":"Schema","ResourceProperties":{"SchemaHash":"1"}}
          """
              .formatted(aws.resourceUrl()));
      assertTrue(aws.resources().toString().contains("\"Status\":\"SUCCESS\""), "migrated");
    }
  }

  /**
   * From the sender to the reader, and gone with its capture. A body that fits a message loads no
   * class of S3's client, by the JVM's own log of classes.
   */
  @Test
  void aLargeBodyGoesThroughTheBucketAndNoOtherLoadsItsClient() throws Exception {
    migrate();
    Path disk = Files.createDirectory(folder.resolve("bucket"));
    Path classes = folder.resolve("classes");
    try (S3Server bucket = S3Server.start(disk);
        LambdaRuntime api = start("api", "ApiHandler", 1024, withBucket(apiSettings(), bucket));
        LambdaRuntime ingest = start("ingest", "IngestHandler", 1769, toWrite(bucket, classes));
        LambdaRuntime persist = database("persist", "PersistHandler", "database");
        LambdaRuntime retention =
            start(
                "persist",
                "RetentionHandler",
                1024,
                withBucket(databaseSettings("database"), bucket))) {
      JsonNode hook =
          JSON.readTree(call(api, Events.event("POST", "/api/hooks")).path("body").asText());
      String path = "/h/" + hook.get("id").asText();
      call(ingest, Events.event("POST", path).at(Instant.now()).text("small"));
      assertTrue(loaded(classes, "dev.hookwell.ingest.IngestHandler"), "nothing is noted");
      assertFalse(loaded(classes, "software.amazon.awssdk.services.s3."), "for a small body");

      byte[] body = new byte[CapturedBody.MAX_BYTES];
      new Random(22).nextBytes(body);
      String id = keep(ingest, path, body);
      assertTrue(loaded(classes, "software.amazon.awssdk.services.s3."), "for a large one");
      Path object =
          disk.resolve(S3Server.BUCKET)
              .resolve(HookId.parse(hook.get("id").asText()).orElseThrow().uid().toString())
              .resolve(id);
      assertTrue(Files.exists(object), object.toString());

      List<QueueMessage> messages = receive(2);
      answer(persist, new String(new SqsEventWriter().write(messages), StandardCharsets.UTF_8));
      String capture = "/api/hooks/" + hook.get("id").asText() + "/captures/" + id;
      JsonNode read =
          call(
              api,
              Events.event("GET", capture + "/body").header("authorization", key(hook, "view")));
      assertEquals(200, read.get("statusCode").asInt(), read.toString());
      assertArrayEquals(body, Base64.getDecoder().decode(read.get("body").asText()));

      JsonNode deleted =
          call(api, Events.event("DELETE", capture).header("authorization", key(hook, "owner")));
      assertEquals(204, deleted.get("statusCode").asInt(), deleted.toString());
      Deadline deadline = Deadline.inSeconds(60);
      while (Files.exists(object)) {
        deadline.check(retention.output());
        answer(retention, "{}");
      }
    }
  }

  private static String key(JsonNode hook, String whose) {
    return "Bearer " + hook.get(whose + "Key").asText();
  }

  /** In the end: on a busy machine the client's first call may take longer than a sender waits. */
  private static String keep(LambdaRuntime ingest, String path, byte[] body) throws IOException {
    Deadline deadline = Deadline.inSeconds(60);
    JsonNode kept;
    do {
      deadline.check(ingest.output());
      kept = call(ingest, Events.event("POST", path).at(Instant.now()).bytes(body));
    } while (kept.get("statusCode").asInt() == 503);
    assertEquals(200, kept.get("statusCode").asInt(), kept.toString());
    return JSON.readTree(kept.get("body").asText()).get("id").asText();
  }

  private static boolean loaded(Path classes, String name) throws IOException {
    try (Stream<String> lines = Files.lines(classes)) {
      return lines.anyMatch(line -> line.contains(" " + name));
    }
  }

  private static Map<String, String> toWrite(S3Server bucket, Path classes) {
    Map<String, String> settings = withBucket(ingestSettings(), bucket);
    settings.put("LARGE_BODIES", "on");
    settings.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes);
    return settings;
  }

  private static Map<String, String> withBucket(Map<String, String> settings, S3Server bucket) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("BODY_BUCKET", S3Server.BUCKET);
    all.put("AWS_ENDPOINT_URL_S3", bucket.address().toString());
    all.put("AWS_ACCESS_KEY_ID", S3Server.IDENTITY);
    all.put("AWS_SECRET_ACCESS_KEY", S3Server.CREDENTIAL);
    return all;
  }

  /**
   * In the end: a cold start on a busy machine may take longer than a sender waits for a script.
   */
  private static void assertResponds(LambdaRuntime api, JsonNode hook) throws IOException {
    String id = hook.get("id").asText();
    JsonNode set =
        call(
            api,
            Events.event("PUT", "/api/hooks/" + id + "/response")
                .header("authorization", "Bearer " + hook.get("ownerKey").asText())
                .header("content-type", "application/json")
                .text("{\"steps\":[{\"status\":503,\"body\":\"scripted\"}]}"));
    assertEquals(200, set.get("statusCode").asInt(), set.toString());
    try (LambdaRuntime respond = respond()) {
      Deadline deadline = Deadline.inSeconds(60);
      JsonNode response;
      do {
        deadline.check(respond.output());
        response = call(respond, Events.event("POST", "/s/" + id).at(Instant.now()).text("x"));
      } while (response.get("statusCode").asInt() != 503);
      assertEquals("scripted", response.get("body").asText());
    }
  }

  @Test
  void aDatabaseThatNobodyVouchesForIsAnOutage() {
    try (LambdaRuntime persist = database("persist", "PersistHandler", "untrusted")) {
      byte[] batch =
          """
          {"Records":[{"messageId":"1","body":%s,"attributes":{}}]}
          """
              .formatted(JSON.valueToTree(envelope()).toString())
              .getBytes(StandardCharsets.UTF_8);
      Deadline deadline = Deadline.inSeconds(60);
      do {
        deadline.check(persist.output());
        LambdaRuntime.Outcome outcome = persist.invoke(batch, PATIENCE);
        assertInstanceOf(LambdaRuntime.Outcome.Failed.class, outcome, outcome.toString());
        // The first attempts may take longer than they have.
      } while (!persist.output().contains("SSLHandshakeException"));
    }
  }

  @Test
  void aFunctionWithoutASettingSaysWhichAtOnce() {
    Map<String, String> complete = ingestSettings();
    for (String missing : List.of("QUEUE_URL", "HOOK_KEYS")) {
      var settings = new HashMap<>(complete);
      settings.remove(missing);
      try (LambdaRuntime ingest = start("ingest", "IngestHandler", 1769, settings)) {
        LambdaRuntime.Outcome outcome = ingest.invoke(new byte[0], PATIENCE);
        assertInstanceOf(LambdaRuntime.Outcome.NotStarted.class, outcome, outcome.toString());
        assertTrue(outcome.toString().contains(missing), outcome.toString());
      }
    }
  }

  private static String envelope() {
    return EnvelopeWriter.write(Captures.capture()).text();
  }

  private static LambdaRuntime ingest() {
    return start("ingest", "IngestHandler", 1769, ingestSettings());
  }

  private static Map<String, String> ingestSettings() {
    return Map.of(
        "QUEUE_URL",
        queue.queueUrl(),
        "HOOK_KEYS",
        Captures.HOOK_KEYS,
        "ORIGIN_SECRETS",
        "",
        "BLOCKED_HOOKS",
        "",
        "AWS_ENDPOINT_URL_SQS",
        queue.endpoint().toString());
  }

  private static LambdaRuntime respond() {
    Map<String, String> settings = new HashMap<>(ingestSettings());
    settings.put("DATABASE_SECRET", "database");
    settings.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.secretsUrl());
    return start("respond", "RespondHandler", 1769, settings);
  }

  private static LambdaRuntime api() {
    return start("api", "ApiHandler", 1024, apiSettings());
  }

  private static Map<String, String> apiSettings() {
    return Map.of(
        "HOOK_KEYS",
        Captures.HOOK_KEYS,
        "READER_KEYS_SECRET",
        "reader-keys",
        "SEED_KEY_SECRET",
        "seed-key",
        "DATABASE_SECRET",
        "database",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        aws.secretsUrl());
  }

  private static LambdaRuntime database(String function, String handler, String secret) {
    return start(function, handler, 1024, databaseSettings(secret));
  }

  private static Map<String, String> databaseSettings(String secret) {
    return Map.of("DATABASE_SECRET", secret, "AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.secretsUrl());
  }

  private static LambdaRuntime start(
      String function, String handler, int memory, Map<String, String> settings) {
    return LambdaRuntime.start(
        Path.of("../%s-function/target/%s-function.jar".formatted(function, function)),
        "dev.hookwell.%s.%s".formatted(function, handler),
        memory,
        settings);
  }

  private static JsonNode call(LambdaRuntime function, Events event) throws IOException {
    return answer(function, event.json());
  }

  /**
   * Its response to an event, which is given to it again while it fails, as Lambda does: a cold
   * start on a busy machine may take longer than a function waits for its database.
   */
  private static JsonNode answer(LambdaRuntime function, String event) throws IOException {
    byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
    Deadline deadline = Deadline.inSeconds(60);
    LambdaRuntime.Outcome outcome = function.invoke(bytes, PATIENCE);
    while (outcome instanceof LambdaRuntime.Outcome.Failed) {
      deadline.check(outcome.toString());
      outcome = function.invoke(bytes, PATIENCE);
    }
    return JSON.readTree(
        assertInstanceOf(LambdaRuntime.Outcome.Answered.class, outcome, outcome.toString()).json());
  }

  private static List<QueueMessage> receive(int count) {
    List<QueueMessage> messages = new ArrayList<>();
    Deadline deadline = Deadline.inSeconds(30);
    while (messages.size() < count) {
      deadline.check("the queue holds less than it was sent");
      messages.addAll(queue.receive(10));
    }
    return messages;
  }
}
