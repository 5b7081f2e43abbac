package dev.hookwell.api.find;

import java.util.Optional;

/**
 * A JSON number by its value, of any length: 0.digits × 10^exponent, so that {@code 1.0}, {@code 1}
 * and {@code 10e-1} are equal. Read in linear time, unlike a {@code BigDecimal}.
 *
 * @param digits without zeros at either end; empty for zero
 */
record JsonNumber(boolean negative, String digits, long exponent) {
  private static final int LONGEST_EXPONENT = 18;

  /** Empty when it is no JSON number, or its exponent has more than 18 digits. */
  static Optional<JsonNumber> parse(String text) {
    int length = text.length();
    boolean negative = text.startsWith("-");
    int start = negative ? 1 : 0;
    int point = digitsEnd(text, start);
    boolean startsWithZero = point > start + 1 && text.charAt(start) == '0';
    if (point == start || startsWithZero) {
      return Optional.empty();
    }
    int end = point;
    if (point < length && text.charAt(point) == '.') {
      end = digitsEnd(text, point + 1);
      if (end == point + 1) {
        return Optional.empty();
      }
    }
    Optional<Long> exponent = exponent(text, end);
    if (exponent.isEmpty()) {
      return Optional.empty();
    }
    String fraction = end > point ? text.substring(point + 1, end) : "";
    return Optional.of(of(negative, text.substring(start, point), fraction, exponent.get()));
  }

  private static JsonNumber of(boolean negative, String whole, String fraction, long exponent) {
    String all = whole + fraction;
    int first = 0;
    while (first < all.length() && all.charAt(first) == '0') {
      first++;
    }
    int last = all.length();
    while (last > first && all.charAt(last - 1) == '0') {
      last--;
    }
    return first == last
        ? new JsonNumber(false, "", 0)
        : new JsonNumber(negative, all.substring(first, last), exponent + whole.length() - first);
  }

  /** The exponent at the end of the number, 0 without one; empty where anything else follows. */
  private static Optional<Long> exponent(String text, int start) {
    if (start == text.length()) {
      return Optional.of(0L);
    }
    if (text.charAt(start) != 'e' && text.charAt(start) != 'E') {
      return Optional.empty();
    }
    int sign = start + 1;
    boolean signed = sign < text.length() && (text.charAt(sign) == '-' || text.charAt(sign) == '+');
    int from = signed ? sign + 1 : sign;
    int end = digitsEnd(text, from);
    if (end == from || end != text.length()) {
      return Optional.empty();
    }
    while (from < end - 1 && text.charAt(from) == '0') {
      from++;
    }
    if (end - from > LONGEST_EXPONENT) {
      return Optional.empty();
    }
    long exponent = Long.parseLong(text.substring(from, end));
    return Optional.of(signed && text.charAt(sign) == '-' ? -exponent : exponent);
  }

  private static int digitsEnd(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
