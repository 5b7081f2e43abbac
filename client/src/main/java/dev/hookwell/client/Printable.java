package dev.hookwell.client;

/** Text from outside, made harmless for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * Whether a terminal shows this character and does nothing else: no control character, no
   * invisible one, none that turns the direction of the text around it, no half of a surrogate
   * pair.
   */
  static boolean isHarmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
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
    text.codePoints()
        .forEach(c -> {
          if (isHarmless(c) || (keepsLines && (c == '\n' || c == '\t'))) {
            shown.appendCodePoint(c);
          } else {
            shown.append(escape(c));
          }
        });
    return shown.toString();
  }

  private static String escape(int codePoint) {
    if (codePoint < 0x100) {
      return String.format("\\x%02x", codePoint);
    }
    return String.format(codePoint < 0x10000 ? "\\u%04x" : "\\u{%x}", codePoint);
  }
}
