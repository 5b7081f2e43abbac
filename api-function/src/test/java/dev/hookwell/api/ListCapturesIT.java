package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.PostgresServer;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The captures of a hook, as its readers list and poll them. */
final class ListCapturesIT extends ApiFixture {
  /** The deadline of an invocation that does not cut a wait short. */
  private static final Instant LATER = NOW.plusSeconds(100);

  @Test
  void aHookWithoutCapturesHasZerosAndNulls() {
    JsonNode hook = json(view(HOOK_PATH));

    assertEquals(HOOK.text(), hook.get("id").textValue());
    assertEquals("https://hooks.example.com/h/" + HOOK.text(), hook.get("url").textValue());
    assertEquals("2036-01-01T00:00:00.000Z", hook.get("expiresAt").textValue());
    assertEquals(
        "{\"stored\":0,\"available\":0,\"evicted\":0,\"deleted\":0,\"bytes\":0}",
        hook.get("counts").toString());
    assertTrue(hook.get("firstSeq").isNull() && hook.get("lastSeq").isNull());
    assertEquals(
        "{\"bodyBytes\":4194304,\"captures\":10000,\"bytes\":268435456,\"captureLifetime\":\"PT168H\",\"wait\":20}",
        hook.get("limits").toString());
    assertEquals(
        "{\"captures\":[],\"next\":0,\"more\":false,\"timedOut\":false,\"counts\":"
            + hook.get("counts")
            + "}",
        text(view(HOOK_PATH + "/captures")));
  }

  @Test
  void aHookSaysWhichOfItsKeysAsked() {
    String owner = "Bearer " + READER_KEYS.ownerKey(HOOK);

    assertEquals("view", json(view(HOOK_PATH)).get("access").textValue());
    assertEquals("own", json(withKey("GET", HOOK_PATH, owner)).get("access").textValue());
  }

  @Test
  void aHookSaysWhatItHolds() {
    save(3);

    JsonNode hook = json(view(HOOK_PATH));

    assertEquals(
        "{\"stored\":3,\"available\":3,\"evicted\":0,\"deleted\":0,\"bytes\":24}",
        hook.get("counts").toString());
    assertEquals(1, hook.get("firstSeq").longValue());
    assertEquals(3, hook.get("lastSeq").longValue());
  }

  @Test
  void aListHoldsSummaries() {
    save(1);

    JsonNode summary = json(view(HOOK_PATH + "/captures")).get("captures").get(0);

    assertTrue(summary.get("storedAt").textValue().matches("[0-9T:.-]{23}Z"));
    assertEquals(
        "{\"id\":\"01980000-0000-7000-8000-000000000001\",\"seq\":1,"
            + "\"receivedAt\":\"2026-11-24T10:15:30.124Z\",\"storedAt\":"
            + summary.get("storedAt")
            + ",\"method\":\"POST\",\"path\":\"/h/"
            + HOOK.text()
            + "/orders\",\"query\":\"page=1&sort=%2Bname\",\"protocol\":\"HTTP/1.1\","
            + "\"sourceIp\":\"192.0.2.7\",\"contentType\":\"application/json\","
            + "\"userAgent\":\"billing/2.1\",\"bodySize\":8,\"bodySha256\":\""
            + summary.get("bodySha256").textValue()
            + "\",\"notes\":[],\"sender\":null,\"event\":null,\"deliveryId\":null}",
        summary.toString());
  }

  @Test
  void capturesAreListedInBothDirections() {
    save(7);

    assertPage("after=0&limit=3", List.of(1, 2, 3), 3, true);
    assertPage("after=3&limit=3", List.of(4, 5, 6), 6, true);
    assertPage("after=6&limit=3", List.of(7), 7, false);
    assertPage("after=7", List.of(), 7, false);
    assertPage("after=999", List.of(), 999, false);
    assertPage("", List.of(7, 6, 5, 4, 3, 2, 1), 1, false);
    assertPage("limit=3", List.of(7, 6, 5), 5, true);
    assertPage("before=5&limit=3", List.of(4, 3, 2), 2, true);
    assertPage("before=2", List.of(1), 1, false);
    assertPage("before=1", List.of(), 1, false);
    assertPage("limit=7", List.of(7, 6, 5, 4, 3, 2, 1), 1, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "after=1&before=2",
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=1e9",
        "limit=abc",
        "limit=5&limit=5",
        "after=",
        "after=-1",
        "wait=21",
        "include=cookies",
        "include=body,body",
        "include=",
        "key=x",
        "after=%zz"
      })
  void aWrongParameterIsABadRequest(String query) {
    GatewayResponse answer = view(HOOK_PATH + "/captures", query);

    assertEquals(400, answer.status());
    assertEquals("urn:hookwell:problem:bad-parameter", json(answer).get("type").textValue());
    assertTrue(json(answer).hasNonNull("parameter"));
  }

  @Test
  void anAnswerStaysBelowOneMebibyteWhateverTheLimit() {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      byte[] body = new byte[200_000];
      new Random(i).nextBytes(body);
      captures.add(Captures.capture(HOOK, i, body));
    }
    store(captures);

    List<Long> seen = new ArrayList<>();
    JsonNode page;
    long after = 0;
    do {
      GatewayResponse answer =
          view(HOOK_PATH + "/captures", "include=body&limit=500&after=" + after);
      assertTrue(answer.body().size() <= CapturePage.MAX_BYTES, "size " + answer.body().size());
      page = json(answer);
      page.get("captures").forEach(capture -> seen.add(capture.get("seq").longValue()));
      assertTrue(page.get("captures").size() > 0);
      after = page.get("next").longValue();
    } while (page.get("more").booleanValue());

    assertEquals(30, seen.size());
    assertEquals(seen.stream().sorted().distinct().toList(), seen);
  }

  @Test
  void aTextThatEscapesMakeLongerThanAnAnswerIsListedWithoutItsData() {
    byte[] controls = new byte[CaptureJson.MAX_DATA_BYTES];
    store(List.of(Captures.capture(HOOK, 1, controls), Captures.capture(HOOK, 2, new byte[1])));

    JsonNode first =
        json(view(HOOK_PATH + "/captures", "include=body&after=0&limit=1")).get("captures").get(0);

    assertEquals(controls.length, first.get("body").get("size").intValue());
    assertFalse(first.get("body").has("data"));
    assertEquals(
        controls.length,
        json(view(HOOK_PATH + "/captures/1")).get("body").get("data").textValue().length());
  }

  @Test
  void headersAndBodiesAreIncludedWhenAskedFor() {
    save(1);

    JsonNode capture =
        json(view(HOOK_PATH + "/captures", "include=headers,body")).get("captures").get(0);

    assertEquals(
        "[[\"content-type\",\"application/json\"],[\"user-agent\",\"billing/2.1\"],[\"x-dup\",\"a,b\"]]",
        capture.get("headers").toString());
    assertEquals("[\"session=abc\",\"theme=dark\"]", capture.get("cookies").toString());
    assertEquals("{\"n\": 1}", capture.get("body").get("data").textValue());
  }

  @Test
  void linesOfJsonAreGivenWhenAskedFor() {
    save(3);

    GatewayResponse answer =
        send(
            event("GET", HOOK_PATH + "/captures")
                .query("after=1")
                .header("accept", "application/x-ndjson")
                .header("authorization", "Bearer " + VIEW_KEY));

    assertEquals("application/x-ndjson", answer.headers().get("content-type"));
    assertEquals(
        List.of(2L, 3L),
        text(answer).lines().map(line -> read(line).get("seq").longValue()).toList());
  }

  @Test
  void anUnchangedHookIsNotModified() {
    save(2);
    String etag = view(HOOK_PATH + "/captures").headers().get("etag");

    GatewayResponse unchanged = viewIfNoneMatch(String.valueOf(etag));
    assertEquals(304, viewIfNoneMatch("\"x\", " + etag).status());
    assertEquals(304, viewIfNoneMatch(String.valueOf(etag).replace("W/", "")).status());
    store(List.of(Captures.capture(HOOK, 3, new byte[1])));

    assertEquals(304, unchanged.status());
    assertEquals(0, unchanged.body().size());
    assertEquals(200, viewIfNoneMatch("\"x\"").status());
    assertNotEquals(etag, view(HOOK_PATH + "/captures", "after=0").headers().get("etag"));
    GatewayResponse changed = viewIfNoneMatch(String.valueOf(etag));
    assertEquals(200, changed.status());
    assertNotEquals(etag, changed.headers().get("etag"));
  }

  /** Otherwise a cache would give one list for another. */
  @Test
  void everyQueryAndFormHasATagOfItsOwn() {
    save(40);
    List<String> queries = new ArrayList<>();
    for (String place :
        List.of("", "after=0", "after=1", "after=31", "before=0", "before=1", "before=31")) {
      for (String limit : List.of("", "limit=1", "limit=31", "limit=500")) {
        for (String include :
            List.of("", "include=headers", "include=body", "include=headers,body")) {
          queries.add(query(place, limit, include));
        }
      }
    }
    queries.add("wait=1");
    queries.add("after=0&wait=20");
    Map<String, String> tags = new HashMap<>();
    for (String form : List.of("application/json", "application/x-ndjson")) {
      for (String query : queries) {
        String name = query + " as " + form;
        String tag = String.valueOf(list(query, form, "").headers().get("etag"));
        assertTrue(tag.matches("W/\"[a-z0-9.-]{10,100}\""), tag);
        String same = tags.put(tag, name);
        assertNull(same, same + " and " + name + " have the same tag");
        if (!query.contains("wait")) {
          assertEquals(304, list(query, form, tag).status(), name);
          assertEquals(tag, list(query, form, "\"a\", " + tag).headers().get("etag"));
        }
      }
    }
    for (Map.Entry<String, String> other : tags.entrySet()) {
      if (!other.getValue().equals(" as application/json")) {
        assertEquals(200, list("", "application/json", other.getKey()).status(), other.getValue());
      }
    }
  }

  @Test
  void theSameQueryInOtherWordsHasTheSameTag() {
    save(3);

    assertEquals(
        tag("limit=100&after=1&include=headers,body"),
        tag("include=body,headers&after=001&wait=0"));
    assertEquals(tag(""), tag("limit=100"));
    assertEquals(tag("before=3"), tag("before=3&wait=5"), "which has no effect there");
  }

  private String tag(String query) {
    return String.valueOf(list(query, "application/json", "").headers().get("etag"));
  }

  private static String query(String... parts) {
    return Arrays.stream(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("&"));
  }

  private GatewayResponse list(String query, String accept, String ifNoneMatch) {
    return send(
        event("GET", HOOK_PATH + "/captures")
            .query(query)
            .header("authorization", "Bearer " + VIEW_KEY)
            .header("accept", accept)
            .header("if-none-match", ifNoneMatch));
  }

  /** Expiry does not change the hook's revision before retention has run. */
  @Test
  void whatExpiresIsNotCalledUnchanged() {
    store(
        List.of(Captures.capture(HOOK, 1, new byte[1]), Captures.capture(HOOK, 5000, new byte[1])));
    Instant firstEnds = Captures.RECEIVED_AT.plusMillis(1).plus(Duration.ofDays(7));
    String both = tag("after=0");
    String second = tag("after=1");
    String none = tag("after=2");

    clock.set(firstEnds.minusMillis(1));
    assertEquals(304, list("after=0", "application/json", both).status());
    assertEquals(both, tag("after=0"));

    clock.set(firstEnds);
    GatewayResponse later = list("after=0", "application/json", both);
    assertEquals(200, later.status());
    assertEquals(1, json(later).get("captures").size());
    assertNotEquals(both, later.headers().get("etag"));
    assertEquals(304, list("after=1", "application/json", second).status());
    assertEquals(304, list("after=2", "application/json", none).status());

    clock.pass(Duration.ofSeconds(5));
    String empty = tag("after=0");
    assertEquals(200, list("after=1", "application/json", second).status());
    assertEquals(304, list("after=0", "application/json", empty).status());
  }

  @Test
  void whatExpiresBehindAShortListEndsItsTagToo() {
    // Numbered in the order of arrival at the store; received in the reverse order.
    store(List.of(Captures.capture(HOOK, 5000, new byte[1])));
    store(List.of(Captures.capture(HOOK, 1, new byte[1])));
    String one = tag("after=0&limit=1");
    assertTrue(json(view(HOOK_PATH + "/captures", "after=0&limit=1")).get("more").booleanValue());

    clock.set(Captures.RECEIVED_AT.plusMillis(1).plus(Duration.ofDays(7)));

    GatewayResponse later = list("after=0&limit=1", "application/json", one);
    assertEquals(200, later.status());
    assertFalse(json(later).get("more").booleanValue());
  }

  @Test
  @Shows("H72")
  void onlyWhatFitsIsReadOfGreedyCaptures() {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      captures.add(greedy(i));
    }
    store(captures);
    long stored = PostgresServer.number(url, "SELECT max(length(head)) FROM captures");
    assertTrue(stored > 50_000, "a head of " + stored + " bytes");

    for (String form : List.of("", "&include=headers", "&include=headers,body")) {
      List<Long> seen = new ArrayList<>();
      long after = 0;
      boolean more = true;
      while (more) {
        JsonNode page = json(view(HOOK_PATH + "/captures", "limit=500&after=" + after + form));
        int listed = page.get("captures").size();
        assertTrue(
            listed >= 1 && listed * stored < 1.2 * CapturePage.MAX_BYTES, listed + " listed");
        page.get("captures").forEach(capture -> seen.add(capture.get("seq").longValue()));
        after = page.get("next").longValue();
        more = page.get("more").booleanValue();
      }
      assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), seen);
    }
  }

  private static Capture greedy(int id) {
    Capture plain = Captures.capture(HOOK, id, new byte[10]);
    RequestHead request = plain.request();
    return new Capture(
        plain.id(),
        plain.hook(),
        plain.receivedAt(),
        new RequestHead(
            request.edge(),
            request.method(),
            request.path(),
            request.query(),
            request.protocol(),
            request.sourceIp(),
            List.of(new Header("x-greedy", "\u00FF".repeat(9800))),
            List.of()),
        plain.body(),
        plain.notes());
  }

  @Test
  void aWaitEndsWhenSomethingIsStored() {
    List<Duration> pauses = new ArrayList<>();
    ApiHandler handler =
        handler(pause -> {
          pauses.add(pause);
          if (pauses.size() == 3) {
            save(1);
          }
        });

    JsonNode page = json(handler.respond(list("after=0&wait=20"), NOW.plusSeconds(25)));

    assertEquals(3, pauses.size());
    assertEquals(1, page.get("captures").size());
    assertFalse(page.get("timedOut").booleanValue());
  }

  @Test
  void aWaitThatEndsWithNothingSaysSo() {
    ApiHandler handler = handler(clock::pass);

    JsonNode page = json(handler.respond(list("after=0&wait=20"), NOW.plusSeconds(25)));

    assertEquals(NOW.plusSeconds(20), clock.instant());
    assertTrue(page.get("timedOut").booleanValue());
    assertEquals(0, page.get("next").longValue());
  }

  @Test
  void aWaitEndsBeforeTheInvocationDoes() {
    ApiHandler handler = handler(clock::pass);

    assertEquals(200, handler.respond(list("after=0&wait=20"), NOW.plusSeconds(5)).status());

    assertEquals(NOW.plusSeconds(5), clock.instant());
  }

  @Test
  void noWaitIsLongerThanTheOperatorWants() {
    environment.put("LONGEST_WAIT", "PT5S");
    assertEquals(5, json(view(HOOK_PATH)).at("/limits/wait").intValue());

    JsonNode page = json(handler(clock::pass).respond(list("after=0&wait=20"), LATER));

    assertEquals(NOW.plusSeconds(5), clock.instant());
    assertTrue(page.get("timedOut").booleanValue());
    handler(clock::pass).respond(list("after=0&wait=4"), LATER);
    assertEquals(NOW.plusSeconds(5 + 4), clock.instant());
  }

  @Test
  void theLongestWaitIsFromOneSecondToTwenty() {
    for (String taken : List.of("PT1S", "PT20S")) {
      environment.put("LONGEST_WAIT", taken);
      assertEquals(
          Duration.parse(taken).toSeconds(), json(view(HOOK_PATH)).at("/limits/wait").longValue());
    }
    for (String refused : List.of("PT0.999S", "PT20.001S", "PT0S", "5", "-PT5S")) {
      environment.put("LONGEST_WAIT", refused);
      ConfigurationException why =
          assertThrows(ConfigurationException.class, () -> view(HOOK_PATH));
      assertTrue(String.valueOf(why.getMessage()).contains("LONGEST_WAIT"), refused);
    }
  }

  private GatewayResponse viewIfNoneMatch(String etag) {
    return send(
        event("GET", HOOK_PATH + "/captures")
            .header("authorization", "Bearer " + VIEW_KEY)
            .header("if-none-match", etag));
  }

  private static InputStream list(String query) {
    return event("GET", HOOK_PATH + "/captures")
        .query(query)
        .header("authorization", "Bearer " + VIEW_KEY)
        .open();
  }
}
