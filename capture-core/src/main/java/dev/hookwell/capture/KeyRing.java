package dev.hookwell.capture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Secret keys by number, written {@code id:base64url,…}; the first is the current one. A key may be
 * removed one maximum hook lifetime after it stopped being first.
 */
final class KeyRing {
  private final Map<Integer, MacKey> keys;
  private final int currentId;

  private KeyRing(Map<Integer, MacKey> keys, int currentId) {
    this.keys = keys;
    this.currentId = currentId;
  }

  /**
   * Reads a ring. Messages name the entry by its position and never show a key.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static KeyRing parse(String text) {
    Map<Integer, MacKey> keys = new LinkedHashMap<>();
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
      if (keys.put(id, key(parts[1], position)) != null) {
        throw new IllegalArgumentException("entry " + position + " repeats the id " + id);
      }
    }
    return new KeyRing(keys, keys.keySet().iterator().next());
  }

  private static MacKey key(String base64url, int position) {
    try {
      return MacKey.parse(base64url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("entry " + position + " " + e.getMessage(), e);
    }
  }

  int currentId() {
    return currentId;
  }

  Set<Integer> ids() {
    return keys.keySet();
  }

  /** HMAC-SHA-256 of the parts under key {@code id}; empty when the ring has no such key. */
  Optional<byte[]> mac(int id, byte[]... parts) {
    return Optional.ofNullable(keys.get(id)).map(key -> key.mac(parts));
  }
}
