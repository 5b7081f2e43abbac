package dev.hookwell.acceptance.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hookwell.capture.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Requests of hostile and careless senders, with the numbers of the list of hostile inputs. */
public final class HostileRequests {
  private static final int LIMIT = 4 * 1024 * 1024;
  private static final String BINARY = "application/octet-stream";
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";
  private static final String MARKUP = "<img src=x onerror=alert(1)>";
  private static final byte[] NO_UTF_8 = latin1("\u00FF\u00FE\u00C0\u00AF\u00ED\u00A0\u0080");

  private final List<HostileRequest> requests = new ArrayList<>();

  private HostileRequests() {}

  /** All that a gateway lets through to a hook. */
  public static List<HostileRequest> all() {
    HostileRequests all = new HostileRequests();
    all.bytes();
    all.json();
    all.markup();
    all.headers();
    all.addresses();
    all.words();
    return all.requests;
  }

  /** Bodies as long as they may be, and one that is longer. */
  public static List<HostileRequest> large() {
    HostileRequests large = new HostileRequests();
    large.post("H11-limit", BINARY, new byte[LIMIT]);
    large.post("H12-beyond", BINARY, new byte[LIMIT + 1]);
    large.post("H13-euro", TEXT, utf8("€".repeat(LIMIT / 3)));
    large.post("H18-bomb", JSON, gzip(new byte[50_000_000]), "content-encoding: gzip");
    large.post("H54-line", JSON, utf8("\"" + "x".repeat(LIMIT - 2) + "\""));
    large.post("H54-lines", TEXT, utf8("a\n".repeat(1_000_000)));
    return large.requests;
  }

  /** Requests that take a browser, or a careless reader of bodies, long out of all proportion. */
  public static List<HostileRequest> costly() {
    HostileRequests costly = new HostileRequests();
    costly.costlyForms();
    costly.costlyMarkup();
    costly.costlyText();
    return costly.requests;
  }

  private void costlyForms() {
    String form = "application/x-www-form-urlencoded";
    post("pairs-few", form, utf8("a&".repeat(20_000)));
    post("pairs", form, utf8("a&".repeat(2_000_000)));
    post("pair", form, utf8("a=" + "x".repeat(4_000_000)));
    post("pairs-joined", form, utf8(("a=" + "%D8%A8".repeat(1_000) + "&").repeat(400)));
    post("parts", "multipart/form-data; boundary=b", utf8("--b\r\nx\r\n".repeat(60_000) + "--b--"));
    post(
        "parts-far",
        "multipart/mixed; boundary=b",
        utf8("--b\r\nx\r\n".repeat(900) + "x".repeat(3_000_000) + "\r\n--b--"));
    post(
        "parts-heads",
        "multipart/mixed; boundary=b",
        utf8("--b\r\n" + "a: b\r\n".repeat(500_000) + "\r\n\r\n--b--"));
    request("query", "GET", "?" + "a&".repeat(3_000), "");
    request("cookies", "GET", "", "", "cookie: " + "a=b; ".repeat(1_500));
  }

  private void costlyMarkup() {
    String xml = "application/xml";
    post("xml", xml, utf8("<a>".repeat(290_000) + "</a>".repeat(290_000)));
    post("xml-open", xml, utf8("<a>".repeat(290_000)));
    post("json-deep", JSON, utf8("{\"a\":".repeat(1_990) + "1" + "}".repeat(1_990)));
    post("json-wide", JSON, utf8("[" + "1,".repeat(900_000) + "1]"));
    post(
        "json-twice",
        JSON,
        utf8("\n".repeat(1_800_000) + "{" + "\"a\":1,".repeat(20_000) + "\"a\":1}"));
    post("json-turned", JSON, utf8("\"" + "\u202E".repeat(500_000) + "\""));
  }

  private void costlyText() {
    post("newlines", TEXT, utf8("\n".repeat(2_000_000)));
    post("stacked", TEXT, utf8("a" + "\u0301".repeat(2_000_000)));
    post("joined", TEXT, utf8("\u0628".repeat(2_000_000)));
    post("unspaced", TEXT, utf8("\u0E01".repeat(1_000_000)));
    post("both-ways", TEXT, utf8("a\u05D1 ".repeat(1_000_000)));
    post("scripts", TEXT, utf8("a\u6F22\u0628\u0917\u3042\uD55C".repeat(200_000)));
    post("controls", TEXT, utf8("\u0001".repeat(900_000)));
    post("tags", TEXT, utf8("\uDB40\uDC41".repeat(500_000)));
    post("no-text", BINARY, latin1("\u00C3".repeat(4_000_000)));
    request("joined-path", "GET", "/" + latin1OfUtf8("\u0628".repeat(2_500)), "");
  }

  private void bytes() {
    post("H01", BINARY, new byte[1]);
    post("H04", BINARY, NO_UTF_8);
    post("H05", TEXT, NO_UTF_8);
    post("H07", "text/plain; charset=utf-16le", "\uFEFF<b>é</b>".getBytes(UTF_16LE));
    byte[] all = new byte[1024];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    post("H08", BINARY, all);
    StringBuilder control = new StringBuilder("\uFFFE\uFFFF");
    for (char c = 1; c < 0x20; c++) {
      control.append(c);
    }
    post("H09", TEXT, utf8(control.toString()));
    request("H10-none", "POST", "", "");
    request("H10-zero", "POST", "", "", "content-length: 0");
    post("H18", JSON, gzip(utf8("{\"zipped\":\"" + MARKUP + "\"}")), "content-encoding: gzip");
    post("H18-damaged", JSON, latin1("\u001F\u008Bnope"), "content-encoding: gzip");
    post("H18-unknown", JSON, utf8("{}"), "content-encoding: br, <b>");
  }

  private void json() {
    post("H02", JSON, utf8("{\"a\":\"\\u0000\"}"));
    post("H03", JSON, utf8("{\"a\":\"\\ud800\"}"));
    post("H14", JSON, utf8("[".repeat(20_000)));
    post("H14-closed", JSON, utf8("[".repeat(20_000) + "]".repeat(20_000)));
    post("H16-twice", JSON, utf8("{\"a\":1,\"a\":2,\"" + MARKUP + "\":3,\"" + MARKUP + "\":4}"));
    post("H16-comma", JSON, utf8("{\"a\":1,}"));
    post("H16-mark", JSON, utf8("\uFEFF{\"a\":1}"));
    post("H16-nan", JSON, utf8("{\"a\":NaN,\"" + MARKUP + "\":Infinity}"));
    post(
        "H17",
        JSON,
        utf8("{\"__proto__\":{\"polluted\":1},\"constructor\":{\"prototype\":{\"polluted\":1}}}"));
  }

  private void markup() {
    post(
        "H19",
        "multipart/form-data; boundary=b",
        utf8(
            "--b\r\nContent-Disposition: form-data; name=\"<b>f</b>\"; filename=\"\\\">"
                + MARKUP
                + "\"\r\nContent-Type: text/html\r\n\r\n"
                + MARKUP
                + "\r\n--b--\r\n"));
    post("H20", "application/x-www-form-urlencoded", utf8("a=1&a=%3Cb%3E&%zz&=x&" + MARKUP));
    post("H21", "text/html", utf8("<!doctype html><script>alert(1)</script>" + MARKUP));
    post(
        "H22-svg",
        "image/svg+xml",
        utf8(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>"));
    post(
        "H22-xxe",
        "application/xml",
        utf8(
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">"
                + "<!ENTITY r SYSTEM \"http://192.0.2.1/\">]><x>&e;&r;</x>"));
    StringBuilder laughs =
        new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 20; i++) {
      laughs.append("<!ENTITY l%d \"%s\">".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
    }
    post("H22-laughs", "text/xml", utf8(laughs + "]><l>&l19;</l>"));
    post("H77", TEXT, utf8("it's $(touch pwned) `touch pwned` \\ \"!!\" %s\n'; exit 7 #\n"));
    post("H77-nul", TEXT, utf8("'$(exit 7)'\0\n`exit 7`\r\n\u001B[2J"));
    post("H78", "text/csv", utf8("=cmd|' /C calc'!A0,+1,@SUM(1)\n"));
  }

  private void headers() {
    request("H23", "GET", "", "", "x-markup: " + MARKUP, "referer: javascript:alert(1)");
    request("H24-name", "GET", "", "", "x!#$%&'*+-.^_`|~: <b>", "x-'onload': 1");
    String[] many = new String[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = "x-many-%d: '%d'".formatted(i, i);
    }
    request("H24-many", "GET", "", "", many);
    request("H26", "GET", "", "", "x-a: 1", "x-a: 2");
    request("H27", "GET", "", "", "cookie: a=1; b=<b>; c='$(exit 7)'");
    request("H28", "GET", "", "", "authorization: Bearer secret");
    request("H44", "GET", "", "", "x-forwarded-for: 6.6.6.6", "cf-connecting-ip: 6.6.6.6");
    request("H46", "GET", "", "", "host: evil.example");
    post("H47-none", "", utf8("no type"));
    post("H47-odd", "text/html;charset=<script>", utf8("é"));
    post("H47-long", "text/" + "x".repeat(1000), utf8("long"));
    request("H49-range", "GET", "", "", "range: bytes=0-1", "if-none-match: *");
    post("H49-expect", TEXT, utf8("waited"), "expect: 100-continue");
    request("H50-one", "POST", "", "{}", "x-github-delivery: <i>1</i>", "x-github-event: ping");
    request("H50-two", "POST", "", "{}", "x-github-delivery: <i>1</i>", "x-github-event: ping");
    request("H51", "GET", "", "", "x-log: {\"level\":\"ERROR\"} %n%s ${jndi:ldap://x} \\e[2J");
    request("H52", "GET", "", "", "x-sql: '; DROP TABLE captures;--");
    request("latin-1", "GET", "", "", "x-latin: -'%\\n caf\u00E9 \u00A0", "x-empty:");
    request("H36", "OPTIONS", "", "", "origin: https://evil", "access-control-request-method: PUT");
  }

  private void addresses() {
    request("H29", "GET", "?a=1&a=2&%zz&b=%00&=&c&d='$(exit%207)'&e=%3Cb%3E", "");
    request("query-latin-1", "GET", "?q=caf\u00E9", "");
    request("H30", "GET", "?q=" + "q".repeat(6000), "");
    String invisible = latin1OfUtf8("\u202Egpj.exe\u200B\u2066\uFEFF");
    request("format", "POST", "/" + invisible + "?q=" + invisible, "\u202E\u0085\u200B");
    request("format-header", "GET", "", "", "x-a: " + invisible, "cookie: a=" + invisible);
    request("H31-dots", "GET", "/../../api/hooks", "");
    request("H31-coded", "GET", "/%2e%2e%2f%2e%2e%2fapi", "");
    request("H31-slashes", "GET", "//evil.example/;x=1", "");
    request(
        "H31-markup",
        "GET",
        "/%3Cimg%20src=x%20onerror=alert(1)%3E/%00/%25/%3F/%C3%A9/%7Ba%7D%5B1-3%5D",
        "");
    request("H33-js", "GET", "/app.js", "");
    request("H33-js-again", "GET", "/app.js", "");
    request("H33-pdf", "GET", "/a.pdf", "");
  }

  private void words() {
    for (String method : List.of("HEAD", "PUT", "PATCH", "DELETE")) {
      request("H34-" + method, method, "", method.equals("HEAD") ? "" : "body");
    }
  }

  private void post(String name, String contentType, byte[] body, String... headers) {
    List<String> lines = new ArrayList<>(List.of(headers));
    if (!contentType.isEmpty()) {
      lines.add("content-type: " + contentType);
    }
    requests.add(new HostileRequest(name, "POST", "/" + name, lines, Body.copyOf(body)));
  }

  private void request(String name, String method, String tail, String body, String... headers) {
    requests.add(new HostileRequest(name, method, tail, List.of(headers), Body.copyOf(utf8(body))));
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String latin1OfUtf8(String text) {
    return new String(utf8(text), ISO_8859_1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
