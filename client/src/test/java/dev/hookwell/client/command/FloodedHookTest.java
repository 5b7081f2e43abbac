package dev.hookwell.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hookwell.client.TestCaptures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hook to which more comes all the time than can be looked at, and nothing of it matches. */
final class FloodedHookTest {
  private static final Pattern AFTER = Pattern.compile("after=(\\d+)");
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  /** What each call lets the hook grow by, and what each looks at. */
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

  private int run(ByteArrayOutputStream err, String... arguments) {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    String url =
        "http://127.0.0.1:%d/h/%s".formatted(server.getAddress().getPort(), TestCaptures.HOOK_ID);
    Surroundings surroundings =
        new Surroundings(
            Map.of("HOOKWELL_URL", url, "HOOKWELL_KEY", "k".repeat(43)),
            folder,
            folder,
            "Linux",
            InputStream.nullInputStream(),
            nowhere,
            new PrintStream(err, false, StandardCharsets.UTF_8),
            false,
            false,
            secondPassesWithEachCall.withZone(ZoneOffset.UTC),
            ZoneOffset.UTC,
            new Random(1),
            _ -> {},
            _ -> {});
    return assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> Hookwell.run(surroundings, arguments));
  }

  @Test
  void waitingEndsWhenAllIsLookedAtThatWasThereWhenTheTimeWasOver() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int code = run(err, "wait", "--match", "text=never", "--timeout", "20s");

    String said = err.toString(StandardCharsets.UTF_8);
    assertEquals(4, code, said);
    assertTrue(said.contains("nothing came within 20 s"), said);
    // After 20 calls there were 3,850 captures; each call looks at a hundred.
    assertEquals(39, calls.get());
  }

  @Test
  void anExportHasWhatWasThereWhenItBegan() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertEquals(
        0, run(err, "export", "--match", "text=never"), err.toString(StandardCharsets.UTF_8));
    assertEquals(THERE / LOOKED_AT, calls.get());
  }
}
