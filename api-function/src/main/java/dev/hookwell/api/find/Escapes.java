package dev.hookwell.api.find;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Decodes percent-escapes, with a plus as a space, and those of JSON. */
final class Escapes {
  private Escapes() {}

  static boolean mayBeIn(String kept) {
    return kept.indexOf('%') >= 0 || kept.indexOf('+') >= 0;
  }

  /** Decodes percent-escapes and plus signs; an invalid escape stays. */
  static byte[] undone(String kept) {
    return undone(kept.getBytes(StandardCharsets.UTF_8));
  }

  /** The same for bytes. */
  static byte[] undone(byte[] kept) {
    byte[] bytes = kept.clone();
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = bytes[i] == '+' ? (byte) ' ' : bytes[i];
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /** Whether a string of JSON may have escapes. */
  static boolean mayBeInJson(byte[] kept) {
    for (byte one : kept) {
      if (one == '\\') {
        return true;
      }
    }
    return false;
  }

  /** Decodes the escapes in strings of JSON, to UTF-8. */
  static byte[] undoneJson(byte[] kept) {
    byte[] bytes = new byte[kept.length];
    int length = 0;
    for (int i = 0; i < kept.length; i++) {
      int unit = kept[i] == '\\' ? unit(kept, i) : -1;
      if (kept[i] != '\\' || i + 1 == kept.length || isHalf(kept, i, unit)) {
        bytes[length++] = kept[i];
      } else if (unit < 0) {
        i++;
        bytes[length++] = plain(kept[i]);
      } else if (Character.isHighSurrogate((char) unit)) {
        int codePoint = Character.toCodePoint((char) unit, (char) unit(kept, i + 6));
        length = put(bytes, length, codePoint);
        i += 11;
      } else {
        length = put(bytes, length, unit);
        i += 5;
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /** Whether {@code unit} is a lone surrogate. */
  private static boolean isHalf(byte[] kept, int at, int unit) {
    return unit >= 0
        && Character.isSurrogate((char) unit)
        && !(Character.isHighSurrogate((char) unit)
            && Character.isLowSurrogate((char) Math.max(0, unit(kept, at + 6))));
  }

  private static int put(byte[] bytes, int at, int codePoint) {
    int length = at;
    if (codePoint < 0x80) {
      bytes[length++] = (byte) codePoint;
      return length;
    }
    int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    bytes[length++] = (byte) (-1 << (7 - more) | codePoint >> (6 * more));
    for (int i = more - 1; i >= 0; i--) {
      bytes[length++] = (byte) (0x80 | (codePoint >> (6 * i) & 0x3F));
    }
    return length;
  }

  /** The UTF-16 unit that a four-digit escape at {@code start} stands for, or -1 for none. */
  private static int unit(byte[] kept, int start) {
    if (start + 5 >= kept.length || kept[start] != '\\' || kept[start + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = start + 2; i < start + 6; i++) {
      int digit = Character.digit(kept[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private static byte plain(byte escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> escaped;
    };
  }
}
