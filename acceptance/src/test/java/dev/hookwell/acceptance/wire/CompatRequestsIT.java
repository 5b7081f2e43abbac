package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.ConcurrentTest;
import dev.hookwell.acceptance.support.NonAscii;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.gateway.RawConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that must be recorded faithfully, by the numbers of their rows: methods and framing
 * (1–12), headers (39–50), paths and queries (51–59).
 */
final class CompatRequestsIT {
  @TempDir static Path data;

  private static Witness witness;

  @BeforeAll
  static void start() {
    witness = Witness.start(data);
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @ConcurrentTest
  @Shows("H10")
  void row01GetWithoutBodyAndQueryIsRecorded() {
    Recorded recorded = witness.record("GET {hook} HTTP/1.1\nHost: a\n\n");
    assertEquals("GET", recorded.text("method"));
    assertEquals("/h/" + recorded.hook().id(), recorded.text("path"));
    assertEquals("", recorded.text("query"));
    assertEquals("0", recorded.text("bodySize"));
    assertEquals("HTTP/1.1", recorded.text("protocol"));
    assertEquals("127.0.0.1", recorded.text("sourceIp"));
    assertEquals("apigw-http-2.0", recorded.text("edge"));
    assertEquals(List.of(), recorded.notes());
    assertEquals(List.of(), recorded.cookies());
  }

  @ConcurrentTest
  @Shows("H34")
  void row02HeadIsRecordedAsHeadAndAnsweredWithoutABody() throws IOException {
    Client.Hook hook = witness.hook();
    try (RawConnection connection = witness.connect()) {
      String request = "HEAD /h/" + hook.id() + " HTTP/1.1\nHost: a\n\n";
      Answer answer = Answer.of(connection.send(request).receiveHead());
      assertEquals(200, answer.status());
      assertEquals("application/json", answer.header("content-type"));
      // The next response starts right behind the head.
      assertEquals(200, Answer.of(connection.send(request).receiveHead()).status());
    }
    for (Recorded recorded : witness.recorded(hook, 2)) {
      assertEquals("HEAD", recorded.text("method"));
      assertEquals("0", recorded.text("bodySize"));
    }
  }

  @ConcurrentTest
  void row03PlainOptionsIsRecorded() {
    Recorded recorded = witness.record("OPTIONS {hook}/o HTTP/1.1\nHost: a\n\n");
    assertEquals("OPTIONS", recorded.text("method"));
    assertEquals("/o", recorded.tail());
  }

  @ConcurrentTest
  @Shows("H36")
  void row04PreflightIsAnsweredForBrowsersAndRecorded() {
    Client.Hook hook = witness.hook();
    Answer answer =
        witness.send(
            hook,
            """
            OPTIONS {hook} HTTP/1.1
            Host: a
            Origin: https://app.example
            Access-Control-Request-Method: PATCH
            Access-Control-Request-Headers: authorization,x-own

            """);
    assertEquals(200, answer.status());
    assertEquals("https://app.example", answer.header("access-control-allow-origin"));
    assertEquals("true", answer.header("access-control-allow-credentials"));
    assertEquals("origin", answer.header("vary"));
    assertTrue(answer.header("access-control-allow-methods").contains("PATCH"));
    assertEquals("authorization, x-own", answer.header("access-control-allow-headers"));
    assertEquals("0", answer.header("access-control-max-age"));
    Recorded recorded = witness.recorded(hook, 1).getFirst();
    assertEquals("OPTIONS", recorded.text("method"));
    assertEquals("https://app.example", recorded.header("origin"));
    assertEquals("PATCH", recorded.header("access-control-request-method"));
    assertEquals("authorization,x-own", recorded.header("access-control-request-headers"));
  }

  @ConcurrentTest
  void row05WebHookHandshakeIsRecorded() {
    Recorded recorded =
        witness.record(
            """
            OPTIONS {hook} HTTP/1.1
            Host: a
            WebHook-Request-Origin: eventemitter.example
            WebHook-Request-Rate: 120

            """);
    assertEquals("eventemitter.example", recorded.header("webhook-request-origin"));
    assertEquals("120", recorded.header("webhook-request-rate"));
  }

  @ConcurrentTest
  @Shows("H34")
  void row06MethodsWithAJsonBodyAreKept() {
    List<String> methods = List.of("POST", "PUT", "PATCH", "DELETE");
    List<Recorded> recorded =
        witness.record(
            methods.stream()
                .map(method ->
                    request(
                        method
                            + " {hook} HTTP/1.1\nHost: a\nContent-Type: application/json\n"
                            + "Content-Length: {size}\n\n",
                        "{\"by\":\"" + method + "\"}"))
                .toList());
    for (int i = 0; i < methods.size(); i++) {
      assertEquals(methods.get(i), recorded.get(i).text("method"));
      assertEquals("application/json", recorded.get(i).text("contentType"));
    }
  }

  @ConcurrentTest
  void row07DeleteAndGetKeepTheirBody() {
    List<Recorded> recorded =
        witness.record(
            List.of(
                request("DELETE {hook} HTTP/1.1\nHost: a\nContent-Length: {size}\n\n", "gone"),
                request("GET {hook} HTTP/1.1\nHost: a\nContent-Length: {size}\n\n", "q=term")));
    assertEquals("DELETE", recorded.getFirst().text("method"));
    assertEquals("GET", recorded.getLast().text("method"));
  }

  @ConcurrentTest
  @Shows("H34")
  void row08UnusualMethodsAreRefusedByTheGatewayAndNotRecorded() {
    Client.Hook hook = witness.hook();
    for (String method : List.of("PURGE", "PROPFIND", "QUERY", "TRACE", "post")) {
      Answer answer = witness.send(hook, method + " {hook} HTTP/1.1\nHost: a\n\n");
      assertEquals(405, answer.status(), method);
      assertEquals("{\"message\":\"Method Not Allowed\"}", answer.text());
    }
    assertOnlyRecordsWhatComesNext(hook);
  }

  @ConcurrentTest
  @Shows("H10")
  void row09PostWithALengthOfZeroHasAnEmptyBody() {
    Recorded recorded =
        witness.record("POST {hook} HTTP/1.1\nHost: a\nContent-Length: 0\nX-A: b\n\n");
    assertEquals("POST", recorded.text("method"));
    assertEquals("0", recorded.header("content-length"));
    assertEquals("b", recorded.header("x-a"));
    assertEquals("", recorded.text("contentType"));
    assertEquals("0", recorded.text("bodySize"));
  }

  @ConcurrentTest
  void row10PostWithoutAContentTypeIsRecorded() {
    Recorded recorded = witness.post("", "", utf8("no type at all: é"));
    assertEquals("", recorded.text("contentType"));
    assertEquals(List.of(), recorded.headers("content-type"));
  }

  @ConcurrentTest
  void row11ChunkedBodyIsComplete() throws IOException {
    Client.Hook hook = witness.hook();
    byte[] chunk = new byte[70_000];
    for (int i = 0; i < chunk.length; i++) {
      chunk[i] = (byte) (i * 7);
    }
    try (RawConnection connection = witness.connect()) {
      connection.send(
          "POST /h/"
              + hook.id()
              + " HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1\na\n11170\n");
      connection.sendBytes(chunk).send("\n0\nX-Trailer: dropped\n\n");
      assertEquals(200, Answer.of(connection.receive()).status());
    }
    Recorded recorded = witness.recorded(hook, 1).getFirst();
    byte[] whole = new byte[70_001];
    whole[0] = 'a';
    System.arraycopy(chunk, 0, whole, 1, chunk.length);
    assertEquals(Client.sha256(whole), recorded.text("bodySha256"));
    assertEquals(List.of(), recorded.headers("transfer-encoding"));
  }

  @ConcurrentTest
  @Shows("H49")
  void row12SenderThatExpectsContinueIsNotStalled() throws IOException {
    Client.Hook hook = witness.hook();
    byte[] body = "0123456789".repeat(10_240).getBytes(ISO_8859_1);
    try (RawConnection connection = witness.connect()) {
      connection.send(
          """
          POST /h/%s HTTP/1.1
          Host: a
          Content-Length: %d
          Expect: 100-continue

          """
              .formatted(hook.id(), body.length));
      assertEquals("HTTP/1.1 100 Continue\n", connection.receiveHead());
      assertEquals(200, Answer.of(connection.sendBytes(body).receive()).status());
    }
    Recorded recorded = witness.recorded(hook, 1).getFirst();
    assertEquals(Client.sha256(body), recorded.text("bodySha256"));
    assertEquals(Integer.toString(body.length), recorded.header("content-length"));
  }

  @ConcurrentTest
  @Shows("H26")
  void row39DuplicateHeadersAreJoinedWithACommaAndNeverSplit() {
    Recorded recorded =
        witness.record(
            """
            GET {hook} HTTP/1.1
            Host: a
            X-Dup: a
            X-List: 1, 2
            X-Dup: b
            X-List: 3

            """);
    assertEquals("a,b", recorded.header("x-dup"));
    assertEquals("1, 2,3", recorded.header("x-list"));
  }

  @ConcurrentTest
  void row41HeaderNamesAreLowerCasedAndTheEdgeSaysSo() {
    Recorded recorded =
        witness.record("GET {hook} HTTP/1.1\nhost: a\nX-MiXeD-Case: Value\nlower: v\n\n");
    assertEquals("Value", recorded.header("x-mixed-case"));
    assertEquals("v", recorded.header("lower"));
    assertEquals("apigw-http-2.0", recorded.text("edge"));
    assertEquals(List.of(), recorded.notes());
  }

  /** CVE-2026-102479: a name that only looked like another was taken for it. */
  @ConcurrentTest
  void row41HeaderNamesThatAreNearlyKnownOnesAreKept() {
    Recorded recorded =
        witness.record(
            """
            POST {hook} HTTP/1.1
            Host: a
            Content-Length: 0
            Content-Xength: 5
            Xontent-Type: x
            Connectiox: close
            Hosx: b

            """);
    assertEquals("5", recorded.header("content-xength"));
    assertEquals("x", recorded.header("xontent-type"));
    assertEquals("close", recorded.header("connectiox"));
    assertEquals("b", recorded.header("hosx"));
    assertEquals("0", recorded.text("bodySize"));
  }

  @ConcurrentTest
  void row43OddHeaderValuesAreKept() {
    Recorded recorded =
        witness.record(
            """
            GET {hook} HTTP/1.1
            Host: a
            X-Empty:
            X-Spaces:   in  the middle\t
            X-Latin: caf\u00e9 \u00ff
            X-Quoted: "a\\"b", c

            """);
    assertEquals("", recorded.header("x-empty"));
    assertEquals("in  the middle", recorded.header("x-spaces"));
    assertEquals("café ÿ", recorded.header("x-latin"));
    assertEquals("\"a\\\"b\", c", recorded.header("x-quoted"));
  }

  @ConcurrentTest
  void row43And57HeadInUtf8ReadsAlikeRawAndEscaped() {
    NonAscii.assertReadsAlike(witness);
  }

  @ConcurrentTest
  void row44ManyAndLongHeadersAreExactBelowTheLimitAndRefusedAbove() {
    StringBuilder headers = new StringBuilder("X-Long: " + "v".repeat(4096) + "\n");
    for (int i = 0; i < 60; i++) {
      headers.append("X-Many-").append(i).append(": value ").append(i).append('\n');
    }
    Recorded recorded = witness.record("GET {hook} HTTP/1.1\nHost: a\n" + headers + "\n");
    assertEquals("v".repeat(4096), recorded.header("x-long"));
    for (int i = 0; i < 60; i++) {
      assertEquals("value " + i, recorded.header("x-many-" + i));
    }

    Client.Hook hook = witness.hook();
    Answer refused =
        witness.send(hook, "GET {hook} HTTP/1.1\nHost: a\nX-Long: " + "v".repeat(10_240) + "\n\n");
    assertEquals(431, refused.status());
    assertTrue(refused.text().startsWith("{\"message\":"), refused.text());
    assertEquals(200, witness.send(hook, "GET {hook}/next HTTP/1.1\nHost: a\n\n").status());
    assertEquals("/next", witness.recorded(hook, 1).getFirst().tail());
  }

  @ConcurrentTest
  void row45EveryCookieOfEveryLineIsKeptInOrder() {
    List<String> all = List.of("z=1", "a=\"2 3\"", "z=4", "bare", "e=");
    Recorded one =
        witness.record("GET {hook} HTTP/1.1\nHost: a\nCookie: z=1; a=\"2 3\"; z=4;bare; e=\n\n");
    assertEquals(all, one.cookies());
    Recorded two =
        witness.record(
            """
            GET {hook} HTTP/1.1
            Host: a
            Cookie: z=1; a="2 3"
            X-Between: them
            Cookie: z=4; bare; e=

            """);
    assertEquals(all, two.cookies());
    assertEquals(List.of(), two.headers("cookie"));
  }

  @ConcurrentTest
  void row46AuthorizationIsKeptForTheReader() {
    List<String> values =
        List.of(
            "Basic dXNlcjpwYXNz",
            "Bearer eyJhbGciOiJub25lIn0.e30.",
            "Digest username=\"u\", realm=\"r\", nonce=\"n, m\", uri=\"/\"");
    assertEquals(
        values,
        headers("authorization", "GET {hook} HTTP/1.1\nHost: a\nAuthorization: %s\n\n", values));
  }

  @ConcurrentTest
  @Shows("H44")
  void row47ForwardingHeadersOfTheSenderDoNotSpoofItsAddress() {
    Recorded recorded =
        witness.record(
            """
            GET {hook} HTTP/1.1
            Host: a
            X-Forwarded-For: 203.0.113.7
            X-Forwarded-Proto: gopher
            Forwarded: for=203.0.113.8;proto=https
            Via: 1.1 proxy.example
            X-Real-IP: 203.0.113.9
            CF-Connecting-IP: 203.0.113.10
            True-Client-IP: 203.0.113.11

            """);
    assertEquals("127.0.0.1", recorded.text("sourceIp"));
    assertEquals("203.0.113.7, 127.0.0.1", recorded.header("x-forwarded-for"));
    assertEquals("http", recorded.header("x-forwarded-proto"));
    assertEquals("for=203.0.113.8;proto=https", recorded.header("forwarded"));
    assertEquals("1.1 proxy.example", recorded.header("via"));
    assertEquals("203.0.113.9", recorded.header("x-real-ip"));
    assertEquals("203.0.113.10", recorded.header("cf-connecting-ip"));
    assertEquals("203.0.113.11", recorded.header("true-client-ip"));
  }

  @ConcurrentTest
  void row48AcceptEncodingIsRecordedAsDeliveredAndNotActedOn() {
    Client.Hook hook = witness.hook();
    Answer answer =
        witness.send(hook, "GET {hook} HTTP/1.1\nHost: a\nAccept-Encoding: deflate, gzip\n\n");
    assertEquals("", answer.header("content-encoding"));
    assertEquals("deflate, gzip", witness.recorded(hook, 1).getFirst().header("accept-encoding"));
  }

  @ConcurrentTest
  void row49RequestWithoutUserAgentAndAcceptIsRecorded() {
    Recorded recorded = witness.record("GET {hook} HTTP/1.1\nHost: a\n\n");
    assertTrue(recorded.capture().get("userAgent").isNull());
    assertEquals(List.of(), recorded.headers("accept"));
    assertEquals(
        "probe/1 (+x)",
        witness
            .record("GET {hook} HTTP/1.1\nHost: a\nUser-Agent: probe/1 (+x)\n\n")
            .text("userAgent"));
  }

  @ConcurrentTest
  void row50HostIsRecordedAndAnyHostReachesTheHook() {
    List<String> hosts = List.of("hooks.custom.example", "127.0.0.1:8080", "[::1]:99", "LOCAL");
    assertEquals(hosts, headers("host", "GET {hook} HTTP/1.1\nHost: %s\n\n", hosts));
    assertEquals(
        hosts,
        headers("host", "GET http://in-the-line.example{hook}/x HTTP/1.1\nHost: %s\n\n", hosts));
  }

  @ConcurrentTest
  void row51PathIsRecordedAsDeliveredAndReachesTheRightHook() {
    assertTailsAreKept(
        "/a/b/c",
        "/a/",
        "/",
        "//",
        "//a//b",
        "/./a/.",
        "/a/../b",
        "/../../x",
        "/;p=1;q",
        "/~!$&'()*+,=:@-._",
        "/A/B");
  }

  @ConcurrentTest
  void row51PathThatTheEdgeDecodedSaysSo() {
    Map<String, String> decoded =
        Map.of(
            "/a%20b", "/a b",
            "/caf%C3%A9", "/café",
            "/%7Bid%7D", "/{id}",
            "/50%25", "/50%",
            "/%0A", "/\n",
            "/%00", "/\0",
            "/%22%3Cb%3E", "/\"<b>");
    List<Recorded> recorded =
        witness.record(decoded.keySet().stream().map(Witness.Request::get).toList());
    assertEquals(List.copyOf(decoded.values()), recorded.stream().map(Recorded::tail).toList());
    recorded.forEach(one -> assertEquals(List.of("path-decoded"), one.notes(), one.tail()));
  }

  @ConcurrentTest
  void row51ExactPathOfASenderIsNotBelievedWithoutTheEdge() {
    Recorded recorded =
        witness.record(
            """
            GET {hook}/a%20b HTTP/1.1
            Host: a
            X-Hookwell-Raw-Path: /h/forged
            X-Hookwell-Origin: forged

            """);
    assertEquals("/a b", recorded.tail());
    assertEquals(List.of("path-decoded"), recorded.notes());
    // It is a header like any other then.
    assertEquals("/h/forged", recorded.header("x-hookwell-raw-path"));
    assertEquals(List.of(), recorded.headers("x-hookwell-origin"));
  }

  @ConcurrentTest
  void row53TailThatLooksLikeAStatusChangesNothing() {
    assertTailsAreKept("/404", "/500", "/orders/1234", "/204/", "/status/301");
  }

  @ConcurrentTest
  void row54ReservedWordsAreCapturedUnderTheHook() {
    assertTailsAreKept(
        "/ping",
        "/sping",
        "/api",
        "/api/hooks",
        "/favicon.ico",
        "/robots.txt",
        "/assets/x",
        "/h/x",
        "/.well-known/a",
        "/index.html");
  }

  @ConcurrentTest
  void row55QueryIsKeptAsSent() {
    assertQueryIsKept("a=1&a=2&b=&c&=d");
    assertQueryIsKept("&&==&a=b=c?d/e#f");
    assertEquals("", witness.record("GET {hook}? HTTP/1.1\nHost: a\n\n").text("query"));
  }

  @ConcurrentTest
  void row56EscapesInAQueryAreKept() {
    assertQueryIsKept("q=a+b&r=a%20b&s=a%2Bb&t=%2b&u=%zz%&v=%00&w=%C3%A9&x=%ff");
  }

  @ConcurrentTest
  void row57OddCharactersInAQueryAreKept() {
    assertQueryIsKept("a;b|c&d={e}&f[]=g&h[i]=j&k=\"<l>\"&m='n'&o=^`\\");
    assertQueryIsKept("raw=\u00c3\u00a9");
  }

  @ConcurrentTest
  @Shows("H29")
  void row59LongQueryIsExact() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      pairs.add("key" + i + "=" + (i * 31));
    }
    String query = String.join("&", pairs);
    assertQueryIsKept(query.substring(0, 8 * 1024));
  }

  private static void assertQueryIsKept(String query) {
    Recorded recorded =
        witness.record(
            "POST {hook}/q?" + query + " HTTP/1.1\nHost: a\nContent-Length: {size}\n\n",
            "with a body".getBytes(UTF_8));
    assertEquals(query, recorded.text("query"));
    assertEquals("/q", recorded.tail());
    assertEquals(List.of(), recorded.notes());
  }

  private static void assertTailsAreKept(String... tails) {
    List<Recorded> recorded = witness.record(Stream.of(tails).map(Witness.Request::get).toList());
    assertEquals(List.of(tails), recorded.stream().map(Recorded::tail).toList());
    recorded.forEach(one -> assertEquals(List.of(), one.notes(), one.tail()));
  }

  /** The recorded values of a header, one for each of these values in the request. */
  private static List<String> headers(String name, String request, List<String> values) {
    return witness
        .record(values.stream().map(value -> request(request.formatted(value), "")).toList())
        .stream()
        .map(recorded -> recorded.header(name))
        .toList();
  }

  private static Witness.Request request(String head, String body) {
    return new Witness.Request(head, Body.copyOf(utf8(body)));
  }

  /** Fails when anything of an earlier request is recorded: the next one is the first. */
  private static void assertOnlyRecordsWhatComesNext(Client.Hook hook) {
    assertEquals(200, witness.send(hook, "GET {hook}/next HTTP/1.1\nHost: a\n\n").status());
    assertEquals("/next", witness.recorded(hook, 1).getFirst().tail());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
