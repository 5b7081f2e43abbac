package dev.hookwell.capture;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;

/**
 * Derives the view key and the owner key of a hook, and the keys of its single captures. Nothing is
 * stored: a hook's keys follow from its random part and the reader key with the number of the id's
 * hook key, and a capture's key from the view key and its number. Thread-safe.
 */
public final class ReaderKeys {
  /** Characters of any of these keys: 32 bytes in base64url. */
  public static final int KEY_LENGTH = 43;

  private static final byte[] VIEW = "view".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OWN = "own".getBytes(StandardCharsets.US_ASCII);
  private static final String CAPTURE = "capture/";

  private final KeyRing ring;

  private ReaderKeys(KeyRing ring) {
    this.ring = ring;
  }

  /**
   * Reads a ring of the form {@code id:base64url,…}.
   *
   * @throws IllegalArgumentException saying what is wrong, without showing a key
   */
  public static ReaderKeys parse(String ring) {
    return new ReaderKeys(KeyRing.parse(ring));
  }

  /** Whether every hook key has a reader key of the same number. */
  public boolean covers(Set<Integer> hookKeyIds) {
    return ring.ids().containsAll(hookKeyIds);
  }

  /** The key that reads the hook. */
  public String viewKey(HookId hook) {
    return derive(hook, VIEW);
  }

  /** The key that reads the hook and deletes from it. */
  public String ownerKey(HookId hook) {
    return derive(hook, OWN);
  }

  /**
   * The key that reads one capture and nothing else of its hook. It follows from the view key, so
   * that a holder of the view key can make it without a request. Neither the view key nor the key
   * of another capture follows from it.
   */
  public String captureKey(HookId hook, long seq) {
    return text(MacKey.parse(viewKey(hook)).mac(ascii(CAPTURE + seq)));
  }

  /** Whether {@code presented} is the key of this capture, compared in constant time. */
  public boolean opensCapture(HookId hook, long seq, String presented) {
    return MessageDigest.isEqual(
        ascii(captureKey(hook, seq)), presented.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The rights that {@code presented} gives on {@code hook}. Both comparisons always run, in
   * constant time.
   */
  public Access access(HookId hook, String presented) {
    byte[] given = presented.getBytes(StandardCharsets.UTF_8);
    boolean view = MessageDigest.isEqual(ascii(viewKey(hook)), given);
    boolean own = MessageDigest.isEqual(ascii(ownerKey(hook)), given);
    if (own) {
      return Access.OWN;
    }
    return view ? Access.VIEW : Access.NONE;
  }

  private String derive(HookId hook, byte[] purpose) {
    byte[] mac =
        ring.mac(hook.keyId(), purpose, hook.randomBytes())
            .orElseThrow(
                () -> new IllegalStateException("no reader key has the number " + hook.keyId()));
    return text(mac);
  }

  private static String text(byte[] key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
