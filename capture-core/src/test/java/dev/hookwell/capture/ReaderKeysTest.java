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
  void everyHookKeyNeedsAReaderKeyOfItsNumber() {
    assertTrue(keys.covers(Set.of(1)));
    assertFalse(keys.covers(Set.of(1, 2)));
    HookId unreadable =
        HookKeys.parse("2:" + "D".repeat(43)).issue(Captures.EXPIRES_AT, new Random(1));
    assertThrows(IllegalStateException.class, () -> keys.viewKey(unreadable));
  }
}
