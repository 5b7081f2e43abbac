package dev.hookwell.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SeedKeyTest {
  private static final Instant END = Instant.parse("2027-11-24T10:00:00Z");
  private static final String SEED = "a-secret-of-the-caller-0123456789";

  private final HookKeys hookKeys = HookKeys.parse(Captures.HOOK_KEYS);
  private final SeedKey key = SeedKey.parse(Captures.SEED_KEY);

  /** Computed by another program, from the definition in docs/adr/0012. */
  @ParameterizedTest
  @CsvSource({
    "a-secret-of-the-caller-0123456789,1,2027-11-24T10:00:00Z,AQFs5pOgAAAACe7hGaYmvIgADNybo9_EILDF09ArN3QQ",
    "s,32,1970-01-01T00:00:00Z,AQEAAAAAAAAA8AjKTvFbgFWfHTFfYeAyB4HYWTc1nh9C",
    "\uD83D\uDD11,128,2106-02-07T06:28:15Z,AQH_____AAAAJ6ca9f3Nxg6LSQ2LrobaU6Z1Ad9GqomT",
    "'Gr\u00FC\u00DFe, Sm\u00F8rrebr\u00F8d und ein Geheimnis',1,2036-01-01T00:00:00Z,"
        + "AQF8JF8AAAAAxyocofyMMjHiXr0YWKH4DjviyEhe0WJV"
  })
  void theSameSeedAndEndGiveTheSameIdForEver(String part, int times, Instant end, String id) {
    assertEquals(id, hookKeys.issueSeeded(end, key, part.repeat(times)).text());
  }

  @Test
  void anotherSeedEndOrKeyGivesAnotherHook() {
    HookId id = hookKeys.issueSeeded(END, key, SEED);

    assertEquals(id, hookKeys.issueSeeded(END, key, SEED));
    assertNotEquals(id.uid(), hookKeys.issueSeeded(END, key, SEED + "x").uid());
    assertNotEquals(id.uid(), hookKeys.issueSeeded(END.plusSeconds(1), key, SEED).uid());
    SeedKey other = SeedKey.parse("A".repeat(43));
    assertNotEquals(id.uid(), hookKeys.issueSeeded(END, other, SEED).uid());
  }

  @Test
  void aRotationOfTheHookKeysLeavesTheHookOfASeed() {
    HookKeys rotated = HookKeys.parse("2:" + "B".repeat(43) + "," + Captures.HOOK_KEYS);

    HookId before = hookKeys.issueSeeded(END, key, SEED);
    HookId after = rotated.issueSeeded(END, key, SEED);

    assertNotEquals(before, after);
    assertEquals(before.uid(), after.uid());
  }

  /** Otherwise anyone with a hook's URL could try seeds offline. */
  @Test
  @Shows("S03")
  void seedAndEndAloneDoNotGiveTheRandomPart() {
    byte[] random = hookKeys.issueSeeded(END, key, SEED).randomBytes();
    byte[] end = ByteBuffer.allocate(4).putInt((int) END.getEpochSecond()).array();

    for (String prefix : new String[] {"hookwell-seed-1", "hookwell-seed-2", ""}) {
      byte[] digest =
          Sha256.digest()
              .digest(
                  concat(
                      prefix.getBytes(StandardCharsets.UTF_8),
                      SEED.getBytes(StandardCharsets.UTF_8),
                      end));
      assertFalse(Arrays.equals(random, Arrays.copyOf(digest, 16)), prefix);
    }
    assertArrayEquals(random, key.random(END, SEED));
  }

  private static byte[] concat(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  @Test
  @Shows("S10c")
  void aSeedHas32To128Characters() {
    assertFalse(SeedKey.isSeed("s".repeat(31)));
    assertTrue(SeedKey.isSeed("s".repeat(32)));
    assertTrue(SeedKey.isSeed("s".repeat(128)));
    assertFalse(SeedKey.isSeed("s".repeat(129)));
    // As JSON Schema counts, and not as Java does.
    assertTrue(SeedKey.isSeed("\uD83D\uDD11".repeat(128)));
    assertFalse(SeedKey.isSeed("\uD83D\uDD11".repeat(31)));
    assertFalse(SeedKey.isSeed("s".repeat(40) + "\uD83D"), "half a pair would be a ? in UTF-8");
    assertThrows(IllegalArgumentException.class, () -> key.random(END, "s".repeat(31)));
    assertThrows(IllegalArgumentException.class, () -> key.random(END, "s".repeat(129)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "AAAA", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "{\"key\":\"AAAA\"}"})
  void aWrongKeyIsRefusedWithoutShowingIt(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> SeedKey.parse(text));

    assertTrue(
        String.valueOf(refusal.getMessage())
            .matches("the key is (not base64url|shorter than 32 bytes)"),
        refusal.getMessage());
  }

  @Test
  void aKeyOf32BytesIsLongEnoughAndOneOf31IsNot() {
    SeedKey.parse("A".repeat(43));
    SeedKey.parse(" " + "A".repeat(64) + "\n");
    assertThrows(IllegalArgumentException.class, () -> SeedKey.parse("A".repeat(42)));
  }
}
