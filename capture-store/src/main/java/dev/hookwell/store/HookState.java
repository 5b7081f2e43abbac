package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import java.time.Instant;
import java.util.Optional;

/**
 * A hook's row, from its first capture (or its deletion, if that came first) until a day after its
 * end.
 *
 * @param lastSeq how many captures were ever stored: the last number given out, 0 for none
 * @param floorSeq captures with this number or a lower one are gone
 * @param evicted captures gone by quota or age
 * @param deleted captures gone by their owner's wish
 * @param dropped captures that came after the hook was deleted, and have no number
 * @param bytes delivered body bytes of the available captures
 */
public record HookState(
    HookUid hook,
    Instant expiresAt,
    long lastSeq,
    long floorSeq,
    long evicted,
    long deleted,
    long dropped,
    long bytes,
    Optional<Instant> clearedAt,
    Optional<Instant> deletedAt) {
  /** Captures that are still there. */
  public long available() {
    return lastSeq - evicted - deleted;
  }

  /** Grows with every change to the hook's captures, and never else. */
  public long revision() {
    return lastSeq + evicted + deleted;
  }
}
