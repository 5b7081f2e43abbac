package dev.hookwell.api.find;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A path in which {@code *} stands for anything, also for nothing and for slashes; all other
 * characters stand for themselves, without case.
 */
final class PathPattern {
  static final int MOST_STARS = 8;

  private final List<Needle> parts;
  private final int[] first;
  private final int[] last;
  private final boolean whole;

  private PathPattern(List<String> parts) {
    this.first = CaseFolding.fold(parts.getFirst());
    this.last = CaseFolding.fold(parts.getLast());
    this.parts =
        parts.size() < 3
            ? List.of()
            : parts.subList(1, parts.size() - 1).stream().map(Needle::of).toList();
    this.whole = parts.size() == 1;
  }

  static PathPattern of(String pattern) {
    return new PathPattern(Stream.of(pattern.split("\\*", -1)).toList());
  }

  static boolean hasTooManyStars(String pattern) {
    return pattern.chars().filter(c -> c == '*').count() > MOST_STARS;
  }

  boolean matches(String path) {
    int[] folded = CaseFolding.fold(path);
    if (whole) {
      return Arrays.equals(folded, first);
    }
    int from = first.length;
    int to = folded.length - last.length;
    if (from > to
        || !Arrays.equals(folded, 0, from, first, 0, from)
        || !Arrays.equals(folded, to, folded.length, last, 0, last.length)) {
      return false;
    }
    for (Needle part : parts) {
      from = part.endIn(folded, from, to);
      if (from < 0) {
        return false;
      }
    }
    return true;
  }
}
