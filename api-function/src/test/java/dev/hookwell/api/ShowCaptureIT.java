package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.capture.Shows;
import dev.hookwell.store.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One capture, as a document and as its body. */
final class ShowCaptureIT extends ApiFixture {
  @Test
  void oneCaptureIsShownWholeByIdByNumberAndAsTheLatest() {
    save(3);

    JsonNode capture = json(view(HOOK_PATH + "/captures/" + Captures.id(3)));

    assertEquals(3, capture.get("seq").longValue());
    assertEquals("apigw-http-2.0", capture.get("edge").textValue());
    assertEquals(3, capture.get("headers").size());
    assertEquals("a,b", capture.get("headers").get(2).get(1).textValue());
    assertEquals("{\"n\": 3}", capture.get("body").get("data").textValue());
    assertEquals("utf-8", capture.get("body").get("encoding").textValue());
    assertEquals(capture, json(view(HOOK_PATH + "/captures/3")));
    assertEquals(capture, json(view(HOOK_PATH + "/captures/latest")));
  }

  @Test
  void aBodyThatIsNoTextIsGivenInBase64() {
    store(List.of(Captures.capture(HOOK, 1, new byte[] {(byte) 0xFF, 0x00, 0x41})));

    JsonNode body = json(view(HOOK_PATH + "/captures/1")).get("body");

    assertEquals("base64", body.get("encoding").textValue());
    assertEquals("/wBB", body.get("data").textValue());
    assertEquals(3, body.get("size").longValue());
  }

  @Test
  void aLongBodyIsLeftOutOfTheDocumentAndFetchedByItself() {
    byte[] atLimit = randomBytes(CaptureJson.MAX_DATA_BYTES);
    byte[] past = randomBytes(CaptureJson.MAX_DATA_BYTES + 1);
    store(List.of(Captures.capture(HOOK, 1, atLimit), Captures.capture(HOOK, 2, past)));

    assertTrue(json(view(HOOK_PATH + "/captures/1")).get("body").has("data"));
    assertFalse(json(view(HOOK_PATH + "/captures/2")).get("body").has("data"));
    assertArrayEquals(past, view(HOOK_PATH + "/captures/2/body").body().toByteArray());
  }

  @Test
  @Shows({"H67", "S17"})
  void theRawBodyIsAnAttachmentThatNothingRuns() {
    byte[] html = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
    store(List.of(Captures.capture(HOOK, 1, html)));

    GatewayResponse answer = view(HOOK_PATH + "/captures/1/body");

    assertArrayEquals(html, answer.body().toByteArray());
    assertTrue(answer.binary());
    assertEquals("application/octet-stream", answer.headers().get("content-type"));
    assertEquals(
        "attachment; filename=\"" + Captures.id(1) + ".bin\"",
        answer.headers().get("content-disposition"));
    assertEquals("sandbox; default-src 'none'", answer.headers().get("content-security-policy"));
    assertEquals("nosniff", answer.headers().get("x-content-type-options"));
  }

  @Test
  void aCompressedBodyComesBackAsItWasSent() {
    byte[] zeros = new byte[CapturedBody.MAX_BYTES];
    store(List.of(Captures.capture(HOOK, 1, zeros)));

    assertArrayEquals(zeros, view(HOOK_PATH + "/captures/1/body").body().toByteArray());
  }

  @Test
  void aBodyThatWasNotKeptIsSaidToBeGone() {
    store(List.of(Captures.capture(HOOK, 1, new byte[CapturedBody.MAX_BYTES + 1])));

    JsonNode capture = json(view(HOOK_PATH + "/captures/1"));
    assertEquals("[\"body-too-large\"]", capture.get("notes").toString());
    assertEquals(CapturedBody.MAX_BYTES + 1, capture.get("body").get("size").intValue());
    assertFalse(capture.get("body").has("data"));
    assertEquals(410, view(HOOK_PATH + "/captures/1/body").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "2",
        "-1",
        "01",
        "first",
        "01980000-0000-7000-8000-000000000009",
        "1-1-1-1-1",
        "9999999999999999999999"
      })
  void aCaptureThatIsNotThereIsNotFound(String ref) {
    save(1);

    assertEquals(404, view(HOOK_PATH + "/captures/" + ref).status());
    assertEquals(404, view(HOOK_PATH + "/captures/" + ref + "/body").status());
  }

  @Test
  void theCaptureOfAnotherHookIsNotFound() {
    store(List.of(Captures.capture(2, 1, "theirs")));

    assertEquals(404, view(HOOK_PATH + "/captures/" + Captures.id(1)).status());
  }

  private static RequestHead withHead(
      Capture capture, String path, String query, List<Header> headers, List<String> cookies) {
    RequestHead request = capture.request();
    return new RequestHead(
        request.edge(),
        request.method(),
        "/h/" + HOOK.text() + path,
        query,
        request.protocol(),
        request.sourceIp(),
        headers,
        cookies);
  }

  private JsonNode stored(
      String path, String query, List<Header> headers, List<String> cookies, Note... notes) {
    Capture capture = Captures.capture(HOOK, 1, new byte[0]);
    store(
        List.of(
            new Capture(
                capture.id(),
                capture.hook(),
                capture.receivedAt(),
                withHead(capture, path, query, headers, cookies),
                capture.body(),
                List.of(notes))));
    JsonNode shown = json(view(HOOK_PATH + "/captures/1"));
    JsonNode summary = json(view(HOOK_PATH + "/captures")).get("captures").get(0);
    assertEquals(shown.get("readable"), summary.get("readable"));
    return shown;
  }

  @Test
  void ofADamagedRowAllButTheBodyIsShown() {
    save(1);
    PostgresServer.execute(
        url, "UPDATE captures SET body_enc = 2, body = '\\x1f8b00' WHERE seq = 1");

    assertFalse(json(view(HOOK_PATH + "/captures/1")).get("body").has("data"));
    JsonNode listed = json(view(HOOK_PATH + "/captures", "include=body")).get("captures").get(0);
    assertFalse(listed.get("body").has("data"));
    GatewayResponse body = view(HOOK_PATH + "/captures/1/body");
    assertEquals(500, body.status());
    assertEquals("urn:hookwell:problem:body-damaged", json(body).get("type").textValue());
  }

  @Test
  void whatIsUtf8InAHeadIsAlsoGivenAsItReads() {
    JsonNode capture =
        stored(
            "/Sm\u00c3\u00b8r",
            "q=%C3%B8&r=%26",
            List.of(
                new Header("content-type", "text/\u00c3\u00b8"),
                new Header("user-agent", "\u00c3\u00a9/1"),
                new Header("x-github-event", "p\u00c3\u00bbsh"),
                new Header("x-github-delivery", "\u00c2\u00a31"),
                new Header("x-latin", "caf\u00e9"),
                new Header("x-shop-name", "Sm\u00c3\u00b8rrebr\u00c3\u00b8d")),
            List.of("a=\u00c3\u00b8", "b=1"));

    assertEquals(
        "{\"path\":\"/h/"
            + HOOK.text()
            + "/Sm\u00f8r\",\"query\":\"q=\u00f8&r=%26\",\"contentType\":\"text/\u00f8\","
            + "\"userAgent\":\"\u00e9/1\",\"event\":\"p\u00fbsh\",\"deliveryId\":\"\u00a31\","
            + "\"headers\":[[\"content-type\",\"text/\u00f8\"],[\"user-agent\",\"\u00e9/1\"],"
            + "[\"x-github-event\",\"p\u00fbsh\"],[\"x-github-delivery\",\"\u00a31\"],"
            + "[\"x-shop-name\",\"Sm\u00f8rrebr\u00f8d\"]],\"cookies\":[\"a=\u00f8\",\"b=1\"]}",
        capture.get("readable").toString());
    assertEquals("/h/" + HOOK.text() + "/Sm\u00c3\u00b8r", capture.get("path").textValue());
    assertEquals("q=%C3%B8&r=%26", capture.get("query").textValue());
    assertEquals("p\u00c3\u00bbsh", capture.get("event").textValue());
    assertEquals("\u00c3\u00a9/1", capture.get("userAgent").textValue());
    assertEquals("caf\u00e9", capture.get("headers").get(4).get(1).textValue());
  }

  @Test
  void aHeadThatReadsAsItIsKeptHasNoReadableMember() {
    JsonNode capture =
        stored(
            "/caf\u00e9", "q=%E5", List.of(new Header("x-latin", "\u00e9")), List.of("a=\u00e9"));

    assertFalse(capture.has("readable"));
  }

  @Test
  void whatTheEdgeDecodedIsNotDecodedAgain() {
    JsonNode capture = stored("/%C3%B8", "", List.of(), List.of(), Note.PATH_DECODED);

    assertFalse(capture.has("readable"));
  }
}
