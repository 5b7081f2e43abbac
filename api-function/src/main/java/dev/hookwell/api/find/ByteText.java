package dev.hookwell.api.find;

/** Searches a sender's bytes as text of each charset that they may be in. Nothing is copied. */
final class ByteText {
  /** Stands for bytes that are no character. */
  private static final int NO_CHARACTER = -1;

  private final byte[] bytes;

  ByteText(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Searches them as UTF-8, Latin-1 or UTF-16. */
  boolean has(Needle needle) {
    Utf8 utf8 = new Utf8(needle);
    if (utf8.find()) {
      return true;
    }
    if (utf8.beyondAscii && findLatin1(needle)) {
      return true;
    }
    // Valid UTF-8 without control characters is hardly ever UTF-16, and is not searched as such.
    return (utf8.control || utf8.malformed) && findUtf16(needle);
  }

  /** Searches them as UTF-8 or Latin-1, the charsets of heads. */
  boolean hasNarrow(Needle needle) {
    Utf8 utf8 = new Utf8(needle);
    return utf8.find() || (utf8.beyondAscii && findLatin1(needle));
  }

  private boolean findLatin1(Needle needle) {
    Needle.Scan scan = needle.scan();
    for (int i = 0; i < bytes.length && !scan.found(); i++) {
      scan.take(bytes[i] & 0xFF);
    }
    return scan.found();
  }

  /** In both byte orders, from even and odd offsets: a part of a body may begin anywhere. */
  private boolean findUtf16(Needle needle) {
    return findUtf16(needle, 0, 0)
        || findUtf16(needle, 0, 1)
        || findUtf16(needle, 1, 0)
        || findUtf16(needle, 1, 1);
  }

  private boolean findUtf16(Needle needle, int start, int high) {
    Needle.Scan scan = needle.scan();
    int before = NO_CHARACTER;
    for (int i = start; i + 1 < bytes.length && !scan.found(); i += 2) {
      int unit = (bytes[i + high] & 0xFF) << 8 | (bytes[i + 1 - high] & 0xFF);
      if (Character.isHighSurrogate((char) unit)) {
        before = unit;
      } else if (before >= 0 && Character.isLowSurrogate((char) unit)) {
        scan.take(Character.toCodePoint((char) before, (char) unit));
        before = NO_CHARACTER;
      } else {
        if (before >= 0) {
          scan.take(NO_CHARACTER);
          before = NO_CHARACTER;
        }
        scan.take(Character.isLowSurrogate((char) unit) ? NO_CHARACTER : unit);
      }
    }
    return scan.found();
  }

  /** A search as UTF-8, with the kinds of bytes seen on the way. */
  private final class Utf8 {
    private final Needle.Scan scan;
    private boolean control;
    private boolean beyondAscii;
    private boolean malformed;

    Utf8(Needle needle) {
      this.scan = needle.scan();
    }

    boolean find() {
      int i = 0;
      while (i < bytes.length && !scan.found()) {
        int first = bytes[i] & 0xFF;
        if (first < 0x80) {
          control |= first < ' ' && !isSpace(first);
          scan.take(first);
          i++;
        } else {
          beyondAscii = true;
          int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
          int codePoint = at(i, first, length);
          malformed |= codePoint < 0;
          scan.take(codePoint);
          i += codePoint < 0 ? 1 : length;
        }
      }
      return scan.found();
    }

    /**
     * Text has these control characters. In UTF-16 the high byte of most scripts is another one.
     */
    private static boolean isSpace(int first) {
      return first == '\t' || first == '\n' || first == '\f' || first == '\r';
    }

    /**
     * No character for a sequence that Unicode's table 3-7 does not allow; its bytes count one by
     * one.
     */
    private int at(int start, int first, int length) {
      if (first < 0xC2 || first > 0xF4 || start + length > bytes.length) {
        return NO_CHARACTER;
      }
      int codePoint = first & (0xFF >> (length + 1));
      for (int i = start + 1; i < start + length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
          return NO_CHARACTER;
        }
        codePoint = codePoint << 6 | (bytes[i] & 0x3F);
      }
      int least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
      boolean isCharacter =
          codePoint >= least
              && codePoint <= Character.MAX_CODE_POINT
              && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
      return isCharacter ? codePoint : NO_CHARACTER;
    }
  }
}
