package dev.hookwell.api.find;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Header;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiltersTest {
  private static final SearchedHead HEAD =
      new SearchedHead(
          "POST",
          List.of("/pay/Caf%C3%A9", "/pay/Café"),
          List.of("a=1&name=J%C3%BCrgen+Muster&city=K%F6ln"),
          List.of(
              new Header("x-id", "abc-DEF"),
              new Header("x-shop", "SmÃ¸rrebrÃ¸d"),
              new Header("x-shop", "Smørrebrød"),
              new Header("cookie", "a=1; session=xyz")),
          Optional.of("Stripe"),
          List.of("invoice.paid"),
          List.of("evt_1"),
          "ab".repeat(32),
          false,
          false);

  static Filters filters(String name, String... values) {
    try {
      return Filters.parse(Map.of(name, List.of(values)));
    } catch (FilterException e) {
      throw new AssertionError(e.filter() + ": " + e.detail(), e);
    }
  }

  private static HeadVerdict onHead(String name, String... values) {
    return filters(name, values).onHead(HEAD);
  }

  @ParameterizedTest
  @CsvSource({
    "method, post",
    "method, POST",
    "path, /pay/café",
    "path, /PAY/*",
    "path, *",
    "path, /pay/caf%c3%a9",
    "sender, STRIPE",
    "event, invoice.PAID",
    "delivery, evt_1",
    "header, X-Id:abc",
    "header, x-id: def",
    "header, x-shop:SMØRRE",
    "header, cookie:session=XYZ",
    "header, 'cookie:a=1; session'",
    "text, abc-def",
    "text, session=xyz",
    "text, j%c3%bcrgen",
    "text, JÜRGEN MUSTER",
    "text, köln",
    "text, /pay/café",
  })
  void aHeadMeetsWhatItHolds(String name, String value) {
    assertEquals(HeadVerdict.HOLDS, onHead(name, value));
  }

  @ParameterizedTest
  @CsvSource({
    "method, POS",
    "path, /pay",
    "path, pay*",
    "sender, Strip",
    "event, invoice",
    "delivery, evt_",
    "header, x-i:abc",
    "header, x-id:abd",
    "header, x-other:a"
  })
  void aHeadFailsWhatItDoesNotHold(String name, String value) {
    assertEquals(HeadVerdict.FAILS, onHead(name, value));
  }

  @Test
  void aDigestIsComparedInAnyCase() {
    assertEquals(HeadVerdict.HOLDS, onHead("sha256", "AB".repeat(32)));
    assertEquals(HeadVerdict.FAILS, onHead("sha256", "AC".repeat(32)));
  }

  @Test
  void namesOfHeadersAreNoText() {
    assertEquals(HeadVerdict.OPEN, onHead("text", "x-shop"));
  }

  @Test
  void repeatedFiltersAllHaveToHold() {
    assertEquals(HeadVerdict.HOLDS, onHead("header", "x-id:abc", "cookie:xyz"));
    assertEquals(HeadVerdict.FAILS, onHead("header", "x-id:abc", "cookie:none"));
    assertEquals(HeadVerdict.OPEN, onHead("text", "abc", "in the body"));
  }

  @Test
  void aTextMayBeInTheHeadAndAnotherInTheBody() {
    Filters filters = filters("text", "abc-def", "needle");

    assertEquals(BodyVerdict.HOLDS, filters.onBody(HEAD, body("a NEEDLE")));
    assertEquals(BodyVerdict.FAILS, filters.onBody(HEAD, body("abc-def")));
  }

  @Test
  void whatAKnownSenderSaysInItsBodyIsLookedUpThere() {
    SearchedHead head = headOfStripe();
    SearchedBody body =
        new SearchedBody(
            "{}".getBytes(UTF_8),
            true,
            SearchedBody.Kind.TEXT,
            Optional.of("a.paid"),
            Optional.of("evt_2"));

    assertEquals(HeadVerdict.OPEN, filters("event", "a.paid").onHead(head));
    assertEquals(BodyVerdict.HOLDS, filters("event", "A.paid").onBody(head, body));
    assertEquals(BodyVerdict.FAILS, filters("event", "b.paid").onBody(head, body));
    assertEquals(BodyVerdict.HOLDS, filters("delivery", "evt_2").onBody(head, body));
    assertEquals(BodyVerdict.FAILS, filters("delivery", "evt_1").onBody(head, body));
  }

  @ParameterizedTest
  @CsvSource({
    "method, ''",
    "path, ''",
    "path, /*********",
    "sender, ''",
    "event, ''",
    "delivery, ''",
    "sha256, abc",
    "sha256, ''",
    "header, x-id",
    "header, x-id:",
    "header, 'x-id: '",
    "header, :abc",
    "header, 'x id:abc'",
    "text, ''",
    "json, ''",
    "json, /a",
    "json, a=1",
    "json, =1",
    "json, /a~2=1",
    "json, /a~=1"
  })
  void aWrongFilterIsNamedAndItsValueIsNot(String name, String value) {
    FilterException refusal =
        assertThrows(FilterException.class, () -> Filters.parse(Map.of(name, List.of(value))));

    assertEquals(name, refusal.filter());
    assertTrue(value.length() < 3 || !refusal.detail().contains(value), refusal.detail());
  }

  @Test
  void filtersAreTakenUpToTheirLimits() throws FilterException {
    assertFalse(filters("path", "*".repeat(8)).isNone());
    assertFalse(filters("text", "a".repeat(Filters.LONGEST)).isNone());
    assertRefused("text", List.of("a".repeat(Filters.LONGEST + 1)));
    assertFalse(Filters.parse(Map.of("text", Collections.nCopies(Filters.MOST, "a"))).isNone());
    assertRefused("text", Collections.nCopies(Filters.MOST + 1, "a"));
    assertFalse(filters("json", "/a".repeat(200) + "=1").isNone());
    assertRefused("json", List.of("/a".repeat(201) + "=1"));
    assertTrue(Filters.parse(Map.of("limit", List.of("5"))).isNone());
  }

  private static void assertRefused(String name, List<String> values) {
    assertThrows(FilterException.class, () -> Filters.parse(Map.of(name, values)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FORM | Body=Hello+World%21&a=1 | hello world!",
        "FORM | name=Mu%F1oz+Garc%EDa | muñoz garcía",
        "FORM | name=M%C3%BCller | MÜLLER",
        "FORM | payload=%7B%22a%22%3A%22Z%5Cu00fcrich%22%7D | zürich",
        "TEXT | {\"a\":\"Z\\u00fcrich \\ud83d\\ude00\"} | zürich 😀",
        "TEXT | {\"a\":\"https:\\/\\/shop.test\\/17\"} | https://shop.test/17",
        "TEXT | {\"a\":\"say \\\"hi\\\"\\nto C:\\\\x\"} | say \"hi\"",
        "TEXT | {\"a\":\"C:\\\\x\"} | c:\\x",
        "TEXT | 100%25+more | 100%25+more",
      })
  void aTextOfABodyIsFoundAsItReads(SearchedBody.Kind kind, String body, String text) {
    assertEquals(BodyVerdict.HOLDS, filters("text", text).onBody(HEAD, body(kind, body)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TEXT | a+b%20c | a b c",
        "FORM | a=1&b=2 | a=1 b",
        "TEXT | \\u00f | \u00f0",
        "TEXT | \\ud83d x | 😀",
        "TEXT | end\\ | end\\\\",
      })
  void whatIsNoEscapeStandsForItself(SearchedBody.Kind kind, String body, String text) {
    assertEquals(BodyVerdict.FAILS, filters("text", text).onBody(HEAD, body(kind, body)));
  }

  @Test
  void nobodyKnowsWhatIsInAPackedBody() {
    SearchedBody packed = body(SearchedBody.Kind.PACKED, "not the word");

    assertEquals(BodyVerdict.UNREAD, filters("text", "needle").onBody(HEAD, packed));
    assertEquals(BodyVerdict.HOLDS, filters("text", "the word").onBody(HEAD, packed));
    assertEquals(BodyVerdict.UNREAD, filters("json", "/a=1").onBody(HEAD, packed));
  }

  /** A sender may declare a body as compressed that is not. */
  @Test
  void whatIsFoundInABodyThatIsCalledPackedCounts() {
    SearchedHead head = headOfStripe();
    SearchedBody packed =
        new SearchedBody(
            "{\"a\":1}".getBytes(UTF_8),
            true,
            SearchedBody.Kind.PACKED,
            Optional.of("a.paid"),
            Optional.of("evt_2"));

    assertEquals(BodyVerdict.HOLDS, filters("json", "/a=1").onBody(HEAD, packed));
    assertEquals(BodyVerdict.UNREAD, filters("json", "/a=2").onBody(HEAD, packed));
    assertEquals(BodyVerdict.HOLDS, filters("event", "a.paid").onBody(head, packed));
    assertEquals(BodyVerdict.UNREAD, filters("event", "b.paid").onBody(head, packed));
    assertEquals(BodyVerdict.HOLDS, filters("delivery", "evt_2").onBody(head, packed));
    assertEquals(BodyVerdict.UNREAD, filters("delivery", "evt_1").onBody(head, packed));
  }

  @Test
  void aBodyIsPackedByItsFirstBytesOrElseByWhatItsHeadersSay() {
    byte[] gzip = {0x1F, (byte) 0x8B, 8, 0};
    byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0};
    byte[] text = "{}".getBytes(UTF_8);

    assertEquals(SearchedBody.Kind.PACKED, SearchedBody.Kind.of(head(), gzip));
    assertEquals(SearchedBody.Kind.PACKED, SearchedBody.Kind.of(head(), zstd));
    byte[] zlib = {0x78, (byte) 0x9C, 0};
    assertEquals(SearchedBody.Kind.PACKED, SearchedBody.Kind.of(head(), zlib));
    assertEquals(SearchedBody.Kind.TEXT, SearchedBody.Kind.of(head(), "x^2".getBytes(UTF_8)));
    assertEquals(SearchedBody.Kind.TEXT, SearchedBody.Kind.of(head(), new byte[] {0x1F}));
    Header brotli = new Header("content-encoding", "identity, BR");
    assertEquals(SearchedBody.Kind.PACKED, SearchedBody.Kind.of(head(brotli), text));
    Header untrue = new Header("content-encoding", "gzip");
    assertEquals(SearchedBody.Kind.TEXT, SearchedBody.Kind.of(head(untrue), text));
    Header form = new Header("content-type", "Application/X-WWW-form-urlencoded; charset=utf-8");
    assertEquals(SearchedBody.Kind.FORM, SearchedBody.Kind.of(head(form), text));
  }

  private static SearchedHead head(Header... headers) {
    return new SearchedHead(
        "POST",
        List.of(),
        List.of(),
        List.of(headers),
        Optional.empty(),
        List.of(),
        List.of(),
        "",
        false,
        false);
  }

  @Test
  void whatIsLookedForIsInNoText() {
    assertFalse(filters("text", "secret").toString().contains("secret"));
  }

  /** The head of a sender that names its events in its bodies. */
  private static SearchedHead headOfStripe() {
    return new SearchedHead(
        "POST",
        List.of(),
        List.of(),
        List.of(),
        Optional.of("Stripe"),
        List.of(),
        List.of(),
        "",
        true,
        true);
  }

  private static SearchedBody body(String text) {
    return body(SearchedBody.Kind.TEXT, text);
  }

  private static SearchedBody body(SearchedBody.Kind kind, String text) {
    return new SearchedBody(text.getBytes(UTF_8), true, kind, Optional.empty(), Optional.empty());
  }
}
