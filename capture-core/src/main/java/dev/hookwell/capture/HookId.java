package dev.hookwell.capture;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * The id in a hook's URL: 44 base64url characters of 33 bytes, {@code version(1)=1 | keyId(1) |
 * expiresAt(4, unsigned epoch seconds) | respond(3)=0 | random(16) | tag(8)}. Nothing else knows
 * this layout. An id is genuine only when {@link HookKeys} says so.
 */
public final class HookId {
  /** Characters of an id. 33 bytes fill them, so every id has exactly one spelling. */
  public static final int LENGTH = 44;

  /** The latest end of a hook that an id can hold. */
  public static final Instant LATEST_EXPIRY = Instant.ofEpochSecond(0xFFFF_FFFFL);

  static final int TAG_BYTES = 8;
  static final int RANDOM_BYTES = 16;

  private static final int VERSION = 1;
  private static final int BYTES = 33;
  private static final int SIGNED_BYTES = BYTES - TAG_BYTES;
  private static final int RESPOND_OFFSET = 6;
  private static final int RANDOM_OFFSET = 9;

  private final byte[] bytes;

  private HookId(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads an id by its layout, without checking whether it is genuine. Empty for any other text.
   */
  public static Optional<HookId> parse(String text) {
    if (text.length() != LENGTH) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean known =
        bytes.length == BYTES
            && bytes[0] == VERSION
            && bytes[RESPOND_OFFSET] == 0
            && bytes[RESPOND_OFFSET + 1] == 0
            && bytes[RESPOND_OFFSET + 2] == 0;
    return known ? Optional.of(new HookId(bytes)) : Optional.empty();
  }

  /** The bytes of a new id that its tag signs. */
  static byte[] unsigned(int keyId, Instant expiresAt, byte[] random) {
    return ByteBuffer.allocate(SIGNED_BYTES)
        .put((byte) VERSION)
        .put((byte) keyId)
        .putInt((int) expiresAt.getEpochSecond())
        .put(new byte[3])
        .put(random)
        .array();
  }

  static HookId signed(byte[] unsigned, byte[] tag) {
    return new HookId(ByteBuffer.allocate(BYTES).put(unsigned).put(tag, 0, TAG_BYTES).array());
  }

  byte[] signedBytes() {
    return Arrays.copyOf(bytes, SIGNED_BYTES);
  }

  byte[] tag() {
    return Arrays.copyOfRange(bytes, SIGNED_BYTES, BYTES);
  }

  byte[] randomBytes() {
    return Arrays.copyOfRange(bytes, RANDOM_OFFSET, RANDOM_OFFSET + RANDOM_BYTES);
  }

  /** The hook key that signed it, 0–255. */
  public int keyId() {
    return Byte.toUnsignedInt(bytes[1]);
  }

  /** When the hook ends, in whole seconds. */
  public Instant expiresAt() {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(2)));
  }

  /** Its 16 random bytes, by which alone the store knows the hook. */
  public HookUid uid() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, RANDOM_OFFSET, RANDOM_BYTES);
    return new HookUid(new UUID(buffer.getLong(), buffer.getLong()));
  }

  /** The id as it stands in a URL. */
  public String text() {
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  /** The hook's name in logs, from which the id cannot be found: 12 hexadecimal digits. */
  public String logHash() {
    byte[] digest = Sha256.digest().digest(randomBytes());
    return HexFormat.of().formatHex(digest, 0, 6);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HookId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The log hash, since anyone with the id could send to the hook. */
  @Override
  public String toString() {
    return "HookId[" + logHash() + "]";
  }
}
