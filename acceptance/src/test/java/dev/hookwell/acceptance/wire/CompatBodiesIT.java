package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.ConcurrentTest;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Requests that must be recorded faithfully, by the numbers of their rows: bodies (13–38). */
final class CompatBodiesIT {
  private static final String JSON = "Content-Type: application/json\n";

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
  @Shows("H18")
  void row13GzippedJsonIsKeptCompressed() throws IOException {
    byte[] body = gzip(utf8("{\"zipped\":true}"));
    Recorded recorded =
        witness.post("Content-Type: application/json\nContent-Encoding: gzip\n", "", body);
    assertEquals("gzip", recorded.header("content-encoding"));
    assertEquals(List.of(), recorded.notes());
  }

  @ConcurrentTest
  void row14OtherEncodingsAreKeptAsTheyCame() throws IOException {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
      out.write(utf8("{\"deflated\":1}"));
    }
    Map<String, byte[]> bodies =
        Map.of(
            "deflate", deflated.toByteArray(),
            "br", new byte[] {0x0b, 0x02, (byte) 0x80, '{', '}', 0x03},
            "zstd", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x20, 0x02, 0x11, 0, 0},
            "gzip, br", new byte[] {(byte) 0xC3, 0x28, 0x00});
    List<Recorded> recorded =
        witness.record(
            bodies.entrySet().stream()
                .map(entry -> post("Content-Encoding: " + entry.getKey() + "\n", entry.getValue()))
                .toList());
    assertEquals(
        List.copyOf(bodies.keySet()),
        recorded.stream().map(one -> one.header("content-encoding")).toList());
  }

  @ConcurrentTest
  @Shows("H18")
  void row15BodyThatOnlyClaimsToBeGzipIsKept() {
    Recorded recorded =
        witness.post(
            "Content-Type: text/plain\nContent-Encoding: gzip\n", "", utf8("not gzip at all"));
    assertEquals("15", recorded.text("bodySize"));
  }

  @ConcurrentTest
  @Shows("H18")
  void row16GzipBombIsKeptAndNeverUnpacked() throws IOException {
    // Every member unpacks to 10 MiB; together they are 1 GiB.
    byte[] member = gzip(new byte[10 * 1024 * 1024]);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    for (int i = 0; i < 103; i++) {
      bomb.write(member);
    }
    Recorded recorded =
        witness.post(
            "Content-Type: application/json\nContent-Encoding: gzip\n", "", bomb.toByteArray());
    assertEquals(Integer.toString(bomb.size()), recorded.text("bodySize"));
  }

  @ConcurrentTest
  @Shows("H08")
  void row17EveryByteValueIsKept() {
    Recorded recorded = witness.post("application/octet-stream", everyByte());
    assertEquals("base64", recorded.capture().at("/body/encoding").textValue());
  }

  @ConcurrentTest
  @Shows("H04")
  void row18InvalidUtf8IsExactAsBinaryAndSaidToBeDamagedAsText() {
    byte[] invalid = {'"', (byte) 0xC0, (byte) 0xAF, (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
    assertEquals(List.of(), witness.post("application/octet-stream", invalid).notes());

    Client.Hook hook = witness.hook();
    Answer answer =
        witness.send(
            hook,
            """
            POST {hook} HTTP/1.1
            Host: a
            Content-Type: application/json
            Content-Length: {size}

            """,
            invalid);
    assertEquals(200, answer.status());
    Recorded recorded = witness.recorded(hook, 1).getFirst();
    assertEquals(List.of("body-maybe-lossy"), recorded.notes());
    assertEquals(new String(invalid, UTF_8), new String(recorded.body().toByteArray(), UTF_8));
    assertNotEquals(Body.copyOf(invalid), recorded.body());
  }

  @ConcurrentTest
  @Shows("H01")
  void row19NulBytesAreKept() {
    assertEquals(List.of(), witness.post("application/json", utf8("{\"a\":\"\0\"}\0")).notes());
    assertEquals(List.of(), witness.post("application/octet-stream", new byte[3]).notes());
  }

  @ConcurrentTest
  @Shows("H07")
  void row20OtherCharsetsAndByteOrderMarksAreKept() {
    Map<String, byte[]> bodies =
        Map.of(
            "application/json", utf8("\uFEFF{\"bom\":true}"),
            "text/plain; charset=utf-16le", "\uFEFFwide".getBytes(UTF_16LE),
            "text/plain; charset=iso-8859-1", "caf\u00e9".getBytes(ISO_8859_1),
            "application/xml; charset=\"ISO-8859-1\"", "<a>\u00fc</a>".getBytes(ISO_8859_1));
    assertTypesAreKept(bodies);
  }

  @ConcurrentTest
  @Shows("H09")
  void row21ControlCharactersAndNoncharactersAreKept() {
    StringBuilder text = new StringBuilder();
    for (char c = 0; c < 0x20; c++) {
      text.append(c);
    }
    text.append("\u007F\u0085\uFFFE\uFFFF\uD83D\uDE00");
    assertEquals(List.of(), witness.post("text/plain", utf8(text.toString())).notes());
  }

  @ConcurrentTest
  void row23WhitespaceIsKept() {
    assertJsonIsKept("{ \"a\" : 1 }\n", "[]\r\n", " \t\n", "\r\n\r\n{}\r\n");
  }

  @ConcurrentTest
  void row24NumbersAreNotRounded() {
    assertJsonIsKept("[9007199254740993,1.0,1,1e400,-0,123456789012345678901234567890]");
  }

  @ConcurrentTest
  @Shows("H16")
  void row25DuplicateKeysAreKept() {
    assertJsonIsKept("{\"k\":1,\"k\":2,\"__proto__\":{\"k\":3}}");
  }

  @ConcurrentTest
  void row26AnyJsonValueIsRecorded() {
    assertJsonIsKept("[1,2]", "\"text\"", "42", "null", "true");
  }

  @ConcurrentTest
  @Shows("H20")
  void row28FormIsKeptAsItWasEncoded() {
    witness.post(
        "application/x-www-form-urlencoded",
        utf8("Body=a+b%20c%2B&To=%2B1555&k=1&k=2&a[]=1&a%5B%5D=2&empty=&bare&=x&&%zz=\u00e9"));
  }

  @ConcurrentTest
  void row29MultipartWithFilesIsKept() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        crlf(
            """
            --b0undary
            Content-Disposition: form-data; name="title"

            Hello
            --b0undary
            Content-Disposition: form-data; name="notes"; filename="notes.txt"
            Content-Type: text/plain

            line 1
            --b0undary
            Content-Disposition: form-data; name="image"; filename="pixel.bin"
            Content-Type: application/octet-stream

            """));
    body.write(everyByte());
    body.writeBytes(crlf("\n--b0undary--\n"));
    String type = "multipart/form-data; boundary=b0undary";
    assertEquals(type, witness.post(type, body.toByteArray()).text("contentType"));
  }

  @ConcurrentTest
  void row30OddMultipartIsKept() {
    String type = "multipart/form-data; boundary=\"-'()+_,./:=? x\"";
    Recorded recorded =
        witness.post(
            type,
            crlf(
                """
                ---'()+_,./:=? x
                Content-Disposition: form-data; name="f"; filename="r?.txt"; filename*=UTF-8''r%C3%A9.txt

                \u00e9
                ---'()+_,./:=? x
                Content-Disposition: form-data; name="f"; filename=""
                Content-Type: application/octet-stream


                ---'()+_,./:=? x
                Content-Disposition: form-data; name="f"

                again
                ---'()+_,./:=? x--
                """));
    assertEquals(type, recorded.text("contentType"));
    witness.post("multipart/form-data", utf8("--without a boundary"));
  }

  @ConcurrentTest
  void row31OtherMultipartsAreKept() {
    for (String type : List.of("related; type=\"text/xml\"", "mixed")) {
      witness.post(
          "multipart/" + type + "; boundary=x",
          crlf("--x\nContent-ID: <a@b>\n\n<a/>\n--x\n\n\u0000\u00ff\n--x--\n"));
    }
  }

  @ConcurrentTest
  void row32XmlAndSoapAreKept() {
    byte[] envelope =
        utf8("<?xml version=\"1.0\"?>\r\n<soap:Envelope><!-- \u00e9 --><a b='1'/></soap:Envelope>");
    Recorded recorded =
        witness.post("Content-Type: text/xml\nSOAPAction: \"urn:do#It\"\n", "", envelope);
    assertEquals("\"urn:do#It\"", recorded.header("soapaction"));
    witness.post("application/xml", envelope);
    witness.post("application/soap+xml; action=\"urn:do#It\"", envelope);
  }

  @ConcurrentTest
  void row34JsonSentAsPlainTextIsKept() {
    Recorded recorded =
        witness.post("text/plain; charset=UTF-8", utf8("{\n  \"Type\" : \"Notification\"\n}"));
    assertEquals("text/plain; charset=UTF-8", recorded.text("contentType"));
    assertEquals("utf-8", recorded.capture().at("/body/encoding").textValue());
  }

  @ConcurrentTest
  void row36BinaryFormatsAreKept() {
    Map<String, byte[]> bodies =
        Map.of(
            "application/x-protobuf", new byte[] {0x08, (byte) 0x96, 0x01},
            "application/msgpack", new byte[] {(byte) 0x81, (byte) 0xa1, 'a', (byte) 0xc3},
            "application/cbor", new byte[] {(byte) 0xa1, 0x61, 'a', (byte) 0xf5},
            "image/png", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'},
            "application/pdf", "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3".getBytes(ISO_8859_1),
            "application/zip", new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0});
    assertTypesAreKept(bodies);
  }

  @ConcurrentTest
  @Shows({"H11", "S10"})
  void row37BodiesUpToTheLimitsAreKept() {
    int mebibyte = 1024 * 1024;
    List<Witness.Request> requests = new ArrayList<>();
    for (int size :
        List.of(0, 1, 64 * 1024, 256 * 1024, 512 * 1024, mebibyte, mebibyte + 1, 4 * mebibyte)) {
      byte[] body = new byte[size];
      Arrays.fill(body, (byte) 'z');
      requests.add(post(JSON, body));
    }
    for (int size : List.of(64 * 1024, 256 * 1024, 750_000, mebibyte, 4 * mebibyte)) {
      requests.add(post("Content-Type: application/x-noise\n", noise(size)));
    }
    witness.record(requests).forEach(one -> assertEquals(List.of(), one.notes()));
  }

  @ConcurrentTest
  @Shows({"H11", "S10"})
  void row37BodiesOverTheLimitsAreRefusedAndRecordedWithoutTheirBytes() {
    byte[] over = new byte[4 * 1024 * 1024 + 1];
    Arrays.fill(over, (byte) 'z');
    assertRecordedWithoutBytes("text/plain", over);
    assertRecordedWithoutBytes("application/octet-stream", noise(4 * 1024 * 1024 + 1));
  }

  @ConcurrentTest
  @Shows("H11")
  void row38FiveMegabytesAreRecordedWithoutTheirBytes() {
    byte[] body = new byte[5_000_000];
    Arrays.fill(body, (byte) 'y');
    assertRecordedWithoutBytes("application/json", body);
  }

  @ConcurrentTest
  void row38WhatTheGatewayRefusesLeavesNoRecord() {
    Client.Hook hook = witness.hook();
    // As base64 even 5 MB are more than Lambda takes.
    for (int size : List.of(5_000_000, 11_000_000)) {
      Answer answer =
          witness.send(
              hook, "POST {hook} HTTP/1.1\nHost: a\nContent-Length: {size}\n\n", new byte[size]);
      assertEquals(413, answer.status());
      assertEquals("{\"message\":\"Request Entity Too Large\"}", answer.text());
    }
    assertEquals(200, witness.send(hook, "GET {hook}/next HTTP/1.1\nHost: a\n\n").status());
    assertEquals("/next", witness.recorded(hook, 1).getFirst().tail());
  }

  private static void assertRecordedWithoutBytes(String contentType, byte[] body) {
    Client.Hook hook = witness.hook();
    Answer answer =
        witness.send(
            hook,
            "POST {hook}/big?q=1 HTTP/1.1\nHost: a\nX-Kept: yes\nContent-Type: "
                + contentType
                + "\nContent-Length: {size}\n\n",
            body);
    Recorded recorded = witness.recorded(hook, 1).getFirst();
    assertEquals(413, answer.status());
    assertEquals("application/problem+json", answer.header("content-type"));
    assertEquals("urn:hookwell:problem:body-too-large", answer.json().get("type").textValue());
    // Which limit it was: that of a body, or that of a message.
    int limit = body.length > 4 * 1024 * 1024 ? 4 * 1024 * 1024 : 1024 * 1024;
    assertEquals(limit, answer.json().get("limit").intValue());
    assertEquals(body.length, answer.json().get("size").intValue());
    assertEquals(recorded.text("id"), answer.json().get("id").textValue());
    assertEquals(List.of("body-too-large"), recorded.notes());
    assertEquals(Integer.toString(body.length), recorded.text("bodySize"));
    assertEquals(Client.sha256(body), recorded.text("bodySha256"));
    assertEquals("yes", recorded.header("x-kept"));
    assertEquals("q=1", recorded.text("query"));
    assertTrue(recorded.capture().at("/body/data").isMissingNode());
  }

  private static void assertJsonIsKept(String... texts) {
    witness
        .record(Stream.of(texts).map(text -> post(JSON, utf8(text))).toList())
        .forEach(one -> assertEquals(List.of(), one.notes()));
  }

  private static void assertTypesAreKept(Map<String, byte[]> bodies) {
    List<Recorded> recorded =
        witness.record(
            bodies.entrySet().stream()
                .map(entry -> post("Content-Type: " + entry.getKey() + "\n", entry.getValue()))
                .toList());
    assertEquals(
        List.copyOf(bodies.keySet()),
        recorded.stream().map(one -> one.text("contentType")).toList());
    recorded.forEach(one -> assertEquals(List.of(), one.notes()));
  }

  private static Witness.Request post(String headers, byte[] body) {
    return Witness.Request.post(headers, "", body);
  }

  private static byte[] everyByte() {
    byte[] bytes = new byte[1024];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] crlf(String text) {
    return utf8(text.replace("\n", "\r\n"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
