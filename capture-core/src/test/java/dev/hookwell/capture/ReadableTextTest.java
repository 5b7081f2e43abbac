package dev.hookwell.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadableTextTest {
  /** As the edge delivers the bytes of {@code text}. */
  private static String kept(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Smørrebrød", "價格 100 €", "\uD83E\uDD5E", "a\u00e9", "\u0080", "\u202E", "\uFFFF"})
  void utf8IsRead(String text) {
    assertEquals(Optional.of(text), ReadableText.ofBytes(kept(text)));
    assertEquals(Optional.of(text), ReadableText.ofEscaped(kept(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "caf\u00e9",
        "\u00c3",
        "\u00c3\u00c3\u00b8",
        // Overlong, half a surrogate pair, above U+10FFFF, a lone continuation.
        "\u00c0\u00af",
        "\u00ed\u00a0\u0080",
        "\u00f4\u0090\u0080\u0080",
        "\u00b8",
        "ok \u00c3\u00b8 and \u00e9"
      })
  void whatIsAsciiOrNoUtf8ReadsAsItIsKept(String kept) {
    assertEquals(Optional.empty(), ReadableText.ofBytes(kept));
    assertEquals(Optional.empty(), ReadableText.ofEscaped(kept));
  }

  @Test
  void whatTheEdgeHasReadAlreadyIsNotReadAgain() {
    assertEquals(Optional.empty(), ReadableText.ofBytes("Smørrebrød"));
    assertEquals(Optional.empty(), ReadableText.ofBytes("\u00c3\u00b8 for 3 €"));
  }

  @ParameterizedTest
  @CsvSource({
    "/Sm%C3%B8rrebr%c3%b8d, /Smørrebrød",
    "/%E4%BE%A1%E6%A0%BC?, /価格?",
    "/a%2Fb%20%C3%A9, /a%2Fb%20é",
    "/%C3%A9%E5, /%C3%A9%E5",
    "/%C3%A9-%E5, /é-%E5",
    "q=%C3%A9%26%C3%A9, q=é%26é",
    "'%C3%B8%', 'ø%'",
    "'%C3%B8%C', 'ø%C'",
    "'%25C3%25B8 %C3%B8', '%25C3%25B8 ø'"
  })
  void escapesOfUtf8BeyondAsciiAreRead(String kept, String read) {
    assertEquals(read, ReadableText.ofEscaped(kept).orElse(kept));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%2F%00%0A%1B%7F%25",
        "%C0%AF",
        "%ED%A0%80",
        "%C3",
        "%C3x%B8",
        "%C2%85",
        "%C2%A0",
        "%E2%80%AE",
        "%E2%80%A8",
        "%EE%80%80",
        "%EF%BF%BF",
        "%\uFF23\uFF13%B8",
        "%",
        "%C"
      })
  void otherEscapesStay(String kept) {
    assertEquals(Optional.empty(), ReadableText.ofEscaped(kept));
  }

  @Test
  void rawBytesAndEscapesOfOneTextReadAlike() {
    assertEquals(Optional.of("/ø/ø"), ReadableText.ofEscaped(kept("/ø/") + "%C3%B8"));
    assertEquals(Optional.of("/\u00e9/ø"), ReadableText.ofEscaped("/\u00e9/%C3%B8"));
  }

  @Test
  void noReadingAddsAnAsciiCharacterOrIsLongerThanWhatIsKept() {
    Random random = new Random(14);
    String alphabet = "%%%%CcEe23899AaBb80Ff/&=\u00c3\u00b8\u00e2\u0080\u00ae\u00ff";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder kept = new StringBuilder();
      for (int j = random.nextInt(24); j >= 0; j--) {
        kept.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Optional<String> read = ReadableText.ofEscaped(kept.toString());
      String ascii = read.orElse("").replaceAll("[^\\x00-\\x7F]", "");
      assertTrue(isSubsequence(ascii, kept.toString()), kept.toString());
      assertTrue(read.orElse("").length() <= kept.length(), kept.toString());
    }
  }

  private static boolean isSubsequence(String part, String whole) {
    int found = 0;
    for (int i = 0; i < whole.length() && found < part.length(); i++) {
      found += whole.charAt(i) == part.charAt(found) ? 1 : 0;
    }
    return found == part.length();
  }
}
