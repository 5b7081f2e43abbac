package dev.hookwell.store;

import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.Sha256;
import dev.hookwell.capture.StoredHead;
import java.time.Instant;
import java.util.UUID;

/**
 * A capture as stored, without its body's bytes.
 *
 * @param seq its number in its hook, from 1
 * @param storedPath the path without the hook's id
 * @param storedAt the database's time of saving
 * @param bodySize delivered bytes, kept or not
 */
public record StoredCapture(
    HookUid hook,
    long seq,
    UUID id,
    Instant receivedAt,
    Instant storedAt,
    String method,
    String storedPath,
    String query,
    StoredHead head,
    BodyEncoding bodyEncoding,
    long bodySize,
    Sha256 bodySha256) {
  /** The path as it was delivered. */
  public String path(HookId hook) {
    return StoredPath.whole(storedPath, hook);
  }
}
