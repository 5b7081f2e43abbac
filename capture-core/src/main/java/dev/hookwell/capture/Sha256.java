package dev.hookwell.capture;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest: 32 bytes, written as 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private static final int LENGTH = 32;

  private final byte[] bytes;

  private Sha256(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The digest of a body's bytes. */
  public static Sha256 of(Body body) {
    return new Sha256(digest().digest(body.array()));
  }

  /**
   * A digest from its 32 bytes, as the store keeps it.
   *
   * @throws IllegalArgumentException when there are not 32 of them
   */
  public static Sha256 fromBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + bytes.length);
    }
    return new Sha256(bytes.clone());
  }

  /**
   * A digest from its hexadecimal form.
   *
   * @throws IllegalArgumentException when it is not 64 hexadecimal digits
   */
  public static Sha256 fromHex(String hex) {
    return fromBytes(HexFormat.of().parseHex(hex));
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
