package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReaderKeysTest {
  private final ReaderKeys keys = ReaderKeys.parse(Captures.READER_KEYS);
  private final HookId hook = Captures.hook(1);

  @Test
  @Shows("S03")
  void theViewKeyReadsAndTheOwnerKeyAlsoDeletes() {
    assertEquals(Access.VIEW, keys.access(hook, keys.viewKey(hook)));
    assertEquals(Access.OWN, keys.access(hook, keys.ownerKey(hook)));
  }

  @Test
  @Shows("S03")
  void aKeyIsOf43UrlSafeCharacters() {
    assertTrue(keys.viewKey(hook).matches("[A-Za-z0-9_-]{43}"));
    assertTrue(keys.ownerKey(hook).matches("[A-Za-z0-9_-]{43}"));
    assertEquals(ReaderKeys.KEY_LENGTH, keys.viewKey(hook).length());
  }

  @Test
  void keysAreTheSameForEver() {
    assertEquals("6PQk4lncg5BiCYOu4hKb4O309qEo2wOtSAeATvG79Ws", keys.viewKey(hook));
    assertEquals("Eup1Dy-RhPlU0VRkZv60g65-T7G7-MGVlUhRsMlvf1o", keys.ownerKey(hook));
  }

  @Test
  void theKeyOfAnotherHookAllowsNothing() {
    HookId other = Captures.hook(2);

    assertNotEquals(keys.viewKey(hook), keys.viewKey(other));
    assertEquals(Access.NONE, keys.access(hook, keys.viewKey(other)));
    assertEquals(Access.NONE, keys.access(hook, keys.ownerKey(other)));
  }

  @Test
  void anythingElseAllowsNothing() {
    String view = keys.viewKey(hook);

    assertEquals(Access.NONE, keys.access(hook, ""));
    assertEquals(Access.NONE, keys.access(hook, hook.text()));
    assertEquals(Access.NONE, keys.access(hook, view.substring(1)));
    assertEquals(Access.NONE, keys.access(hook, view + "A"));
    for (int i = 0; i < view.length(); i++) {
      char other = view.charAt(i) == 'A' ? 'B' : 'A';
      String tampered = view.substring(0, i) + other + view.substring(i + 1);
      assertNotEquals(Access.OWN, keys.access(hook, tampered));
    }
  }

  @Test
  @Shows("S03")
  void anotherReaderKeyGivesOtherKeys() {
    ReaderKeys others = ReaderKeys.parse("1:" + "C".repeat(43));

    assertNotEquals(keys.viewKey(hook), others.viewKey(hook));
    assertEquals(Access.NONE, others.access(hook, keys.ownerKey(hook)));
  }

  @Test
  @Shows("S38")
  void aHookOfARotatedKeyKeepsItsKeys() {
    ReaderKeys rotated = ReaderKeys.parse("2:" + "C".repeat(43) + "," + Captures.READER_KEYS);

    assertEquals(keys.viewKey(hook), rotated.viewKey(hook));
  }

  @Test
  @Shows("S03")
  void theKeyOfACaptureOpensThatOneAlone() {
    String key = keys.captureKey(hook, 17);

    assertTrue(key.matches("[A-Za-z0-9_-]{43}"));
    assertTrue(keys.opensCapture(hook, 17, key));
    assertFalse(keys.opensCapture(hook, 1, key));
    assertFalse(keys.opensCapture(hook, 17L << 32, key));
    assertFalse(keys.opensCapture(Captures.hook(2), 17, key));
    assertFalse(keys.opensCapture(hook, 17, key.substring(1)));
    assertFalse(keys.opensCapture(hook, 17, ""));
    assertEquals(Access.NONE, keys.access(hook, key));
    assertFalse(keys.opensCapture(hook, 17, keys.viewKey(hook)));
    assertFalse(keys.opensCapture(hook, 17, keys.ownerKey(hook)));
  }

  /** The page makes the same keys: web/src/test/page/links.test.mjs has these values too. */
  @Test
  void keysOfCapturesAreTheSameForEver() {
    assertEquals("uNdj3RgYiGtYVk701kRbVUkggsE0ieGCgCFfCSzbZsQ", keys.captureKey(hook, 1));
    assertEquals(
        "D0ugF1bj4-m7JUdULe_IzOdxN8Tr_AWgJjuOfqOPkmQ", keys.captureKey(hook, 4_294_967_297L));
  }

  @Test
  @Shows("S38")
  void aCaptureOfAHookOfARotatedKeyKeepsItsKey() {
    ReaderKeys rotated = ReaderKeys.parse("2:" + "C".repeat(43) + "," + Captures.READER_KEYS);

    assertTrue(rotated.opensCapture(hook, 17, keys.captureKey(hook, 17)));
    ReaderKeys others = ReaderKeys.parse("1:" + "C".repeat(43));
    assertFalse(others.opensCapture(hook, 17, keys.captureKey(hook, 17)));
  }

  @Test
  void everyHookKeyNeedsAReaderKeyOfItsNumber() {
    assertTrue(keys.covers(Set.of(1)));
    assertFalse(keys.covers(Set.of(1, 2)));
    HookId unreadable =
        HookKeys.parse("2:" + "D".repeat(43)).issue(Captures.EXPIRES_AT, new Random(1));
    assertThrows(IllegalStateException.class, () -> keys.viewKey(unreadable));
  }
}
