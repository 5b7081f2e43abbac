package dev.hookwell.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Issues hook ids and tells genuine ones from forged ones, without any I/O. Thread-safe.
 *
 * <p>The keys guard against forged ids and against nothing else: whoever has them can make up URLs,
 * but can read no capture.
 */
public final class HookKeys {
  /** A seed's length in characters: at least as much as a good secret, at most a line. */
  private static final int MIN_SEED_LENGTH = 32;

  private static final int MAX_SEED_LENGTH = 128;

  private static final byte[] SEED_PREFIX = "hookwell-seed-1".getBytes(StandardCharsets.US_ASCII);

  private final KeyRing ring;

  private HookKeys(KeyRing ring) {
    this.ring = ring;
  }

  /**
   * Reads a ring of the form {@code id:base64url,…}, the first being the current key.
   *
   * @throws IllegalArgumentException saying what is wrong, without showing a key
   */
  public static HookKeys parse(String ring) {
    return new HookKeys(KeyRing.parse(ring));
  }

  /** The numbers of all keys of the ring. */
  public Set<Integer> ids() {
    return Set.copyOf(ring.ids());
  }

  /**
   * A new id.
   *
   * @param expiresAt the hook's end; a fraction of a second is cut off
   * @param random a cryptographically strong generator
   */
  public HookId issue(Instant expiresAt, RandomGenerator random) {
    byte[] bytes = new byte[HookId.RANDOM_BYTES];
    random.nextBytes(bytes);
    return sign(expiresAt, bytes);
  }

  /**
   * Whether it can be a seed: of the right number of characters (code points, as JSON Schema counts
   * them), and without half a surrogate pair, which UTF-8 would make the same as another.
   */
  public static boolean isSeed(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= MIN_SEED_LENGTH
        && length <= MAX_SEED_LENGTH
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * The id that belongs to a seed: the same seed and end always give the same hook. Its random part
   * is the first 16 bytes of SHA-256 over {@code "hookwell-seed-1"}, the seed in UTF-8 and the end
   * as 4 bytes of unsigned epoch seconds, big-endian.
   *
   * @param seed a secret of the caller, 32 to 128 characters
   */
  public HookId issueSeeded(Instant expiresAt, String seed) {
    if (!isSeed(seed)) {
      throw new IllegalArgumentException("a seed has 32 to 128 characters");
    }
    MessageDigest digest = Sha256.digest();
    digest.update(SEED_PREFIX);
    digest.update(seed.getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(4).putInt((int) expiresAt.getEpochSecond()).array());
    return sign(expiresAt, Arrays.copyOf(digest.digest(), HookId.RANDOM_BYTES));
  }

  private HookId sign(Instant expiresAt, byte[] random) {
    if (expiresAt.isBefore(Instant.EPOCH) || expiresAt.isAfter(HookId.LATEST_EXPIRY)) {
      throw new IllegalArgumentException("an id cannot say the end " + expiresAt);
    }
    byte[] unsigned = HookId.unsigned(ring.currentId(), expiresAt, random);
    return HookId.signed(unsigned, ring.mac(ring.currentId(), unsigned).orElseThrow());
  }

  /** What {@code text} is at {@code now}. A hook has ended at the very second of its end. */
  public HookCheck check(String text, Instant now) {
    Optional<HookId> genuine = HookId.parse(text).filter(this::isGenuine);
    if (genuine.isEmpty()) {
      return new HookCheck.Unknown();
    }
    HookId id = genuine.get();
    return now.isBefore(id.expiresAt()) ? new HookCheck.Valid(id) : new HookCheck.Expired(id);
  }

  private boolean isGenuine(HookId id) {
    return ring.mac(id.keyId(), id.signedBytes())
        .map(mac -> MessageDigest.isEqual(Arrays.copyOf(mac, HookId.TAG_BYTES), id.tag()))
        .orElse(false);
  }
}
