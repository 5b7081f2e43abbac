package dev.hookwell.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends requests before the first sender does, so that classes are loaded and the busiest code is
 * compiled: in the cloud other instances would take that time, here there is but one.
 */
final class WarmUp {
  private static final int SENDERS = 20;
  private static final int REQUESTS_EACH = 60;

  /** Whoever starts it waits for this. */
  private static final Duration LONGEST = Duration.ofMillis(2500);

  private static final String BODY =
      "{\"event\":\"warm-up\",\"text\":\"%s\"}".formatted("x".repeat(900));

  private WarmUp() {}

  /** Posts to a URL that keeps nothing, and gets the others; whatever they answer. */
  static void run(Clock clock, URI hook, URI... pages) {
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
      // Whoever sends the first real request will see what is wrong.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
