package dev.hookwell.api;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.NamedSecret;
import dev.hookwell.capture.ReaderKeys;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reader keys: from the environment, or from a secret that is read when they are first needed
 * and again after a while. Thread-safe.
 */
final class ReaderKeySource {
  private final NamedSecret secret;
  private final Set<Integer> hookKeyIds;

  private @Nullable String parsed;
  private @Nullable ReaderKeys keys;

  /**
   * Reads nothing yet.
   *
   * @param hookKeyIds the numbers for which the ring has to have a key
   */
  ReaderKeySource(NamedSecret secret, Set<Integer> hookKeyIds) {
    this.secret = secret;
    this.hookKeyIds = Set.copyOf(hookKeyIds);
  }

  /**
   * The current keys.
   *
   * @throws ConfigurationException when the ring is not usable; without showing it
   */
  synchronized ReaderKeys keys() {
    String ring = secret.value();
    ReaderKeys known = keys;
    if (known != null && ring.equals(parsed)) {
      return known;
    }
    ReaderKeys fresh = parse(ring);
    if (!fresh.covers(hookKeyIds)) {
      throw new ConfigurationException("READER_KEYS needs a key for every number in HOOK_KEYS");
    }
    keys = fresh;
    parsed = ring;
    return fresh;
  }

  private static ReaderKeys parse(String ring) {
    try {
      return ReaderKeys.parse(ring.strip());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("READER_KEYS: " + e.getMessage(), e);
    }
  }
}
