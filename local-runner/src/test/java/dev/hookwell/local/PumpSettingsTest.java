package dev.hookwell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PumpSettingsTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 2", "3, 4", "7, 64", "8, 70", "500, 70", "2147483647, 70"})
  void failedMessageStaysAwayTwiceAsLongEachTime(int receives, int seconds) {
    assertEquals(Duration.ofSeconds(seconds), PumpSettings.ofTemplate().retryAfter(receives));
  }
}
