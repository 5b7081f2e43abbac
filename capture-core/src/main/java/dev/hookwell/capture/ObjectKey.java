package dev.hookwell.capture;

import java.util.UUID;

/**
 * The key of a body in a {@link BodyStore}. It follows from its capture's row, so that no reference
 * to the body has to be stored.
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
