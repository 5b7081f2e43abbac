package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.EnvelopeWriter;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.capture.SettableClock;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.PostgresServer;
import dev.hookwell.store.Sleeper;
import dev.hookwell.store.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API's handler on a real database, checked against openapi.json; and a hook with its keys. */
abstract class ApiFixture {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static final ObjectMapper JSON = new ObjectMapper();
  static final Instant NOW = Captures.RECEIVED_AT.plusSeconds(60);
  static final HookId HOOK = Captures.hook(1);
  static final String HOOK_PATH = "/api/hooks/" + HOOK.text();
  static final ReaderKeys READER_KEYS = ReaderKeys.parse(Captures.READER_KEYS);
  static final String VIEW_KEY = READER_KEYS.viewKey(HOOK);

  final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "HOOK_KEYS", Captures.HOOK_KEYS,
              "READER_KEYS", Captures.READER_KEYS,
              "SEED_KEY", Captures.SEED_KEY));
  final String url = POSTGRES.freshSchema();
  final Database database = Stores.open(url, 2);
  final List<String> log = new ArrayList<>();
  final SettableClock clock = new SettableClock(NOW);

  @AfterEach
  void close() {
    database.close();
  }

  void assertPage(String query, List<Integer> seqs, long next, boolean more) {
    JsonNode page = json(view(HOOK_PATH + "/captures", query));
    List<Integer> listed = new ArrayList<>();
    page.get("captures").forEach(capture -> listed.add(capture.get("seq").intValue()));
    assertEquals(seqs, listed, query);
    assertEquals(next, page.get("next").longValue(), query);
    assertEquals(more, page.get("more").booleanValue(), query);
  }

  void save(int count) {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      captures.add(Captures.capture(1, i, "{\"n\": " + i + "}"));
    }
    store(captures);
  }

  void store(List<Capture> captures) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    new CaptureWriter(database, HookLimits.DEFAULT, clock, Stores.retries(clock))
        .save(
            captures.stream().map(capture -> EnvelopeWriter.write(capture).capture()).toList(),
            NOW.plusSeconds(30));
  }

  GatewayResponse view(String path) {
    return view(path, "");
  }

  GatewayResponse view(String path, String query) {
    return send(event("GET", path).query(query).header("authorization", "Bearer " + VIEW_KEY));
  }

  GatewayResponse withKey(String method, String path, String authorization) {
    return send(event(method, path).at(clock.instant()).header("authorization", authorization));
  }

  GatewayResponse send(Events event) {
    GatewayResponse answer =
        handler(pause -> {}).respond(event.open(), clock.instant().plusSeconds(25));
    if (isDescribed(event)) {
      OpenApiContract.check(
          event.method(),
          event.path(),
          answer.status(),
          answer.headers().getOrDefault("content-type", ""),
          answer.body().toByteArray());
    }
    return answer;
  }

  /** The document leaves out HEAD and preflights, which HTTP defines, and the page. */
  static boolean isDescribed(Events event) {
    return event.path().startsWith("/api/")
        && !event.path().equals("/api/none")
        && List.of("GET", "POST", "PUT", "DELETE").contains(event.method());
  }

  ApiHandler handler(Sleeper sleeper) {
    return new ApiHandler(
        ApiSettings.from(new Environment(environment), clock),
        database,
        clock,
        new Random(3),
        sleeper,
        new EventLog(log::add, clock));
  }

  static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static String text(GatewayResponse answer) {
    return new String(answer.body().toByteArray(), StandardCharsets.UTF_8);
  }

  static JsonNode json(GatewayResponse answer) {
    return read(text(answer));
  }

  static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }
}
