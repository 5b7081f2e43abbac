package dev.hookwell.api.find;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Percent-escapes, in which a plus may be a space. */
final class Escapes {
  private Escapes() {}

  static boolean mayBeIn(String kept) {
    return kept.indexOf('%') >= 0 || kept.indexOf('+') >= 0;
  }

  /** The bytes that a text stands for; an escape that is none stays. */
  static byte[] undone(String kept) {
    byte[] bytes = kept.getBytes(StandardCharsets.UTF_8);
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
}
