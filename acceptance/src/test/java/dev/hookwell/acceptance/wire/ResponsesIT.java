package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.gateway.RawConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scripted responses from the owner's call to the sender's socket, in a running system. */
final class ResponsesIT {
  @RegisterExtension
  static final RunningSystem RUNNING = new RunningSystem(Map.of("LONGEST_DELAY", "PT10S"));

  private static final String FAIL_THRICE =
      """
      {"steps":[{"status":503,"headers":[["Retry-After","5"]],"times":3},
                {"status":200,"headers":[["Content-Type","application/json"]],"body":"{\\"ok\\":true}"}]}
      """;

  @Test
  void aSenderFailsThreeTimesAndThenSucceedsAndTheListTellsIt() {
    Client.Hook hook = RUNNING.client().createHook();
    JsonNode set = set(hook, FAIL_THRICE);
    URI url = URI.create(set.get("url").textValue());
    assertEquals("/s/" + hook.id(), url.getPath());

    List<Integer> statuses =
        IntStream.range(0, 5).map(_ -> post(url).statusCode()).boxed().toList();

    assertEquals(List.of(503, 503, 503, 200, 200), statuses);
    List<String> told =
        RUNNING.client().await(hook, 5).stream()
            .map(capture -> capture.get("response").toString())
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "{\"status\":200,\"step\":2}",
            "{\"status\":200,\"step\":2}",
            "{\"status\":503,\"step\":1}",
            "{\"status\":503,\"step\":1}",
            "{\"status\":503,\"step\":1}"),
        told);
  }

  @Test
  @Shows("S18")
  void theResponseArrivesAsItIsWritten() {
    Client.Hook hook = RUNNING.client().createHook();
    URI url = scripted(hook, FAIL_THRICE);

    HttpResponse<String> failure = post(url);
    assertEquals("5", failure.headers().firstValue("retry-after").orElse(""));
    assertEquals("", failure.body());
    assertEquals(
        "text/plain; charset=utf-8", failure.headers().firstValue("content-type").orElse(""));
    for (int i = 0; i < 2; i++) {
      post(url);
    }
    HttpResponse<String> success = post(url);
    assertEquals("{\"ok\":true}", success.body());
    assertEquals("application/json", success.headers().firstValue("content-type").orElse(""));
    assertEquals("nosniff", success.headers().firstValue("x-content-type-options").orElse(""));
    assertEquals("no-store", success.headers().firstValue("cache-control").orElse(""));
    assertEquals(
        "sandbox; default-src 'none'",
        success.headers().firstValue("content-security-policy").orElse(""));
    assertTrue(success.headers().firstValue("x-hookwell-capture").isPresent());
  }

  @Test
  void thePlainUrlOfTheSameHookKeepsThePlainResponse() {
    Client.Hook hook = RUNNING.client().createHook();
    scripted(hook, "{\"steps\":[{\"status\":503}]}");

    assertEquals(200, RUNNING.client().post(hook, "text/plain", new byte[0]).statusCode());
  }

  @Test
  @Shows("F61")
  void ofFiftyAtOnceExactlySevenFail() throws Exception {
    Client.Hook hook = RUNNING.client().createHook();
    URI url =
        scripted(
            hook, "{\"steps\":[{\"status\":503,\"times\":7},{\"status\":200,\"body\":\"ok\"}]}");
    List<Callable<Integer>> requests = Collections.nCopies(50, () -> post(url).statusCode());

    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : senders.invokeAll(requests)) {
        statuses.add(status.get());
      }
    }

    assertEquals(7, Collections.frequency(statuses, 503));
    assertEquals(43, Collections.frequency(statuses, 200));
    assertEquals(50, RUNNING.client().await(hook, 50).size());
  }

  /**
   * From the moment at which the owner has the response, also while other requests are under way.
   */
  @Test
  @Shows("F61")
  void aScriptThatIsSetAmongRequestsHoldsForAllThatComeAfterIt() throws Exception {
    Client.Hook hook = RUNNING.client().createHook();
    URI url = scripted(hook, "{\"steps\":[{\"status\":200}]}");
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> sending = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sending.add(
            senders.submit(() -> {
              int last = 0;
              while (!over.get()) {
                int status = post(url).statusCode();
                assertTrue(status >= last, status + " after " + last);
                last = status;
              }
              return last;
            }));
      }
      try {
        for (int status = 201; status <= 220; status++) {
          boolean hasBody = status != 204 && status != 205;
          scripted(
              hook,
              "{\"steps\":[{\"status\":%d%s}]}"
                  .formatted(status, hasBody ? ",\"body\":\"x\"" : ""));
          assertEquals(status, post(url).statusCode());
        }
      } finally {
        over.set(true);
      }
      for (Future<Integer> one : sending) {
        assertTrue(one.get() >= 200);
      }
    }
  }

  @Test
  void restartAndANewScriptHoldForTheNextRequest() {
    Client.Hook hook = RUNNING.client().createHook();
    URI url = scripted(hook, "{\"steps\":[{\"status\":500,\"times\":1},{\"status\":201}]}");
    assertEquals(List.of(500, 201), List.of(post(url).statusCode(), post(url).statusCode()));

    HttpResponse<String> restarted = owner(hook, "POST", "/response/restart", "");
    assertEquals(200, restarted.statusCode());
    assertEquals(List.of(500, 201), List.of(post(url).statusCode(), post(url).statusCode()));

    scripted(hook, "{\"steps\":[{\"status\":410}]}");
    assertEquals(410, post(url).statusCode());
    assertEquals(204, owner(hook, "DELETE", "/response", "").statusCode());
    assertEquals(200, post(url).statusCode());
  }

  @Test
  void aDelayIsWaitedAfterTheRequestWasKept() {
    Client.Hook hook = RUNNING.client().createHook();
    URI url = scripted(hook, "{\"steps\":[{\"status\":200,\"delay\":\"PT2S\"}]}");

    long start = System.nanoTime();
    assertEquals(200, post(url).statusCode());
    Duration taken = Duration.ofNanos(System.nanoTime() - start);

    assertTrue(taken.compareTo(Duration.ofSeconds(2)) >= 0, taken.toString());
  }

  @Test
  void headAndOptionsTakeNoStep() throws Exception {
    Client.Hook hook = RUNNING.client().createHook();
    URI url = scripted(hook, "{\"steps\":[{\"status\":503,\"times\":1},{\"status\":201}]}");

    for (String method : List.of("HEAD", "OPTIONS")) {
      HttpResponse<String> response =
          RUNNING
              .client()
              .send(HttpRequest.newBuilder(url).method(method, BodyPublishers.noBody()));
      assertEquals(200, response.statusCode(), method);
    }
    assertEquals(503, post(url).statusCode());
    assertEquals(201, post(url).statusCode());
  }

  /** Over a socket: a forbidden body would be read as the beginning of the next response. */
  @Test
  void aResponseWithoutABodyHasNoneOnTheWire() throws Exception {
    for (int status : List.of(204, 304)) {
      Client.Hook hook = RUNNING.client().createHook();
      URI url = scripted(hook, "{\"steps\":[{\"status\":" + status + "}]}");
      try (RawConnection connection = new RawConnection(RUNNING.system().address())) {
        for (int i = 0; i < 2; i++) {
          String head =
              connection
                  .send("GET " + url.getPath() + " HTTP/1.1\nHost: a\n\n")
                  .receiveHead()
                  .toLowerCase(Locale.ROOT);
          assertTrue(head.startsWith("http/1.1 " + status), head);
          assertFalse(head.contains("content-length: 1"), head);
          assertFalse(head.contains("transfer-encoding"), head);
        }
      }
    }
  }

  @Test
  void anUnknownIdIsNotFoundOnThisPathToo() {
    HttpResponse<String> response = post(RUNNING.system().address().resolve("/s/none"));

    assertEquals(404, response.statusCode());
    assertTrue(response.body().contains("/s/"), response.body());
  }

  /**
   * More senders wait for a slow script than there is room for; requests to {@code /h/} are
   * answered as ever, and kept.
   */
  @Test
  void slowScriptsNeverChangeWhatTheHookPathAnswers() throws Exception {
    Client.Hook slow = RUNNING.client().createHook();
    URI url = scripted(slow, "{\"steps\":[{\"status\":202,\"delay\":\"PT10S\"}]}");
    Client.Hook plain = RUNNING.client().createHook();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    Set<String> sent = new HashSet<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> flood = new ArrayList<>();
      Callable<Void> flooder =
          () -> {
            while (!over.get()) {
              int status = post(url).statusCode();
              assertTrue(status == 202 || status == 503, "the flood got " + status);
              if (status == 503) {
                refused.incrementAndGet();
                Thread.sleep(1000);
              }
            }
            return null;
          };
      try {
        // Until some are refused: then all the room is taken, and those who have it wait.
        Deadline deadline = Deadline.inSeconds(60);
        while (refused.get() == 0) {
          deadline.check("there is room for " + flood.size());
          for (int i = 0; i < 50; i++) {
            flood.add(senders.submit(flooder));
          }
          Thread.sleep(250);
        }
        int before = refused.get();
        for (int i = 0; refused.get() < before + 100 || i < 100; i++) {
          HttpResponse<String> kept =
              RUNNING.client().post(plain, "text/plain", String.valueOf(i).getBytes(UTF_8));
          assertEquals(200, kept.statusCode(), kept.body());
          sent.add(Client.json(kept.body()).get("id").textValue());
        }
      } finally {
        over.set(true);
      }
      for (Future<?> one : flood) {
        one.get();
      }
    }
    Set<String> stored = new HashSet<>();
    RUNNING
        .client()
        .await(plain, sent.size())
        .forEach(capture -> stored.add(capture.get("id").textValue()));
    assertEquals(sent, stored);
  }

  private static URI scripted(Client.Hook hook, String script) {
    return URI.create(set(hook, script).get("url").textValue());
  }

  private static JsonNode set(Client.Hook hook, String script) {
    HttpResponse<String> set = owner(hook, "PUT", "/response", script);
    assertEquals(200, set.statusCode(), set.body());
    return Client.json(set.body());
  }

  private static HttpResponse<String> owner(
      Client.Hook hook, String method, String tail, String body) {
    return RUNNING
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail))
                .header("authorization", "Bearer " + hook.ownerKey())
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> post(URI url) {
    return RUNNING.client().send(HttpRequest.newBuilder(url).POST(BodyPublishers.ofString("{}")));
  }
}
