package dev.hookwell.local;

import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.HookPath;
import dev.hookwell.intake.IntakeSettings;
import dev.hookwell.local.folder.DataFolder;
import dev.hookwell.local.gateway.GatewaySettings;
import dev.hookwell.local.gateway.LocalFunction;
import dev.hookwell.local.gateway.LocalGateway;
import dev.hookwell.local.queue.Outbox;
import dev.hookwell.local.queue.QueueSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends requests before the first sender does, so that classes are loaded and the busiest code is
 * compiled. In the cloud other instances serve meanwhile; here there is only one.
 */
final class WarmUp {
  private static final int SENDERS = 20;
  private static final int REQUESTS_EACH = 60;

  /** The start of the runner waits for this. */
  private static final Duration LONGEST = Duration.ofMillis(2500);

  private static final String BODY =
      "{\"event\":\"warm-up\",\"text\":\"%s\"}".formatted("x".repeat(900));

  private WarmUp() {}

  /** Uses a gateway and an outbox of its own; the outbox's file is deleted afterwards. */
  static void run(
      DataFolder folder,
      Environment environment,
      LocalFunctions functions,
      LocalFunction api,
      Clock clock,
      SecureRandom random) {
    HookKeys keys = IntakeSettings.from(environment).hookKeys();
    String hook = keys.issue(clock.instant().plus(Duration.ofMinutes(5)), random).text();
    String edge = environment.list("ORIGIN_SECRETS").stream().findFirst().orElse("unused");
    Path file = folder.outbox().resolveSibling("warm-up");
    delete(file);
    try (Outbox outbox =
            Outbox.open(file, QueueSettings.ofTemplate(), clock, folder::freeBytes, _ -> {});
        LocalGateway gateway =
            LocalGateway.start(
                functions.ingest(outbox, Optional.empty(), new EventLog(_ -> {}, clock)),
                api,
                clock,
                random,
                GatewaySettings.ofAws(0).withOriginSecret(edge))) {
      send(
          clock,
          gateway.address().resolve(HookPath.PLAIN.to(hook)),
          gateway.address().resolve("/"),
          gateway.address().resolve("/api/health"));
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Posts to {@code hook} and gets {@code pages}; the responses are ignored. */
  private static void send(Clock clock, URI hook, URI... pages) {
    Instant end = clock.instant().plus(LONGEST);
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < SENDERS; i++) {
        senders.execute(() -> {
          for (int n = 0; n < REQUESTS_EACH && clock.instant().isBefore(end); n++) {
            send(http, request(hook).POST(HttpRequest.BodyPublishers.ofString(BODY)));
          }
        });
      }
      for (URI page : pages) {
        senders.execute(() -> send(http, request(page).GET()));
      }
    }
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri)
        .header("content-type", "application/json")
        .timeout(Duration.ofSeconds(5));
  }

  private static void send(HttpClient http, HttpRequest.Builder request) {
    try {
      http.send(request.build(), HttpResponse.BodyHandlers.discarding());
    } catch (IOException _) {
      // The sender of the first real request will see the fault.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
