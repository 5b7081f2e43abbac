package dev.hookwell.api.find;

/**
 * A text to find, ignoring case, in time linear in the length of the searched text alone (Knuth,
 * Morris, Pratt): no text of a sender and no filter makes it slow. Thread-safe.
 */
final class Needle {
  private final int[] text;

  /**
   * For each length of a matched prefix, the length of the next shorter prefix that it ends with.
   */
  private final int[] borders;

  private Needle(int[] text) {
    this.text = text;
    this.borders = new int[text.length + 1];
    int border = 0;
    for (int i = 1; i < text.length; i++) {
      while (border > 0 && text[border] != text[i]) {
        border = borders[border];
      }
      border += text[border] == text[i] ? 1 : 0;
      borders[i + 1] = border;
    }
  }

  static Needle of(String text) {
    return new Needle(CaseFolding.fold(text));
  }

  boolean isIn(String searched) {
    Scan scan = new Scan();
    for (int i = 0; i < searched.length() && !scan.found(); ) {
      int codePoint = searched.codePointAt(i);
      scan.take(codePoint);
      i += Character.charCount(codePoint);
    }
    return scan.found();
  }

  /** The end of its first match in a folded text, or -1. */
  int endIn(int[] folded, int from, int to) {
    if (text.length == 0) {
      return from;
    }
    Scan scan = new Scan();
    for (int i = from; i < to; i++) {
      scan.takeFolded(folded[i]);
      if (scan.found()) {
        return i + 1;
      }
    }
    return -1;
  }

  Scan scan() {
    return new Scan();
  }

  /** A search of a text that comes code point by code point. */
  final class Scan {
    private int met;

    /** Takes the next code point; a negative one is no character and matches nothing. */
    void take(int codePoint) {
      int[] several = CaseFolding.several(codePoint);
      if (several.length == 0) {
        takeFolded(CaseFolding.single(codePoint));
      } else {
        for (int one : several) {
          takeFolded(one);
        }
      }
    }

    private void takeFolded(int one) {
      if (met == text.length) {
        return;
      }
      while (met > 0 && text[met] != one) {
        met = borders[met];
      }
      met += text[met] == one ? 1 : 0;
    }

    boolean found() {
      return met == text.length;
    }
  }
}
