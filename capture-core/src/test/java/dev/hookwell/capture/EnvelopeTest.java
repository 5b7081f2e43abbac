package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvelopeTest {
  private static final DecidedResponse HANDSHAKE = new DecidedResponse.OfHandshake(200, "slack");
  private static final DecidedResponse SCRIPT = new DecidedResponse.OfScript(503, 2);

  @Test
  void anOrdinaryCaptureIsWrittenAsPinned() throws IOException {
    assertEquals(golden("envelope-1.json"), EnvelopeWriter.write(Captures.capture()).text());
  }

  @Test
  void anOddCaptureIsWrittenAsPinned() throws IOException {
    assertEquals(golden("envelope-1-odd.json"), EnvelopeWriter.write(odd()).text());
  }

  @Test
  void aBodyThatIsTooLargeIsWrittenAsPinned() throws IOException {
    Capture capture = Captures.capture(Captures.hook(1), 2, new byte[CapturedBody.MAX_BYTES + 1]);

    assertEquals(golden("envelope-1-none.json"), EnvelopeWriter.write(capture).text());
  }

  @Test
  void aBodyThatLiesApartIsWrittenAsPinned() throws IOException {
    Capture capture = Captures.capture(Captures.hook(1), 2, randomBytes(900_000));
    Envelope envelope = EnvelopeWriter.writeWithBodyApart(capture);

    assertEquals(golden("envelope-1-object.json"), envelope.text());
    assertTrue(envelope.keepsBody() && envelope.hasBodyApart());
    assertEquals(envelope.capture(), read(envelope.text()));
    assertEquals(capture.body().sha256(), envelope.capture().body().sha256());
    assertEquals(900_000, envelope.capture().body().keptBytes());
    assertTrue(envelope.capture().body().delivered().isEmpty());
  }

  @Test
  void onlyABodyThatDoesNotFitAMessageLiesApart() {
    int fixed =
        EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, new byte[0])).text().length();
    int room = (Envelope.MAX_BYTES - fixed - 5) / 4 * 3;

    assertEquals(BodyEncoding.PLAIN, encodingOfApart(randomBytes(room)));
    assertEquals(BodyEncoding.OBJECT, encodingOfApart(randomBytes(room + 3)));
    assertEquals(BodyEncoding.OBJECT, encodingOfApart(randomBytes(CapturedBody.MAX_BYTES)));
    assertEquals(BodyEncoding.NONE, encodingOfApart(randomBytes(CapturedBody.MAX_BYTES + 1)));
    assertEquals(BodyEncoding.GZIP, encodingOfApart(new byte[CapturedBody.MAX_BYTES]));
    assertEquals(BodyEncoding.GZIP, encodingOfApart(sparse(CapturedBody.MAX_BYTES, 600_000)));
  }

  /** A body of {@code size} bytes: zeros, and then {@code random} random bytes. */
  private static byte[] sparse(int size, int random) {
    byte[] bytes = new byte[size];
    System.arraycopy(randomBytes(random), 0, bytes, size - random, random);
    return bytes;
  }

  private static BodyEncoding encodingOfApart(byte[] body) {
    return EnvelopeWriter.writeWithBodyApart(Captures.capture(Captures.hook(1), 1, body))
        .capture()
        .body()
        .encoding();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "size":900000 | "size":4194305
          "size":900000 | "size":0
          "data":""     | "data":"AAAA"
          """)
  void anObjectThatNoneCanBeIsMalformed(String value, String other) throws IOException {
    String changed = golden("envelope-1-object.json").replace(value, other);

    assertInstanceOf(EnvelopeReading.Malformed.class, EnvelopeReader.read(changed));
  }

  @Test
  void theResponseOfAHandshakeOrAScriptIsWrittenAsPinned() throws IOException {
    Capture handshake = Captures.capture().with(Optional.of(HANDSHAKE));
    Capture script = Captures.capture().with(Optional.of(SCRIPT));

    assertEquals(golden("envelope-1-handshake.json"), EnvelopeWriter.write(handshake).text());
    assertEquals(golden("envelope-1-script.json"), EnvelopeWriter.write(script).text());
    assertEquals(golden("head-1-handshake.json"), ascii(StoredHead.of(handshake).toBytes()));
    assertEquals(golden("head-1-script.json"), ascii(StoredHead.of(script).toBytes()));
    assertEquals(handshake, read(golden("envelope-1-handshake.json")));
    assertEquals(script, read(golden("envelope-1-script.json")));
    assertEquals(
        StoredHead.of(handshake), StoredHead.fromBytes(StoredHead.of(handshake).toBytes()));
    assertEquals(StoredHead.of(script), StoredHead.fromBytes(StoredHead.of(script).toBytes()));
  }

  @Test
  void aResponseDecidedInAWayThatIsUnknownHereIsNone() throws IOException {
    String text =
        golden("envelope-1.json")
            .replace("\"notes\"", "\"response\":{\"status\":201,\"by\":{\"rule\":7}},\"notes\"");

    assertEquals(Optional.empty(), read(text).response());
  }

  @ParameterizedTest
  @ValueSource(strings = {"envelope-1.json", "envelope-1-odd.json"})
  @Shows("F22")
  void aPinnedEnvelopeIsReadAndWrittenAgainUnchanged(String name) throws IOException {
    assertEquals(golden(name), EnvelopeWriter.write(read(golden(name))).text());
  }

  @Test
  void aPinnedEnvelopeWithoutBytesSaysWhatTheBodyWas() throws IOException {
    Capture capture = read(golden("envelope-1-none.json"));

    assertEquals(BodyEncoding.NONE, capture.body().encoding());
    assertEquals(CapturedBody.MAX_BYTES + 1, capture.body().size());
    assertEquals(List.of(Note.BODY_TOO_LARGE), capture.notes());
    assertTrue(capture.body().delivered().isEmpty());
  }

  @Test
  void aPinnedCompressedBodyGivesItsBytes() throws IOException {
    Capture capture = read(golden("envelope-1-gzip.json"));

    assertEquals(BodyEncoding.GZIP, capture.body().encoding());
    Body delivered = capture.body().delivered().orElseThrow();
    assertEquals(Body.copyOf("ab".repeat(50_000).getBytes(StandardCharsets.US_ASCII)), delivered);
    assertEquals(capture.body().sha256(), Sha256.of(delivered));
  }

  @Test
  void unknownFieldsAreIgnoredAndUnknownNotesKept() throws IOException {
    String text =
        golden("envelope-1.json")
            .replace("\"notes\":[]", "\"notes\":[\"from-the-future\"],\"more\":{\"a\":[1,{}]}")
            .replace("\"body\":{", "\"body\":{\"other\":[null],");

    assertEquals(List.of(new Note("from-the-future")), read(text).notes());
  }

  @Test
  @Shows("F21")
  void anUnknownVersionIsToldApartWhateverElseItHolds() {
    assertEquals(
        new EnvelopeReading.UnknownVersion(2),
        EnvelopeReader.read("{\"v\":2,\"body\":[\"quite\",\"different\"]}"));
    assertEquals(new EnvelopeReading.UnknownVersion(99), EnvelopeReader.read("{\"v\":99}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "not json",
        "{}",
        "{\"v\":1}",
        "{\"v\":\"1\"}",
        "{\"id\":\"x\",\"v\":1}",
        "{\"v\":1,\"id\":\"1-1-1-1-1\"}",
        "{\"v\":1,\"hook\":\"abc\"}",
        "{\"v\":1,\"at\":\"now\"}",
        "{\"v\":1,\"headers\":[[\"only-a-name\"]]}",
        "{\"v\":1,\"body\":{\"enc\":\"zip\",\"data\":\"\",\"size\":0,\"sha256\":\"\"}}"
      })
  void anythingElseIsMalformed(String text) {
    assertInstanceOf(EnvelopeReading.Malformed.class, EnvelopeReader.read(text));
  }

  @Test
  void everyMissingFieldAndEveryTruncationIsMalformed() throws IOException {
    String text = golden("envelope-1.json");
    for (int end = 0; end < text.length(); end++) {
      String cut = text.substring(0, end);
      assertInstanceOf(EnvelopeReading.Malformed.class, EnvelopeReader.read(cut), cut);
    }
    for (String field :
        List.of(
            "id",
            "hook",
            "at",
            "edge",
            "method",
            "path",
            "query",
            "protocol",
            "ip",
            "headers",
            "cookies",
            "body",
            "notes")) {
      String without = text.replace("\"" + field + "\":", "\"x-" + field + "\":");
      assertInstanceOf(EnvelopeReading.Malformed.class, EnvelopeReader.read(without), field);
    }
  }

  @Test
  void aPlainBodyOfAnotherSizeIsMalformed() throws IOException {
    assertInstanceOf(
        EnvelopeReading.Malformed.class,
        EnvelopeReader.read(golden("envelope-1.json").replace("\"size\":30", "\"size\":31")));
  }

  @Test
  @Shows("S09")
  void whateverIsCapturedTheEnvelopeIsPrintableAsciiAndReadsBackEqual() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      Capture capture = randomCapture(random, i);
      Envelope envelope = EnvelopeWriter.write(capture);
      assertTrue(envelope.text().chars().allMatch(c -> c >= 0x20 && c <= 0x7E), "seed " + seed);
      assertEquals(envelope.capture(), read(envelope.text()), "seed " + seed);
      assertEquals(capture.body().data(), envelope.capture().body().delivered().orElseThrow());
    }
  }

  @Test
  void aBodyIsCompressedOnlyWhereThatSavesABillingUnit() {
    byte[] text = new byte[Envelope.BILLING_UNIT_BYTES];
    Arrays.fill(text, (byte) 'a');

    assertEquals(BodyEncoding.GZIP, encodingOf(text));
    assertEquals(BodyEncoding.PLAIN, encodingOf(Arrays.copyOf(text, 48_000)));
    assertEquals(BodyEncoding.PLAIN, encodingOf(randomBytes(100_000)));
  }

  @Test
  void aLargeBodyThatCompressesIsKeptUpToTheLimit() {
    byte[] zeros = new byte[CapturedBody.MAX_BYTES];
    Envelope atLimit = EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, zeros));
    Envelope above =
        EnvelopeWriter.write(
            Captures.capture(Captures.hook(1), 1, Arrays.copyOf(zeros, zeros.length + 1)));

    assertTrue(atLimit.keepsBody());
    assertEquals(zeros.length, atLimit.capture().body().delivered().orElseThrow().size());
    assertFalse(above.keepsBody());
    assertEquals(List.of(Note.BODY_TOO_LARGE), above.capture().notes());
    assertEquals(CapturedBody.MAX_BYTES + 1, above.capture().body().size());
  }

  @Test
  void aBodyThatDoesNotCompressIsKeptUpToTheSizeOfAMessage() {
    int fixed =
        EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, new byte[0])).text().length();
    // "size" grows from one digit to six.
    int room = (Envelope.MAX_BYTES - fixed - 5) / 4 * 3;

    Envelope full = EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, randomBytes(room)));
    Envelope over =
        EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, randomBytes(room + 3)));

    assertTrue(full.keepsBody());
    assertTrue(full.fits() && full.text().length() > Envelope.MAX_BYTES - 4);
    assertFalse(over.keepsBody());
    assertTrue(over.fits());
    assertEquals(room + 3, over.capture().body().size());
    assertEquals(Sha256.of(Body.copyOf(randomBytes(room + 3))), over.capture().body().sha256());
  }

  @Test
  void anEmptyBodyIsKeptAsNothing() {
    Envelope envelope = EnvelopeWriter.write(Captures.capture(1, 1, ""));

    assertTrue(envelope.keepsBody());
    assertEquals(0, envelope.capture().body().size());
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        envelope.capture().body().sha256().hex());
    assertEquals(envelope.capture(), read(envelope.text()));
  }

  @Test
  void aTimeIsReadUpToTheLastEndOfAHook() {
    String last =
        EnvelopeWriter.write(Captures.capture())
            .text()
            .replaceFirst("\"at\":\\d+", "\"at\":4294967295000");
    assertEquals(HookId.LATEST_EXPIRY, read(last).receivedAt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "at":1795515330124      | "at":1795515330124.5
          "at":1795515330124      | "at":-1
          "at":1795515330124      | "at":4294967295001
          "at":1795515330124      | "at":9223372036854775807
          "at":1795515330124      | "at":"1795515330124"
          "method":"POST"         | "method":7
          "method":"POST"         | "method":null
          "size":30               | "size":30.0
          ["x-dup","a,b"]         | ["x-dup",1]
          "cookies":["session=abc | "cookies":[7,"session=abc
          """)
  void aValueOfAnotherKindIsMalformed(String value, String other) throws IOException {
    String text = golden("envelope-1.json");
    String changed = text.replace(value, other);

    assertNotEquals(text, changed);
    assertInstanceOf(EnvelopeReading.Malformed.class, EnvelopeReader.read(changed));
  }

  @Test
  void whatFollowsAnEnvelopeMakesItMalformed() throws IOException {
    assertInstanceOf(
        EnvelopeReading.Malformed.class, EnvelopeReader.read(golden("envelope-1.json") + "{}"));
  }

  @Test
  @Shows("S10")
  void aHeadMayFillAMessageToItsLastByte() {
    int rest = Envelope.MAX_BYTES - EnvelopeWriter.write(withQuery("", "")).text().length();

    assertTrue(EnvelopeWriter.write(withQuery("q".repeat(rest), "")).fits());
    assertFalse(EnvelopeWriter.write(withQuery("q".repeat(rest + 1), "")).fits());
  }

  @Test
  @Shows("S10")
  void aBodyIsKeptWhenItFillsAMessageToItsLastByte() {
    // As base64 it is as long as compressed.
    byte[] body = randomBytes(600_000);
    int rest = Envelope.MAX_BYTES - EnvelopeWriter.write(withQuery("", body)).text().length();

    assertEquals(
        Envelope.MAX_BYTES,
        EnvelopeWriter.write(withQuery("q".repeat(rest), body)).text().length());
    assertTrue(EnvelopeWriter.write(withQuery("q".repeat(rest), body)).keepsBody());
    assertFalse(EnvelopeWriter.write(withQuery("q".repeat(rest + 1), body)).keepsBody());
  }

  /** Bodies around the size whose compressed form just fits one billing unit. */
  @Test
  void compressionAlwaysSavesAUnitAndIsUsedWhereItDoes() {
    int smallest = 45_000;
    int largest = 50_000;
    while (largest - smallest > 1) {
      int middle = (smallest + largest) / 2;
      if (encodingOf(halfRandom(middle)) == BodyEncoding.GZIP) {
        smallest = middle;
      } else {
        largest = middle;
      }
    }
    for (int random = smallest - 5; random < smallest + 10; random++) {
      Envelope envelope =
          EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, halfRandom(random)));
      boolean gzip = envelope.capture().body().encoding() == BodyEncoding.GZIP;
      assertEquals(gzip, envelope.text().length() <= Envelope.BILLING_UNIT_BYTES);
    }
  }

  /** A body of 60,000 bytes: {@code random} random ones, and then zeros. */
  private static byte[] halfRandom(int random) {
    return Arrays.copyOf(randomBytes(random), 60_000);
  }

  private static Capture withQuery(String query, String body) {
    return withQuery(query, body.getBytes(StandardCharsets.US_ASCII));
  }

  private static Capture withQuery(String query, byte[] body) {
    Capture capture = Captures.capture();
    RequestHead request = capture.request();
    return new Capture(
        capture.id(),
        capture.hook(),
        capture.receivedAt(),
        new RequestHead(
            request.edge(),
            request.method(),
            request.path(),
            query,
            request.protocol(),
            request.sourceIp(),
            request.headers(),
            request.cookies()),
        CapturedBody.of(Body.copyOf(body)),
        List.of());
  }

  @Test
  void theStoredHeadIsWrittenAsPinnedAndReadsBackEqual() throws IOException {
    for (Capture capture : List.of(Captures.capture(), odd())) {
      StoredHead head = StoredHead.of(capture);
      String name = capture.equals(odd()) ? "head-1-odd.json" : "head-1.json";
      assertArrayEquals(golden(name).getBytes(StandardCharsets.US_ASCII), head.toBytes());
      assertEquals(head, StoredHead.fromBytes(head.toBytes()));
    }
  }

  private static Capture odd() {
    Capture ordinary = Captures.capture();
    RequestHead request =
        new RequestHead(
            "apigw-http-2.0",
            "FOO",
            "/h/x/é \u007F\u0000\u2028😀\"\\",
            "%zz&a=1&a=2",
            "HTTP/2.0",
            "2001:db8::1",
            List.of(new Header("x-empty", ""), new Header("x-\"odd\"", "</script>\t€\uFFFE\uFFFF")),
            List.of());
    byte[] allBytes = new byte[256];
    for (int i = 0; i < allBytes.length; i++) {
      allBytes[i] = (byte) i;
    }
    return new Capture(
        ordinary.id(),
        ordinary.hook(),
        ordinary.receivedAt(),
        request,
        CapturedBody.of(Body.copyOf(allBytes)),
        List.of(Note.PATH_DECODED, Note.BODY_MAYBE_LOSSY, Note.BODY_NOT_BASE64));
  }

  private static Capture randomCapture(Random random, int number) {
    RequestHead request =
        new RequestHead(
            text(random, 20),
            text(random, 10),
            text(random, 300),
            text(random, 300),
            text(random, 10),
            text(random, 20),
            List.of(new Header(text(random, 30), text(random, 500)), new Header("a", "")),
            List.of(text(random, 50)));
    byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 500)];
    if (random.nextBoolean()) {
      random.nextBytes(body);
    }
    return new Capture(
        Captures.id(number),
        Captures.hook(number % 7),
        Captures.RECEIVED_AT.plusMillis(random.nextInt(1_000_000)),
        request,
        CapturedBody.of(Body.copyOf(body)),
        random.nextBoolean() ? List.of() : List.of(Note.PATH_DECODED, new Note(text(random, 9))));
  }

  /** Any well-formed Unicode, most of it from the ranges where encoders go wrong. */
  private static String text(Random random, int maxLength) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(maxLength + 1);
    while (text.length() < length) {
      int codePoint =
          random.nextInt(
              switch (random.nextInt(4)) {
                case 0 -> 0x20;
                case 1 -> 0x100;
                case 2 -> 0x10000;
                default -> 0x110000;
              });
      if (codePoint < 0xD800 || codePoint > 0xDFFF) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static BodyEncoding encodingOf(byte[] body) {
    return EnvelopeWriter.write(Captures.capture(Captures.hook(1), 1, body))
        .capture()
        .body()
        .encoding();
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  private static Capture read(String text) {
    return assertInstanceOf(EnvelopeReading.Read.class, EnvelopeReader.read(text)).capture();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(EnvelopeTest.class.getResourceAsStream("/wire/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
  }
}
