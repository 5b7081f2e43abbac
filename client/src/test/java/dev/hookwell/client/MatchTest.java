package dev.hookwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MatchTest {
  private static final Capture PAID = TestCaptures.capture("POST", "/shop/paid.v1", "", "[]");

  private static boolean matches(String... conditions) {
    return new Match(
            List.of(conditions).stream()
                .map(one -> Match.Condition.parse(one).orElseThrow())
                .toList())
        .matches(PAID);
  }

  @Test
  void allConditionsHaveToBeMet() {
    assertTrue(matches("method=post", "path=/shop*"));
    assertFalse(matches("method=post", "path=/pay*"));
    assertTrue(Match.ALL.matches(PAID));
  }

  @Test
  void aStarStandsForAnythingAndEverythingElseForItself() {
    assertTrue(matches("path=*paid*"));
    assertTrue(matches("path=/shop/paid.v1"));
    assertTrue(matches("path=/*/paid.*"));
    assertFalse(matches("path=/shop/paid-v1"));
    assertFalse(matches("path=/shop"));
    assertFalse(matches("path=/shop/paid?v1"));
    assertFalse(matches("path=.*"));
  }

  @Test
  void aCaptureOfNoKnownSenderIsFromNone() {
    assertFalse(matches("sender=Stripe"));
    assertFalse(matches("event=push"));
  }

  @Test
  void eightStarsAreTakenAndNineAreNot() {
    assertTrue(Match.Condition.parse("path=" + "*".repeat(8)).isPresent());
    assertEquals(Optional.empty(), Match.Condition.parse("path=" + "*".repeat(9)));
  }

  @Test
  void whatIsNoConditionIsRefused() {
    for (String text : List.of("", "method", "method=", "=POST", "body=x", "paths=/a")) {
      assertEquals(Optional.empty(), Match.Condition.parse(text), text);
    }
  }
}
