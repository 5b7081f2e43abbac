package dev.hookwell.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hookwell.client.TestCaptures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hook that gets captures faster than they can be searched, none of which matches. */
final class FloodedHookTest {
  private static final Pattern AFTER = Pattern.compile("after=(\\d+)");
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  /** Captures that arrive at each call, and captures that each call searches. */
  private static final int ARRIVE = 150;

  private static final int LOOKED_AT = 100;
  private static final int THERE = 1_000;

  @TempDir private Path folder;

  private final AtomicInteger calls = new AtomicInteger();
  private final InstantSource secondPassesWithEachCall = () -> START.plusSeconds(calls.get());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Matcher after = AFTER.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
    int stored = THERE + ARRIVE * calls.get();
    String counts =
        "{\"stored\":%d,\"available\":%1$d,\"evicted\":0,\"deleted\":0}".formatted(stored);
    String json = "{\"url\":\"http://a/h/x\",\"firstSeq\":1,\"counts\":" + counts + "}";
    if (after.find()) {
      calls.incrementAndGet();
      long next = Long.parseLong(after.group(1)) + LOOKED_AT;
      json = "{\"captures\":[],\"next\":%d,\"more\":true,\"counts\":%s}".formatted(next, counts);
    }
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private ClientRun.Ended run(String... arguments) {
    String url =
        "http://127.0.0.1:%d/h/%s".formatted(server.getAddress().getPort(), TestCaptures.HOOK_ID);
    ClientRun client =
        new ClientRun(
            Map.of("HOOKWELL_URL", url, "HOOKWELL_KEY", "k".repeat(43)),
            folder,
            secondPassesWithEachCall.withZone(ZoneOffset.UTC),
            _ -> {});
    return assertTimeoutPreemptively(Duration.ofSeconds(30), () -> client.run(arguments));
  }

  @Test
  void waitingEndsWhenAllIsLookedAtThatWasThereWhenTheTimeWasOver() {
    ClientRun.Ended ended = run("wait", "--match", "text=never", "--timeout", "20s");

    assertEquals(4, ended.code(), ended.err());
    assertTrue(ended.err().contains("nothing came within 20 s"), ended.err());
    // After 20 calls there were 3,850 captures; each call searches a hundred.
    assertEquals(39, calls.get());
  }

  @Test
  void anExportHasWhatWasThereWhenItBegan() {
    ClientRun.Ended ended = run("export", "--match", "text=never");

    assertEquals(0, ended.code(), ended.err());
    assertEquals(THERE / LOOKED_AT, calls.get());
  }
}
