package dev.hookwell.api.find;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Folds case, code point by code point, so that a text may come in pieces and the place of a letter
 * in its word does not matter. {@code ß} is {@code ss}, as Unicode's full folding has it.
 */
final class CaseFolding {
  private static final int ASCII_END = 0x80;
  private static final int LONGEST_CASED = 0xFFFF;

  /** Code points whose upper case is several code points. */
  private static final Map<Integer, int[]> LONGER = longer();

  /** The same, for a look-up at every character that makes no object. */
  private static final BitSet IS_LONGER = isLonger();

  private static final int[] NONE = {};

  private CaseFolding() {}

  static int[] fold(String text) {
    int[] folded = new int[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      int[] several = several(codePoint);
      if (length + Math.max(1, several.length) > folded.length) {
        folded = Arrays.copyOf(folded, 2 * folded.length + 2);
      }
      if (several.length == 0) {
        folded[length++] = single(codePoint);
      } else {
        for (int one : several) {
          folded[length++] = one;
        }
      }
    }
    return Arrays.copyOf(folded, length);
  }

  /** The folding of a code point whose upper case is several code points; empty for all others. */
  static int[] several(int codePoint) {
    return codePoint >= ASCII_END && IS_LONGER.get(codePoint)
        ? LONGER.getOrDefault(codePoint, NONE)
        : NONE;
  }

  /** The folding of any other code point. */
  static int single(int codePoint) {
    if (codePoint < ASCII_END) {
      return codePoint >= 'A' && codePoint <= 'Z' ? codePoint + ('a' - 'A') : codePoint;
    }
    return Character.toLowerCase(Character.toUpperCase(codePoint));
  }

  private static BitSet isLonger() {
    BitSet all = new BitSet();
    LONGER.keySet().forEach(all::set);
    return all;
  }

  private static Map<Integer, int[]> longer() {
    Map<Integer, int[]> longer = new HashMap<>();
    IntStream.rangeClosed(ASCII_END, LONGEST_CASED)
        .filter(codePoint -> codePoint < 0xD800 || codePoint > 0xDFFF)
        .forEach(codePoint -> {
          int[] upper =
              Character.toString(codePoint).toUpperCase(Locale.ROOT).codePoints().toArray();
          if (upper.length > 1) {
            longer.put(codePoint, Arrays.stream(upper).map(CaseFolding::single).toArray());
          }
        });
    return longer;
  }
}
