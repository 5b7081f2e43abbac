package dev.hookwell.local.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HeapShareTest {
  @Test
  void aShareIsTakenToItsLastByteAndNotBeyond() {
    HeapShare share = new HeapShare(100);
    assertTrue(share.take(60));
    assertFalse(share.take(41));
    assertTrue(share.take(40));
    assertFalse(share.take(1));
    share.give(1);
    assertTrue(share.take(1));
  }
}
