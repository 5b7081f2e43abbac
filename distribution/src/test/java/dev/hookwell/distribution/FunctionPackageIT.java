package dev.hookwell.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.Events;
import dev.hookwell.deployment.functions.LambdaRuntime;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.queue.QueueMessage;
import dev.hookwell.local.queue.QueueSettings;
import dev.hookwell.local.queue.SqsServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The package of ingest, unpacked as Lambda does it, started by its own script under Lambda's
 * runtime client, against a real queue. Needs the build with {@code -Pcold-start}.
 */
@EnabledOnOs(OS.LINUX)
final class FunctionPackageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MOST_BYTES = 40_000_000;
  private static final LocalDateTime TIME = LocalDateTime.parse("2026-11-24T00:00:00");
  private static final String WITHOUT_CACHE =
      "\"level\":\"WARN\",\"event\":\"start.without-cache\"";

  private static SqsServer queue;

  @TempDir private Path temporary;

  private Path task = Path.of("");

  /** The ways in which a cache does not fit. */
  enum Misfit {
    MISSING {
      @Override
      void make(Path task) throws IOException {
        Files.delete(task.resolve(Bootstrap.CACHE));
      }
    },
    TRUNCATED {
      @Override
      void make(Path task) throws IOException {
        Path cache = task.resolve(Bootstrap.CACHE);
        Files.write(cache, Arrays.copyOf(Files.readAllBytes(cache), 100_000));
      }
    },
    OF_ANOTHER_JAVA {
      @Override
      void make(Path task) throws IOException {
        Path cache = task.resolve(Bootstrap.CACHE);
        String text = Files.readString(cache, StandardCharsets.ISO_8859_1);
        // The JVM's description of itself, near the beginning: version, machine, compiler.
        int at = text.indexOf(System.getProperty("java.vm.version"));
        assertTrue(at > 0 && at < 10_000, "the version is where it was, at " + at);
        Files.writeString(
            cache,
            text.substring(0, at) + "26" + text.substring(at + 2),
            StandardCharsets.ISO_8859_1);
      }
    },
    OF_OTHER_OPTIONS {
      @Override
      void make(Path task) throws IOException {
        Path script = task.resolve("bootstrap");
        Files.writeString(
            script,
            Files.readString(script)
                .replace(
                    "exec jre/bin/java",
                    "exec jre/bin/java --add-opens=java.base/java.lang=ALL-UNNAMED"));
      }
    };

    abstract void make(Path task) throws IOException;
  }

  @BeforeAll
  static void startQueue() {
    assumeTrue(Files.exists(zip()), () -> "no package was made: " + zip());
    queue = SqsServer.start(QueueSettings.ofTemplate());
  }

  @AfterAll
  static void stopQueue() {
    if (queue != null) {
      queue.close();
    }
  }

  @BeforeEach
  void unpack() throws IOException {
    task = Files.createDirectory(temporary.resolve("task"));
    try (ZipFile zip = ZipFile.builder().setPath(zip()).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        Path file = task.resolve(entry.getName());
        Files.createDirectories(file.resolveSibling(""));
        try (InputStream content = zip.getInputStream(entry)) {
          Files.copy(content, file);
        }
        Distribution.setRights(file, (entry.getUnixMode() & 0111) != 0);
        Files.setLastModifiedTime(file, FileTime.from(time(entry).toInstant(ZoneOffset.UTC)));
      }
    }
  }

  @Test
  void aRequestIsInTheQueueAndNothingIsSaidOfTheCache() {
    try (LambdaRuntime ingest = start(settings())) {
      assertKeeps(ingest, "sent to the package");
      assertFalse(ingest.output().contains(WITHOUT_CACHE), ingest.output());
      assertSaysOnlyEvents(ingest);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCacheThatDoesNotFitIsSaidOnceAndCostsNoRequest(Misfit misfit) throws IOException {
    misfit.make(task);
    try (LambdaRuntime ingest = start(settings())) {
      assertKeeps(ingest, "sent without a cache: " + misfit);
      assertKeeps(ingest, "and again: " + misfit);
      assertEquals(
          1,
          ingest.output().lines().filter(line -> line.contains(WITHOUT_CACHE)).count(),
          ingest.output());
      assertSaysOnlyEvents(ingest);
    }
  }

  @Test
  void aMissingSettingIsSaidAtOnce() {
    Map<String, String> settings = settings();
    settings.remove("QUEUE_URL");
    try (LambdaRuntime ingest = start(settings)) {
      LambdaRuntime.Outcome outcome = ingest.invoke(new byte[0], PATIENCE);
      assertInstanceOf(LambdaRuntime.Outcome.NotStarted.class, outcome, outcome.toString());
      assertTrue(outcome.toString().contains("QUEUE_URL"), outcome.toString());
    }
  }

  @Test
  void itIsSmallAndEveryFileHasTheOneTime() throws IOException {
    assertTrue(Files.size(zip()) <= MOST_BYTES, () -> "too large: " + zip());
    Set<String> executable = new TreeSet<>();
    try (ZipFile zip = ZipFile.builder().setPath(zip()).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        assertEquals(TIME, time(entry), entry.getName());
        if ((entry.getUnixMode() & 0111) != 0) {
          executable.add(entry.getName());
        }
      }
    }
    assertTrue(executable.containsAll(Set.of("bootstrap", "jre/bin/java")), executable.toString());
  }

  private static Path zip() {
    return Path.of(
        "..",
        FunctionTemplate.zip(
            Platform.of(System.getProperty("os.name"), System.getProperty("os.arch"))));
  }

  /** A zip's times have no zone. */
  private static LocalDateTime time(ZipArchiveEntry entry) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(entry.getTime()), ZoneId.systemDefault());
  }

  private LambdaRuntime start(Map<String, String> settings) {
    return LambdaRuntime.startPackage(
        task,
        List.of(task.resolve("bootstrap").toString()),
        FunctionPackage.HANDLER,
        1769,
        settings);
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("QUEUE_URL", queue.queueUrl());
    settings.put("AWS_ENDPOINT_URL_SQS", queue.endpoint().toString());
    settings.put("HOOK_KEYS", Captures.HOOK_KEYS);
    settings.put("ORIGIN_SECRETS", "");
    settings.put("BLOCKED_HOOKS", "");
    return settings;
  }

  private static void assertKeeps(LambdaRuntime ingest, String body) {
    byte[] event =
        Events.event("POST", "/h/" + Captures.hook(1).text())
            .at(Instant.now())
            .text(body)
            .json()
            .getBytes(StandardCharsets.UTF_8);
    LambdaRuntime.Outcome outcome = ingest.invoke(event, PATIENCE);
    // On a busy machine the queue's first response may come later than ingest waits for it.
    Deadline deadline = Deadline.inSeconds(60);
    while (outcome.toString().contains("\"statusCode\":503")) {
      deadline.check(ingest.output());
      outcome = ingest.invoke(event, PATIENCE);
    }
    assertTrue(outcome.toString().contains("\"statusCode\":200"), outcome.toString());
    List<QueueMessage> messages = queue.receive(10);
    while (messages.isEmpty()) {
      deadline.check("the queue is empty");
      messages = queue.receive(10);
    }
    EnvelopeReading reading = EnvelopeReader.read(messages.getFirst().body());
    Capture capture =
        assertInstanceOf(EnvelopeReading.Read.class, reading, reading.toString()).capture();
    assertEquals(
        CapturedBody.of(Body.copyOf(body.getBytes(StandardCharsets.UTF_8))), capture.body());
    messages.forEach(queue::delete);
  }

  /** No lines of the JVM itself, which no filter of logs knows. */
  private static void assertSaysOnlyEvents(LambdaRuntime ingest) {
    assertTrue(ingest.output().lines().allMatch(line -> line.startsWith("{")), ingest.output());
  }
}
