package dev.hookwell.capture;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One secret key of at least 32 bytes, for HMAC-SHA-256. It cannot be read back. */
final class MacKey {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_BYTES = 32;

  private final SecretKeySpec key;

  private MacKey(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * Reads a key in base64url.
   *
   * @throws IllegalArgumentException whose message, "is …", says what is wrong and shows nothing of
   *     the key
   */
  static MacKey parse(String base64url) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(base64url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not base64url", e);
    }
    if (bytes.length < MIN_BYTES) {
      throw new IllegalArgumentException("is shorter than 32 bytes");
    }
    return new MacKey(new SecretKeySpec(bytes, ALGORITHM));
  }

  /** HMAC-SHA-256 over the parts, one after the other. */
  byte[] mac(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
