package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HookKeysTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Instant END = Instant.parse("2027-11-24T10:00:00Z");

  private final HookKeys keys = HookKeys.parse(Captures.HOOK_KEYS);

  @Test
  @Shows("S01")
  void aHundredThousandIdsAreDistinctUrlSafeAndGenuine() {
    SecureRandom random = new SecureRandom();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      String id = keys.issue(END, random).text();
      assertTrue(id.matches("[A-Za-z0-9_-]{44}"), id);
      assertTrue(seen.add(id), "repeated " + id);
      if (i % 100 == 0) {
        assertInstanceOf(HookCheck.Valid.class, keys.check(id, NOW));
      }
    }
  }

  @Test
  void anIdSaysItsEndItsKeyAndItsRandomPart() {
    HookId issued = keys.issue(END, new Random(7));

    HookId read = HookId.parse(issued.text()).orElseThrow();

    assertEquals(issued, read);
    assertEquals(END, read.expiresAt());
    assertEquals(1, read.keyId());
    assertEquals(issued.uid(), read.uid());
  }

  @Test
  @Shows("S02")
  void everyTamperedByteIsFound() {
    byte[] bytes = Base64.getUrlDecoder().decode(Captures.hook(1).text());
    for (int position = 0; position < bytes.length; position++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] tampered = bytes.clone();
        tampered[position] ^= (byte) (1 << bit);
        String text = Base64.getUrlEncoder().encodeToString(tampered);
        assertInstanceOf(
            HookCheck.Unknown.class, keys.check(text, NOW), "byte " + position + ", bit " + bit);
      }
    }
  }

  @Test
  void everyOtherCharacterIsFound() {
    String id = Captures.hook(1).text();
    for (int position = 0; position < id.length(); position++) {
      for (char c = 0; c < 256; c++) {
        if (c != id.charAt(position)) {
          String other = id.substring(0, position) + c + id.substring(position + 1);
          assertInstanceOf(HookCheck.Unknown.class, keys.check(other, NOW), other);
        }
      }
    }
  }

  @Test
  void anotherSpellingIsNotTheId() {
    String id = Captures.hook(1).text();
    assertInstanceOf(HookCheck.Unknown.class, keys.check(id.toUpperCase(Locale.ROOT), NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check(id.toLowerCase(Locale.ROOT), NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check(id + "=", NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check(id + ".", NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check(id.substring(0, 43), NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check(id.substring(0, 43) + "=", NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check(" " + id.substring(1), NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check("x".repeat(10_000), NOW));
    assertInstanceOf(HookCheck.Unknown.class, keys.check("", NOW));
  }

  @Test
  @Shows("S10c")
  void aHookEndsAtTheVerySecondOfItsEnd() {
    String id = keys.issue(END, new Random(1)).text();

    assertInstanceOf(HookCheck.Valid.class, keys.check(id, END.minusMillis(1)));
    assertInstanceOf(HookCheck.Expired.class, keys.check(id, END));
  }

  @Test
  void theEndMayLieAnywhereInUnsignedSeconds() {
    HookId last = keys.issue(HookId.LATEST_EXPIRY, new Random(1));
    assertEquals(HookId.LATEST_EXPIRY, last.expiresAt());
    assertInstanceOf(HookCheck.Valid.class, keys.check(last.text(), NOW));

    assertThrows(
        IllegalArgumentException.class,
        () -> keys.issue(HookId.LATEST_EXPIRY.plusSeconds(1), new Random(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> keys.issue(Instant.EPOCH.minusSeconds(1), new Random(1)));
  }

  @Test
  void anIdOfAnotherRingIsUnknown() {
    String id = HookKeys.parse("1:" + "A".repeat(43)).issue(END, new Random(1)).text();

    assertInstanceOf(HookCheck.Unknown.class, keys.check(id, NOW));
  }

  @Test
  @Shows({"S02", "S38"})
  void idsOfEveryKeyOfTheRingAreGenuineAndTheFirstSigns() {
    String old = Captures.hook(1).text();
    HookKeys rotated = HookKeys.parse("9:" + "B".repeat(43) + ", " + Captures.HOOK_KEYS);

    assertInstanceOf(HookCheck.Valid.class, rotated.check(old, NOW));
    assertEquals(9, rotated.issue(END, new Random(1)).keyId());
    assertInstanceOf(
        HookCheck.Unknown.class, HookKeys.parse("9:" + "B".repeat(43)).check(old, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AAAA",
        "1:",
        "1:AAAA",
        "1:****************************************************",
        "1:,2:AAAA",
        "256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,",
        "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
      })
  void aWrongRingIsRefusedWithoutShowingAKey(String ring) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> HookKeys.parse(ring));

    int position = ring.endsWith(",") || ring.contains("BBBB") ? 2 : 1;
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith("entry " + position + " "),
        refusal.getMessage());
    assertTrue(!String.valueOf(refusal.getMessage()).contains("AAAA"), refusal.getMessage());
  }

  @Test
  void aKeysNumberMayBe255() {
    assertEquals(
        Set.of(255, 0),
        HookKeys.parse("255:" + "A".repeat(43) + ",0:" + "B".repeat(42) + "A").ids());
  }

  @Test
  void idsAreEqualWhenAllTheirBytesAre() {
    HookId id = Captures.hook(1);

    assertEquals(id, HookId.parse(id.text()).orElseThrow());
    assertEquals(id.hashCode(), HookId.parse(id.text()).orElseThrow().hashCode());
    assertNotEquals(id, Captures.hook(2));
    assertNotEquals(id.hashCode(), Captures.hook(2).hashCode());
  }

  @Test
  void anIdNeverPrintsItself() {
    HookId id = Captures.hook(1);

    assertTrue(id.logHash().matches("[0-9a-f]{12}"), id.logHash());
    assertEquals("HookId[" + id.logHash() + "]", id.toString());

    assertTrue(!id.toString().contains(id.text()));
    assertTrue(!id.toString().contains(id.uid().toString()));
  }
}
