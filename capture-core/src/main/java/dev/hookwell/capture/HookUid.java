package dev.hookwell.capture;

import java.util.UUID;

/**
 * The 16 random bytes of a {@link HookId}. Queue, store and bucket know the hook by them alone, and
 * no URL can be made of them.
 */
public record HookUid(UUID value) implements Comparable<HookUid> {
  /** Throws IllegalArgumentException for any other text than a UUID's. */
  public static HookUid parse(String text) {
    return new HookUid(UUID.fromString(text));
  }

  @Override
  public int compareTo(HookUid other) {
    return value.compareTo(other.value);
  }

  /** As a UUID is written. */
  @Override
  public String toString() {
    return value.toString();
  }
}
