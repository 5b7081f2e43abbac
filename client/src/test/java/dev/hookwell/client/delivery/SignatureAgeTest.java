package dev.hookwell.client.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.Capture;
import dev.hookwell.client.TestCaptures;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignatureAgeTest {
  private static final Capture TIMED =
      TestCaptures.capture("POST", "", "", "[[\"stripe-signature\",\"t=1,v1=x\"]]");

  private static Optional<String> warning(Capture capture, Duration age) {
    return SignatureAge.warning(capture, capture.receivedAt().plus(age));
  }

  @Test
  void fiveMinutesAreInTimeAndOneMoreIsNot() {
    assertEquals(Optional.empty(), warning(TIMED, Duration.ofMinutes(5)));
    assertTrue(warning(TIMED, Duration.ofMinutes(6)).orElseThrow().contains("6 min old"));
    assertTrue(warning(TIMED, Duration.ofHours(30)).orElseThrow().contains("30 h old"));
  }

  @Test
  void aSignatureWithoutATimeNeverGetsOld() {
    Capture untimed = TestCaptures.capture("POST", "", "", "[[\"x-hub-signature-256\",\"x\"]]");

    assertEquals(Optional.empty(), warning(untimed, Duration.ofDays(6)));
  }
}
