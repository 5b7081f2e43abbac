package dev.hookwell.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Makes the random part of a hook's id from a caller's seed. Without this key nobody can test
 * whether a hook belongs to a seed. It outlives every rotation of the two rings, since with another
 * key each seed would give another hook. Thread-safe.
 */
public final class SeedKey {
  /** The bounds of a seed's length, in characters. */
  private static final int MIN_SEED_LENGTH = 32;

  private static final int MAX_SEED_LENGTH = 128;

  private static final byte[] PREFIX = "hookwell-seed-2".getBytes(StandardCharsets.US_ASCII);

  private final MacKey key;

  private SeedKey(MacKey key) {
    this.key = key;
  }

  /**
   * Reads a key: at least 32 bytes in base64url.
   *
   * @throws IllegalArgumentException saying what is wrong, without showing it
   */
  public static SeedKey parse(String base64url) {
    try {
      return new SeedKey(MacKey.parse(base64url.strip()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the key " + e.getMessage(), e);
    }
  }

  /**
   * Whether {@code text} can be a seed: it has 32 to 128 characters (code points, as JSON Schema
   * counts them) and no lone surrogate, since Java's UTF-8 turns all of those into the same byte.
   */
  public static boolean isSeed(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= MIN_SEED_LENGTH
        && length <= MAX_SEED_LENGTH
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * The first 16 bytes of HMAC-SHA-256 over {@code "hookwell-seed-2"}, the seed in UTF-8 and the
   * end as 4 bytes of unsigned epoch seconds, big-endian. The first and the last part have fixed
   * lengths, so no two pairs of seed and end give the same bytes.
   *
   * @param seed a secret of the caller, 32 to 128 characters
   */
  byte[] random(Instant expiresAt, String seed) {
    if (!isSeed(seed)) {
      throw new IllegalArgumentException("a seed has 32 to 128 characters");
    }
    byte[] end = ByteBuffer.allocate(4).putInt((int) expiresAt.getEpochSecond()).array();
    byte[] mac = key.mac(PREFIX, seed.getBytes(StandardCharsets.UTF_8), end);
    return Arrays.copyOf(mac, HookId.RANDOM_BYTES);
  }
}
