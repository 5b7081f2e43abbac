package dev.hookwell.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hookwell.local.machine.HeapShares;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PumpSettingsTest {
  @ParameterizedTest
  @CsvSource({"1000000000, 6029312", "482344960, 6029312", "482344944, 6029311", "160, 2"})
  void whatIsUnderWayTakesItsShareOfTheHeapAndAnEventNoMoreThanLambdaTakes(long heap, long bytes) {
    assertEquals(bytes, PumpSettings.maxBatchBytes(new HeapShares(heap)));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 2", "3, 4", "7, 64", "8, 70", "500, 70", "2147483647, 70"})
  void failedMessageStaysAwayTwiceAsLongEachTime(int receives, int seconds) {
    assertEquals(Duration.ofSeconds(seconds), PumpSettings.ofTemplate().retryAfter(receives));
  }
}
