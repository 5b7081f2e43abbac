package dev.hookwell.capture;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secret keys by number, written {@code id:base64url,…}; the first is the current one. A key may go
 * one maximum hook lifetime after it stopped being first.
 */
final class KeyRing {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_KEY_BYTES = 32;

  private final Map<Integer, SecretKeySpec> keys;
  private final int currentId;

  private KeyRing(Map<Integer, SecretKeySpec> keys, int currentId) {
    this.keys = keys;
    this.currentId = currentId;
  }

  /**
   * Reads a ring. Messages name the entry by its position and never show a key.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static KeyRing parse(String text) {
    Map<Integer, SecretKeySpec> keys = new LinkedHashMap<>();
    int position = 0;
    for (String entry : text.split(",", -1)) {
      position++;
      String[] parts = entry.strip().split(":", -1);
      if (parts.length != 2 || !parts[0].matches("[0-9]{1,3}")) {
        throw new IllegalArgumentException(
            "entry " + position + " is not of the form id:base64url");
      }
      int id = Integer.parseInt(parts[0]);
      if (id > 255) {
        throw new IllegalArgumentException("entry " + position + " has an id above 255");
      }
      if (keys.put(id, new SecretKeySpec(decode(parts[1], position), ALGORITHM)) != null) {
        throw new IllegalArgumentException("entry " + position + " repeats the id " + id);
      }
    }
    return new KeyRing(keys, keys.keySet().iterator().next());
  }

  private static byte[] decode(String base64url, int position) {
    byte[] key;
    try {
      key = Base64.getUrlDecoder().decode(base64url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("entry " + position + " is not base64url", e);
    }
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException("entry " + position + " is shorter than 32 bytes");
    }
    return key;
  }

  int currentId() {
    return currentId;
  }

  Set<Integer> ids() {
    return keys.keySet();
  }

  /** HMAC-SHA-256 of the parts under key {@code id}; empty when the ring has no such key. */
  Optional<byte[]> mac(int id, byte[]... parts) {
    SecretKeySpec key = keys.get(id);
    if (key == null) {
      return Optional.empty();
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return Optional.of(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
