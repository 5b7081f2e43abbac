package dev.hookwell.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Decodes the bytes of a head to the text that they most likely mean. HTTP gives them no charset:
 * they are kept as Latin-1, a character a byte, and most senders mean UTF-8. The kept text never
 * changes; the decoded text is shown beside it.
 *
 * <p>Decoding can give any character of Unicode except new ASCII control characters. The code that
 * shows the text has to make control and format characters visible, as in any text of a sender.
 */
public final class ReadableText {
  private static final int ESCAPE_LENGTH = 3;

  private ReadableText() {}

  /**
   * The text of a header or cookie, if its bytes are UTF-8 and not ASCII. A value with characters
   * above U+00FF does not hold bytes: the edge has decoded it already.
   */
  public static Optional<String> ofBytes(String kept) {
    boolean ascii = true;
    for (int i = 0; i < kept.length(); i++) {
      char c = kept.charAt(i);
      if (c > 0xFF) {
        return Optional.empty();
      }
      ascii &= c < 0x80;
    }
    return ascii ? Optional.empty() : utf8(kept.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * The text of a path or query that was not decoded, as RFC 3987 (3.2) makes an IRI of a URI: its
   * raw bytes as {@link #ofBytes}, and percent-escapes where they are UTF-8 beyond ASCII. Escapes
   * of ASCII stay, so that no escaped slash or ampersand becomes one. Escapes of control, format
   * and other invisible characters stay, too. Empty when decoding changes nothing.
   */
  public static Optional<String> ofEscaped(String kept) {
    Optional<String> bytes = ofBytes(kept);
    String text = bytes.orElse(kept);
    String unescaped = unescaped(text);
    return unescaped.equals(text) ? bytes : Optional.of(unescaped);
  }

  /** Decodes each run of escaped bytes above ASCII as a whole, or leaves it as it is. */
  private static String unescaped(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder read = new StringBuilder(text.length());
    int position = 0;
    while (position < text.length()) {
      ByteArrayOutputStream run = new ByteArrayOutputStream();
      int end = position;
      for (int b = highByteAt(text, end); b >= 0; b = highByteAt(text, end)) {
        run.write(b);
        end += ESCAPE_LENGTH;
      }
      if (end == position) {
        read.append(text.charAt(position++));
      } else {
        String escapes = text.substring(position, end);
        read.append(utf8(run.toByteArray()).filter(ReadableText::isVisible).orElse(escapes));
        position = end;
      }
    }
    return read.toString();
  }

  /** The byte above 0x7F that is escaped at {@code position}, or -1 when there is none. */
  private static int highByteAt(String text, int position) {
    if (position + ESCAPE_LENGTH > text.length()
        || text.charAt(position) != '%'
        || !HexFormat.isHexDigit(text.charAt(position + 1))
        || !HexFormat.isHexDigit(text.charAt(position + 2))) {
      return -1;
    }
    int b = HexFormat.fromHexDigits(text, position + 1, position + ESCAPE_LENGTH);
    return b < 0x80 ? -1 : b;
  }

  private static boolean isVisible(String text) {
    return text.codePoints().allMatch(ReadableText::isVisible);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The text that is exactly these bytes in UTF-8, if there is one. */
  public static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
