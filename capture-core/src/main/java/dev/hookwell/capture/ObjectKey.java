package dev.hookwell.capture;

import java.util.UUID;

/**
 * Under what a body lies in a {@link BodyStore}: known from its capture's row, so that nothing has
 * to point to it.
 */
public record ObjectKey(HookUid hook, UUID capture) {
  public static ObjectKey of(Capture capture) {
    return new ObjectKey(capture.hook().uid(), capture.id());
  }

  /** {@code random/captureId}. */
  public String path() {
    return hook + "/" + capture;
  }
}
