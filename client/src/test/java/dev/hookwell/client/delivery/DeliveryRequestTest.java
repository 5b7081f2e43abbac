package dev.hookwell.client.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Header;
import dev.hookwell.client.TestCaptures;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeliveryRequestTest {
  private static final Target TARGET = Target.parse("3000");

  private static DeliveryRequest request(Capture capture, Header... added) {
    return DeliveryRequest.of(
        capture, capture.body().orElseThrow(), TestCaptures.HOOK, TARGET, List.of(added));
  }

  private static String wire(DeliveryRequest request) {
    return new String(request.head(), ISO_8859_1).replace("\r\n", "\n");
  }

  @Test
  void theHeadIsTheCapturedOneWithTheTargetsHost() {
    Capture capture =
        TestCaptures.capture(
            "POST",
            "/a//b/../%zz",
            "q=%20+&q=2&q",
            """
            [["accept","*/*"],["x-b","1"],["host","hooks.example.com"],["x-a","  two  "],["x-b","2"],
             ["content-length","99"],["content-encoding","gzip"],["x-empty",""]]
            """,
            "[\"a=1\",\"b=2\"]",
            "[]",
            new byte[] {1, 2, 3});

    assertEquals(
        """
        POST /a//b/../%%zz?q=%%20+&q=2&q HTTP/1.1
        host: localhost:3000
        accept: */*
        x-b: 1
        x-a:   two  \

        x-b: 2
        content-length: 3
        content-encoding: gzip
        x-empty: \

        cookie: a=1; b=2
        x-forwarded-host: hooks.example.com
        x-forwarded-proto: https
        hookwell-seq: 17
        hookwell-capture-id: 01a20ccf-fd8a-70d5-8041-3d9c01062d1e
        hookwell-url: https://hooks.example.com/h/%s/a//b/../%%zz?q=%%20+&q=2&q

        """
            .formatted(TestCaptures.HOOK_ID),
        wire(request(capture)));
  }

  @Test
  void whatTheConnectionAndTheEdgeAddedIsLeftOff() {
    Capture capture =
        TestCaptures.capture(
            "GET",
            "",
            "",
            """
            [["connection","x-own, close"],["x-own","1"],["keep-alive","5"],["te","trailers"],
             ["transfer-encoding","chunked"],["upgrade","h2c"],["expect","100-continue"],
             ["proxy-authorization","x"],["proxy-connection","x"],["trailer","x"],
             ["x-forwarded-for","1.2.3.4"],["x-forwarded-proto","http"],["x-forwarded-port","80"],
             ["x-amzn-trace-id","x"],["via","1.1 x"],["cf-ray","x"],["cf-connecting-ip","x"],
             ["cdn-loop","x"],["forwarded","x"],["x-real-ip","x"],["viable","kept"]]
            """);

    assertEquals(
        List.of(
            "host",
            "viable",
            "x-forwarded-host",
            "x-forwarded-proto",
            "hookwell-seq",
            "hookwell-capture-id",
            "hookwell-url"),
        request(capture).headers().stream().map(Header::name).toList());
    assertEquals("/", request(capture).target());
  }

  @Test
  void aPathThatTheEdgeDecodedIsEncodedWhereItHasToBe() {
    Capture capture =
        TestCaptures.capture(
            "GET", "/ä b/50%?#\\u0007~", "", "[]", "[]", "[\"path-decoded\"]", new byte[0]);

    DeliveryRequest request = request(capture);

    assertEquals("/%C3%A4%20b/50%25%3F%23%07~", request.target());
    assertEquals(1, request.warnings().size());
  }

  /** Raw bytes in UTF-8 are kept as Latin-1, and the edge says that it decoded the path. */
  @Test
  void aDecodedPathOfRawBytesIsEncodedAsTheyWere() {
    String notes =
        "[\"path-decoded\"],\"readable\":{\"path\":\"/h/%s/\\u00e4 \"}"
            .formatted(TestCaptures.HOOK_ID);
    Capture capture =
        TestCaptures.capture("GET", "/\\u00c3\\u00a4 ", "", "[]", "[]", notes, new byte[0]);

    assertEquals("/%C3%A4%20", request(capture).target());
  }

  @Test
  void rawBytesOfThePathAndOfHeadersStayBytes() {
    Capture capture =
        TestCaptures.capture("GET", "/\\u00e4", "x=\\u00ff", "[[\"x-a\",\"\\u00fcber\"]]");

    String wire = wire(request(capture));

    assertTrue(wire.startsWith("GET /\u00e4?x=\u00ff HTTP/1.1\n"), wire);
    assertTrue(wire.contains("\nx-a: \u00fcber\n"), wire);
  }

  @Test
  void nothingInACaptureCanEndTheRequestLineOrAHeader() {
    Capture capture =
        TestCaptures.capture(
            "GET",
            "/a b\\r\\nx: y",
            "q= \\n",
            "[[\"x-a\",\"1\\r\\nx-b: 2\"],[\"x c\",\"3\"],[\"x-d\",\"\\u0000\"]]");

    DeliveryRequest request = request(capture);

    assertEquals("/a%20b%0D%0Ax:%20y?q=%20%0A", request.target());
    assertEquals(
        List.of(
            "its header x-a can't be sent",
            "its header x?c can't be sent",
            "its header x-d can't be sent"),
        request.warnings());
    assertTrue(
        wire(request)
            .lines()
            .noneMatch(line -> line.startsWith("x-") && !line.startsWith("x-forwarded-")));
    assertThrows(
        IllegalArgumentException.class,
        () -> request(TestCaptures.capture("GET / HTTP/1.1\\r\\nx:", "", "", "[]")));
  }

  @Test
  void theDevelopersHeadersReplaceAndTakeAway() {
    Capture capture =
        TestCaptures.capture("GET", "", "", "[[\"X-A\",\"1\"],[\"x-b\",\"2\"],[\"x-c\",\"3\"]]");

    String wire =
        wire(
            request(
                capture,
                new Header("x-a", "new"),
                new Header("Host", "dev.test"),
                new Header("x-b", "")));

    assertTrue(wire.endsWith("x-a: new\nHost: dev.test\n\n"), wire);
    assertTrue(
        !wire.contains("host: localhost") && !wire.contains("X-A") && !wire.contains("x-b"), wire);
    assertTrue(wire.contains("x-c: 3\n"), wire);
  }

  @Test
  void aMethodThatExpectsABodySaysThatThereIsNone() {
    assertTrue(
        wire(request(TestCaptures.capture("POST", "", "", "[]"))).contains("content-length: 0\n"));
    assertTrue(
        !wire(request(TestCaptures.capture("GET", "", "", "[]"))).contains("content-length"));
  }

  @Test
  void aBasePathComesFirst() {
    Capture capture = TestCaptures.capture("GET", "/x", "a=b", "[]");

    assertEquals(
        "/base/x?a=b",
        DeliveryRequest.of(
                capture, Bytes.NONE, TestCaptures.HOOK, TARGET.below("/base/"), List.of())
            .target());
  }
}
