package dev.hookwell.api.find;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteTextTest {
  private static boolean has(byte[] bytes, String text) {
    return new ByteText(bytes).has(Needle.of(text));
  }

  private static boolean has(String body, Charset charset, String text) {
    return has(body.getBytes(charset), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Muñoz García", "MUÑOZ", "garcía", "a", "í"})
  void aTextIsFoundInItsCharset(String text) {
    String body = "{\"name\":\"Muñoz García\"}";
    for (Charset charset : List.of(UTF_8, ISO_8859_1, UTF_16BE, UTF_16LE)) {
      assertTrue(has(body, charset, text), charset + " " + text);
      assertFalse(has(body, charset, text + "x"), charset + " " + text);
    }
  }

  @Test
  void widerTextsAreFoundInUtf8AndUtf16() {
    for (Charset charset : List.of(UTF_8, UTF_16BE, UTF_16LE)) {
      assertTrue(has("支付失败 😀 ПРИВЕТ", charset, "失败 😀 привет"), charset.name());
    }
    assertTrue(has("支付失败", UTF_16LE, "支付失败"));
    // Every byte of it is one of ASCII.
    assertTrue(has("привет", UTF_16BE, "ПРИВЕТ"));
  }

  @Test
  void aPartOfUtf16MayBeginAtAnOddPlace() {
    byte[] text = "needle".getBytes(UTF_16LE);
    byte[] body = new byte[text.length + 3];
    System.arraycopy(text, 0, body, 3, text.length);

    assertTrue(has(body, "needle"));
  }

  @Test
  void textThatIsUtf8IsNotReadAsUtf16() {
    assertFalse(has("ab", UTF_8, "慢"));
  }

  @ParameterizedTest
  @CsvSource({
    "straße, STRASSE",
    "STRASSE, straße",
    "ﬁnal, FINAL",
    "ὈΔΥΣΣΕΎΣ, ὀδυσσεύς",
    "σοφός, ΣΟΦΌΣ",
    "K, K",
    "İ, i",
    "Ǆ, ǆ",
    "𐐀, 𐐨"
  })
  void caseDoesNotMatter(String body, String text) {
    assertTrue(has(body, UTF_8, text), body + " has " + text);
    assertTrue(has(text, UTF_8, body), text + " has " + body);
  }

  @Test
  void accentsMatter() {
    assertFalse(has("Garcia", UTF_8, "García"));
  }

  @Test
  void bytesThatAreNoCharactersHideNoOthers() {
    assertTrue(has(new byte[] {'a', (byte) 0xC3, 'b', (byte) 0xE2, (byte) 0x82, 'c'}, "c"));
    assertTrue(has(new byte[] {(byte) 0xF0, 'n', 'o', 'w'}, "now"));
    assertTrue(has(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80, 'x'}, "x"));
    assertFalse(has(new byte[] {(byte) 0xC0, (byte) 0xAF}, "/"));
    assertFalse(has(new byte[] {(byte) 0xFF}, "\uFFFD"));
    assertFalse(has(new byte[0], "a"));
  }

  @Test
  void aTextAcrossRepeatsOfItsStartIsFound() {
    assertTrue(has("aabaabaaab", UTF_8, "aabaaab"));
    assertTrue(has("nananano", UTF_8, "nanano"));
    assertTrue(has("İİß", UTF_8, "iiss"));
  }

  @Test
  void theWorstTextTakesNoLongerThanAnyOther() {
    byte[] body = new byte[SearchedBody.MOST_BYTES];
    java.util.Arrays.fill(body, (byte) 'a');

    // A search that backtracks would take 1,000 million steps.
    assertFalse(has(body, "a".repeat(Filters.LONGEST - 1) + "b"));
  }
}
