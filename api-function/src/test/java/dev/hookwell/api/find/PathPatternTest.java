package dev.hookwell.api.find;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "/pay, /pay",
    "/pay*, /pay",
    "/pay*, /pay/17/x",
    "*, ''",
    "*, /a/b",
    "**, /a",
    "/*/paid.*, /shop/paid.v1",
    "*paid*, /shop/paid.v1",
    "/a*a, /aa",
    "/a*b*c, /abbcbc",
    "*a*a*a*, /aaa",
    "/PAY/É*, /pay/é1",
    "/stra*sse, /straße"
  })
  void aPathMatchesWhole(String pattern, String path) {
    assertTrue(PathPattern.of(pattern).matches(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/pay, /pay/17",
    "/pay, /a/pay",
    "/paid.v1, /paid-v1",
    ".*, /a",
    "/a*a, /a",
    "/ab*ba, /aba",
    "*a*a*a*, /aa",
    "/a*b*c, /acb",
    "/pay?, /pay1",
    "/[a], /a"
  })
  void everythingButAStarStandsForItself(String pattern, String path) {
    assertFalse(PathPattern.of(pattern).matches(path));
  }

  @Test
  void eightStarsAreTakenAndNineAreTooMany() {
    assertFalse(PathPattern.hasTooManyStars("*/".repeat(8)));
    assertTrue(PathPattern.hasTooManyStars("*".repeat(9)));
  }

  @Test
  void thePatternThatGoesBackMostEndsAtOnce() {
    String path = "/" + "a".repeat(10_000);

    assertFalse(PathPattern.of("/" + "a*".repeat(8) + "b").matches(path));
    assertFalse(PathPattern.of(("*" + "a".repeat(100) + "b").repeat(8)).matches(path));
  }
}
