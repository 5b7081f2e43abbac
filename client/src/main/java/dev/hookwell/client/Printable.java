package dev.hookwell.client;

/** Text from outside, made harmless for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * Whether a terminal shows this character and does nothing else: no control character, and none
   * that turns the direction of the text around it.
   */
  static boolean isHarmless(char c) {
    return !(c < 0x20
        || (c >= 0x7f && c <= 0x9f)
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069));
  }

  /** One line: everything that a terminal would act on is written as an escape. */
  public static String line(String text) {
    return harmless(text, false);
  }

  /** Several lines: line feeds and tabs stay. */
  public static String lines(String text) {
    return harmless(text, true);
  }

  private static String harmless(String text, boolean keepsLines) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHarmless(c) || (keepsLines && (c == '\n' || c == '\t'))) {
        shown.append(c);
      } else {
        shown.append(c < 0x100 ? String.format("\\x%02x", (int) c) : escape(c));
      }
    }
    return shown.toString();
  }

  private static String escape(char c) {
    return String.format("\\u%04x", (int) c);
  }
}
