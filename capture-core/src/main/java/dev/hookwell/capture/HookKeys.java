package dev.hookwell.capture;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Issues hook ids and tells genuine ones from forged ones, without any I/O. Thread-safe.
 *
 * <p>The keys protect against forged ids and nothing else: anyone with them can make up URLs, but
 * can read no capture.
 */
public final class HookKeys {
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
   * The id that belongs to a seed: the same seed, end and seed key always give the same hook.
   *
   * @param seed a secret of the caller, one that {@link SeedKey#isSeed} accepts
   */
  public HookId issueSeeded(Instant expiresAt, SeedKey seedKey, String seed) {
    return sign(expiresAt, seedKey.random(expiresAt, seed));
  }

  /** The id with this random part. */
  HookId sign(Instant expiresAt, byte[] random) {
    if (expiresAt.isBefore(Instant.EPOCH) || expiresAt.isAfter(HookId.LATEST_EXPIRY)) {
      throw new IllegalArgumentException("an id cannot say the end " + expiresAt);
    }
    byte[] unsigned = HookId.unsigned(ring.currentId(), expiresAt, random);
    return HookId.signed(unsigned, ring.mac(ring.currentId(), unsigned).orElseThrow());
  }

  /**
   * Whether {@code text} is a valid id, an expired one, or none of ours, at {@code now}. A hook has
   * ended at the very second of its end.
   */
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
