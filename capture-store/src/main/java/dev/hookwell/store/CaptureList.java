package dev.hookwell.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Captures in the order that was asked for.
 *
 * @param more whether there were more in this direction
 * @param firstExpiry when the first of those that were found is no longer listed; until then the
 *     list changes only with its hook's revision. Empty where nothing was found.
 */
public record CaptureList(
    List<StoredCapture> captures, boolean more, Optional<Instant> firstExpiry) {
  public static final CaptureList EMPTY = new CaptureList(List.of(), false, Optional.empty());

  public CaptureList {
    captures = List.copyOf(captures);
  }
}
