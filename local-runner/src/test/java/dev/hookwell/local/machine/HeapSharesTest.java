package dev.hookwell.local.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeapSharesTest {
  /** A sixteenth for the small invocations and one for the connections, which are numbers here. */
  @ParameterizedTest
  @ValueSource(longs = {256L << 20, 1L << 30, 8L << 30})
  void allSharesTogetherLeaveAnEighth(long heap) {
    HeapShares shares = new HeapShares(heap);
    long taken =
        shares.smallBodies()
            + shares.largeBodies()
            + shares.largeInvocations()
            + shares.largeScriptedInvocations()
            + shares.responses()
            + shares.queue()
            + heap / 16 * 4;
    assertEquals(heap / 8 * 7, taken);
    assertEquals(heap / 4, shares.smallBodies() + shares.largeBodies());
  }

  /** The table of docs/reliability.md. */
  @Test
  void numbersAreThoseOfTheTable() {
    HeapShares small = new HeapShares(256L << 20);
    assertEquals(32, small.smallInvocations());
    assertEquals(1, small.lists());
    assertEquals(512, small.connections());
    assertEquals(64, small.scriptedRequests());
    HeapShares usual = new HeapShares(1L << 30);
    assertEquals(128, usual.smallInvocations());
    assertEquals(4, usual.lists());
    assertEquals(2048, usual.connections());
    assertEquals(256, usual.scriptedRequests());
  }

  @Test
  void theSmallestHeapStillServesOneOfEach() {
    HeapShares none = new HeapShares(0);
    assertEquals(1, none.smallInvocations());
    assertEquals(1, none.lists());
    assertEquals(1, none.connections());
    assertEquals(1, none.scriptedRequests());
  }
}
