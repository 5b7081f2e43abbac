package dev.hookwell.api;

import static dev.hookwell.capture.Events.event;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import dev.hookwell.api.find.SearchedBody;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.store.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures that meet filters. */
final class SearchIT extends ApiFixture {
  private static final int MIB = SearchedBody.MOST_BYTES;
  private static final String LIST = HOOK_PATH + "/captures";

  private static Capture capture(int id, String path, List<Header> headers, byte[] body) {
    Capture plain = Captures.capture(HOOK, id, body);
    RequestHead request = plain.request();
    return new Capture(
        plain.id(),
        plain.hook(),
        plain.receivedAt(),
        new RequestHead(
            request.edge(),
            id % 2 == 0 ? "PUT" : "POST",
            "/h/" + HOOK.text() + path,
            request.query(),
            request.protocol(),
            request.sourceIp(),
            headers,
            request.cookies()),
        plain.body(),
        plain.notes());
  }

  private static Capture stripe(int id, String type, String event) {
    return capture(
        id,
        "/stripe",
        List.of(new Header("stripe-signature", "t=1,v1=ab")),
        ("{\"id\":\""
                + event
                + "\",\"type\":\""
                + type
                + "\",\"data\":{\"object\":{\"n\":"
                + id
                + "}}}")
            .getBytes(UTF_8));
  }

  private void storeSome() {
    store(
        List.of(
            capture(1, "/pay/17", List.of(new Header("x-id", "abc")), "Muñoz".getBytes(UTF_8)),
            capture(2, "", List.of(), "Muñoz".getBytes(ISO_8859_1)),
            capture(3, "/pay", List.of(), "Muñoz".getBytes(UTF_16LE)),
            stripe(4, "invoice.paid", "evt_4"),
            stripe(5, "invoice.payment_failed", "evt_5"),
            stripe(6, "invoice.paid", "evt_4")));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "method=put 2,4,6",
        "path=/pay* 1,3",
        "path=/pay 3",
        "path=* 1,2,3,4,5,6",
        "sender=stripe 4,5,6",
        "event=invoice.PAID 4,6",
        "event=invoice.paid&method=post -",
        "delivery=evt_4 4,6",
        "header=X-ID:AB 1",
        "header=cookie:theme 1,2,3,4,5,6",
        "text=mu%C3%B1oz 1,2,3",
        "text=MU%C3%91OZ&path=/pay* 1,3",
        "text=payment_failed 5",
        "text=session%3Dabc&text=evt_5 5",
        "text=%2Bname 1,2,3,4,5,6",
        "text=nowhere -",
        "json=/data/object/n=5 5",
        "json=/type=invoice.paid&json=/data/object/n=6.0 6",
        "json=/id=evt_9 -"
      })
  void filtersChoose(String query, String seqs) {
    storeSome();
    List<Integer> expected =
        seqs.equals("-")
            ? List.of()
            : Arrays.stream(seqs.split(",", -1)).map(Integer::valueOf).toList();

    assertPage("after=0&" + query, expected, 6, false);
    assertPage(query, expected.reversed(), 1, false);
  }

  @Test
  void aBodysDigestChooses() {
    storeSome();
    String digest = json(view(LIST + "/1")).get("bodySha256").textValue();

    assertPage("sha256=" + digest, List.of(1), 1, false);
  }

  @Test
  void whatABodyTellsOfItsSenderIsShownWhereItWasRead() {
    storeSome();

    JsonNode unread = json(view(LIST, "after=4&limit=1")).get("captures").get(0);
    assertTrue(unread.get("event").isNull() && unread.get("deliveryId").isNull());
    for (String query : List.of("after=4&limit=1&include=body", "delivery=evt_5")) {
      JsonNode read = json(view(LIST, query)).get("captures").get(0);
      assertEquals("invoice.payment_failed", read.get("event").textValue(), query);
      assertEquals("evt_5", read.get("deliveryId").textValue(), query);
    }
    assertEquals("evt_5", json(view(LIST + "/5")).get("deliveryId").textValue());
  }

  @Test
  void aLookEndsAfter500RowsAndTheNextGoesOn() {
    save(501);

    JsonNode first = json(view(LIST, "after=0&json=/n=501"));
    assertEquals(0, first.get("captures").size());
    assertEquals(500, first.get("next").longValue());
    assertTrue(first.get("more").booleanValue());
    assertFalse(first.get("timedOut").booleanValue());
    assertPage("after=500&json=/n=501", List.of(501), 501, false);
    assertPage("json=/n=1", List.of(), 2, true);
    assertPage("after=1&json=/n=501", List.of(501), 501, false);
  }

  @Test
  void aLookReadsOneMebibyteOfBodiesAndGoesOn() {
    byte[] half = new byte[MIB / 2];
    store(
        List.of(
            Captures.capture(HOOK, 1, half),
            Captures.capture(HOOK, 2, half),
            Captures.capture(HOOK, 3, "needle".getBytes(UTF_8))));

    assertPage("after=0&text=needle", List.of(), 2, true);
    assertPage("after=2&text=needle", List.of(3), 3, false);
    assertPage("text=needle", List.of(3), 2, true);
    assertPage("after=0&text=needle&method=GET", List.of(), 3, false);
  }

  @Test
  void onlyTheFirstMebibyteOfABodyIsSearchedAndItSaysSo() {
    byte[] fits = new byte[MIB];
    byte[] longer = new byte[MIB + 1];
    byte[] beyond = new byte[MIB + 6];
    byte[] needle = "needle".getBytes(UTF_8);
    System.arraycopy(needle, 0, fits, MIB - 6, 6);
    System.arraycopy(needle, 0, longer, MIB - 6, 6);
    System.arraycopy(needle, 0, beyond, MIB, 6);
    store(
        List.of(
            Captures.capture(HOOK, 1, fits),
            Captures.capture(HOOK, 2, longer),
            Captures.capture(HOOK, 3, beyond)));

    assertPartial("after=0&text=needle&limit=1", List.of(1), List.of());
    assertPartial("after=1&text=needle&limit=1", List.of(2), List.of(2));
    assertPartial("after=2&text=needle", List.of(), List.of(3));
    assertPartial("after=2&text=needle&method=GET", List.of(), List.of());
  }

  @Test
  void whatItsSenderPackedIsNamedWhereNoFilterSettlesIt() {
    byte[] packed = gzip("{\"order\":17,\"word\":\"needle\"}".getBytes(UTF_8));
    store(
        List.of(
            Captures.capture(HOOK, 1, packed),
            Captures.capture(HOOK, 2, "needle".getBytes(UTF_8))));

    assertPartial("after=0&text=needle", List.of(2), List.of(1));
    assertPartial("after=0&json=/order=17", List.of(), List.of(1));
    assertPartial("after=0&text=needle&method=GET", List.of(), List.of());
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private void assertPartial(String query, List<Integer> seqs, List<Integer> partial) {
    JsonNode page = json(view(LIST, query));
    assertEquals(seqs, numbers(page.get("captures").findValues("seq")), query);
    assertEquals(partial, numbers(page.get("partial")), query);
  }

  private static List<Integer> numbers(Iterable<JsonNode> nodes) {
    List<Integer> numbers = new ArrayList<>();
    nodes.forEach(node -> numbers.add(node.intValue()));
    return numbers;
  }

  @Test
  void bodiesThatWereNotKeptOrCannotBeReadAreNotSearched() {
    byte[] deep = ("[".repeat(10_000) + "]".repeat(10_000)).getBytes(UTF_8);
    store(
        List.of(
            Captures.capture(HOOK, 1, new byte[100_000]),
            Captures.capture(HOOK, 2, deep),
            Captures.capture(HOOK, 3, "needle".getBytes(UTF_8)),
            Captures.capture(HOOK, 4, new byte[0])));
    PostgresServer.execute(url, "UPDATE captures SET body_enc = 0, body = NULL WHERE seq = 1");

    assertPartial("after=0&text=needle", List.of(3), List.of(1));
    assertPartial("after=0&json=/a=1", List.of(), List.of(1, 2));
  }

  @Test
  void aDamagedRowDoesNotEndASearch() {
    store(
        List.of(
            Captures.capture(HOOK, 1, new byte[100_000]),
            Captures.capture(HOOK, 2, "needle".getBytes(UTF_8))));
    PostgresServer.execute(url, "UPDATE bodies SET body = '\\x1f8b00' WHERE seq = 1");
    PostgresServer.execute(
        url, "UPDATE captures SET body_enc = 2, body = '\\x1f8b00' WHERE seq = 1");

    assertPartial("after=0&text=needle", List.of(2), List.of(1));
  }

  @Test
  void aSendersOwnCompressionIsLeftAlone() throws java.io.IOException {
    java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
    try (var gzip = new java.util.zip.GZIPOutputStream(packed)) {
      gzip.write("needle".getBytes(UTF_8));
    }
    store(List.of(Captures.capture(HOOK, 1, packed.toByteArray())));

    assertPage("after=0&text=needle", List.of(), 1, false);
  }

  @Test
  void theLimitCountsWhatMatchesAndTheNextPageGoesOn() {
    save(10);

    assertPage("after=0&limit=2&method=POST", List.of(1, 2), 2, true);
    assertPage("after=2&limit=8&method=POST", List.of(3, 4, 5, 6, 7, 8, 9, 10), 10, false);
    assertPage("limit=2&method=POST", List.of(10, 9), 9, true);
    assertPage("after=99&method=POST", List.of(), 99, false);
  }

  @Test
  void anAnswerThatIsFullGoesOnWhereItEnded() {
    List<Capture> captures = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      captures.add(Captures.capture(HOOK, i, randomBytes(200_000 + i)));
    }
    store(captures);

    List<Integer> seen = new ArrayList<>();
    long after = 0;
    boolean more = true;
    while (more) {
      JsonNode page = json(view(LIST, "include=body&method=POST&after=" + after));
      seen.addAll(numbers(page.get("captures").findValues("seq")));
      after = page.get("next").longValue();
      more = page.get("more").booleanValue();
    }
    assertEquals(IntStream.rangeClosed(1, 8).boxed().toList(), seen);
  }

  @Test
  void aFilteredListHasNoTagAndNothingElseChanges() {
    save(1);
    GatewayResponse filtered = view(LIST, "method=POST");

    assertNull(filtered.headers().get("etag"));
    assertTrue(json(filtered).has("partial"));
    GatewayResponse again =
        send(
            event("GET", LIST)
                .query("method=POST")
                .header("authorization", "Bearer " + VIEW_KEY)
                .header("if-none-match", "*"));
    assertEquals(200, again.status());
    assertFalse(json(view(LIST)).has("partial"));
    assertTrue(view(LIST).headers().containsKey("etag"));
  }

  @Test
  void aWaitEndsWhenSomethingMatches() {
    save(3);
    List<Duration> pauses = new ArrayList<>();
    ApiHandler handler =
        handler(pause -> {
          pauses.add(pause);
          if (pauses.size() == 2) {
            store(List.of(Captures.capture(HOOK, 4, "{\"n\": 4}".getBytes(UTF_8))));
          } else if (pauses.size() == 4) {
            store(List.of(Captures.capture(HOOK, 5, "{\"n\": 17}".getBytes(UTF_8))));
          }
        });

    JsonNode page = json(handler.respond(list("after=0&wait=20&json=/n=17"), NOW.plusSeconds(25)));

    assertEquals(4, pauses.size());
    assertEquals(List.of(5), numbers(page.get("captures").findValues("seq")));
    assertEquals(5, page.get("next").longValue());
    assertFalse(page.get("timedOut").booleanValue());
  }

  /** Newest first, a search goes through the stored captures, and then through arrivals. */
  @Test
  void aWaitWithoutACursorAnswersWithAnArrivalThatMatches() {
    save(3);
    List<Duration> pauses = new ArrayList<>();
    ApiHandler handler =
        handler(pause -> {
          pauses.add(pause);
          if (pauses.size() == 2) {
            store(List.of(Captures.capture(HOOK, 4, "{\"n\": 4}".getBytes(UTF_8))));
          } else if (pauses.size() == 3) {
            store(
                List.of(
                    Captures.capture(HOOK, 5, "{\"n\": 17}".getBytes(UTF_8)),
                    Captures.capture(HOOK, 6, "{\"n\": 17}".getBytes(UTF_8))));
          }
        });

    JsonNode page = json(handler.respond(list("wait=20&json=/n=17"), NOW.plusSeconds(25)));

    assertEquals(List.of(6, 5), numbers(page.get("captures").findValues("seq")));
    assertEquals(1, page.get("next").longValue());
    assertFalse(page.get("timedOut").booleanValue());
  }

  @Test
  void aWaitThatEndsWithNothingTellsHowFarItLooked() {
    save(3);

    JsonNode page =
        json(handler(clock::pass).respond(list("after=0&wait=20&json=/n=17"), NOW.plusSeconds(25)));

    assertEquals(NOW.plusSeconds(20), clock.instant());
    assertTrue(page.get("timedOut").booleanValue());
    assertEquals(3, page.get("next").longValue());
    assertFalse(page.get("more").booleanValue());
  }

  @Test
  void aWaitWhoseLookIsSpentAnswersAtOnce() {
    save(500);
    List<Duration> pauses = new ArrayList<>();
    ApiHandler handler =
        handler(pause -> {
          pauses.add(pause);
          store(List.of(Captures.capture(HOOK, 501, new byte[1])));
        });

    JsonNode page = json(handler.respond(list("after=0&wait=20&json=/n=999"), NOW.plusSeconds(25)));

    assertEquals(1, pauses.size());
    assertTrue(page.get("more").booleanValue());
    assertFalse(page.get("timedOut").booleanValue());
    assertEquals(500, page.get("next").longValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "method=",
        "method=GET&method=PUT",
        "path=*********",
        "sha256=ab",
        "header=abc",
        "text=",
        "text=%FF",
        "text=%ED%A0%80",
        "text=%zz",
        "json=/a",
        "json=a=1"
      })
  void aWrongFilterIsNamed(String query) {
    GatewayResponse answer = view(LIST, query);

    assertEquals(400, answer.status());
    assertEquals("urn:hookwell:problem:bad-parameter", json(answer).get("type").textValue());
    assertEquals(query.substring(0, query.indexOf('=')), json(answer).get("parameter").textValue());
  }

  @Test
  void theReplacementCharacterCanBeLookedFor() {
    store(List.of(Captures.capture(HOOK, 1, "a \uFFFD b".getBytes(UTF_8))));

    assertPage("text=" + encoded("\uFFFD"), List.of(1), 1, false);
  }

  @Test
  void theOperatorLetsHeadsBeSearchedOrNothing() {
    storeSome();
    environment.put("SEARCH", "heads");
    assertPage("method=put", List.of(6, 4, 2), 1, false);
    assertPartial("after=0&text=abc&path=/pay*", List.of(1, 3), List.of());
    assertPartial("after=3&text=evt_5", List.of(), List.of(4, 5, 6));
    assertOff(view(LIST, "json=/a=1"));
    environment.put("SEARCH", "off");
    assertOff(view(LIST, "method=PUT"));
    assertOff(view(LIST, "text=abc"));
    assertEquals(200, view(LIST, "after=0").status());
    environment.put("SEARCH", "yes");
    assertThrows(ConfigurationException.class, () -> view(LIST));
  }

  private static void assertOff(GatewayResponse answer) {
    assertEquals(403, answer.status());
    assertEquals("urn:hookwell:problem:search-off", json(answer).get("type").textValue());
  }

  @Test
  void whatIsLookedForIsNotLogged() {
    view(LIST, "text=topsecret");
    database.close();
    view(LIST, "text=topsecret");

    assertFalse(log.isEmpty());
    assertTrue(log.stream().noneMatch(line -> line.contains("topsecret")), log::toString);
  }

  /**
   * The most work that one call can be made to do: by the sender of its bodies, and by the caller.
   */
  @Test
  void theWorstCallTakesLittleMemoryAndTime() {
    byte[] long4 = new byte[4 * MIB];
    byte[] letters = new byte[MIB];
    Arrays.fill(letters, (byte) 'a');
    letters[0] = 0;
    letters[1] = (byte) 0xFF;
    byte[] string = ("\"" + "\\u00e9".repeat((MIB - 2) / 6) + "\"").getBytes(UTF_8);
    byte[] number = "1".repeat(MIB).getBytes(UTF_8);
    List<Capture> captures = new ArrayList<>();
    for (byte[] body : List.of(long4, letters, string, number)) {
      captures.add(Captures.capture(HOOK, captures.size() + 1, body));
    }
    Header form = new Header("content-type", "application/x-www-form-urlencoded");
    byte[] escapes = "%5Cu00e9".repeat(MIB / 8).getBytes(UTF_8);
    captures.add(capture(captures.size() + 1, "/form", List.of(form), escapes));
    store(captures);
    String texts = ("&text=" + "a".repeat(400) + "b").repeat(16);
    String pointers = "&json=/a=1".repeat(16);
    for (int round = 0; round < 2; round++) {
      for (int after = 0; after < captures.size(); after++) {
        for (String filters : List.of("&text=needle", texts, "&json=/a=1", pointers)) {
          assertLittleWork("limit=1&after=" + after + filters);
        }
      }
    }
  }

  private void assertLittleWork(String query) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long used = threads.getCurrentThreadCpuTime();

    assertEquals(200, handler(pause -> {}).respond(list(query), NOW.plusSeconds(25)).status());

    long bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
    Duration work = Duration.ofNanos(threads.getCurrentThreadCpuTime() - used);
    String filter = query.substring(0, Math.min(40, query.length()));
    assertTrue(bytes < 32 * MIB, () -> bytes + " bytes for " + filter);
    assertTrue(work.toMillis() < 1000, () -> work + " for " + filter);
  }

  private static InputStream list(String query) {
    return event("GET", LIST).query(query).header("authorization", "Bearer " + VIEW_KEY).open();
  }
}
