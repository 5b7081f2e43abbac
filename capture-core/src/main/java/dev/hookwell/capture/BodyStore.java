package dev.hookwell.capture;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The store of bodies that are too large for a message, each as it was delivered. Its calls never
 * throw. A body that is reported as kept survives a crash. Implementations are thread-safe.
 */
public interface BodyStore {
  /** How long a sender waits at most for a body to be put. */
  Duration PATIENCE = Duration.ofMillis(1500);

  /** How long a reader waits at most: longer than a sender, since nothing is lost meanwhile. */
  Duration READ_PATIENCE = Duration.ofSeconds(12);

  /** How long a bucket takes at most to delete a thousand bodies. */
  Duration DELETE_PATIENCE = Duration.ofSeconds(6);

  /** Puts a body; the same body may be put again. Returns within {@link #PATIENCE}. */
  Put put(ObjectKey key, Body body, Sha256 sha256);

  /**
   * Reads a body; reading stops once it is longer than {@code size}. Returns within {@link
   * #READ_PATIENCE}.
   */
  Got get(ObjectKey key, long size, Sha256 sha256);

  /**
   * Deletes bodies; one that does not exist counts as deleted. A failure of one does not stop the
   * others. A bucket returns within {@link #DELETE_PATIENCE} for each thousand.
   */
  Deletion delete(Collection<ObjectKey> keys);

  /**
   * The result of deleting bodies.
   *
   * @param gone the bodies that no longer exist
   * @param refused the bodies that the bucket or folder refused to delete, each with its cause as
   *     in {@link Put.NotKept}
   * @param failure why the state of the others is unknown; empty where there are no others
   */
  record Deletion(Set<ObjectKey> gone, Map<ObjectKey, String> refused, Optional<String> failure) {
    public Deletion {
      gone = Set.copyOf(gone);
      refused = Map.copyOf(refused);
    }

    /** The result when all bodies are gone. */
    public static Deletion of(Collection<ObjectKey> gone) {
      return new Deletion(Set.copyOf(gone), Map.of(), Optional.empty());
    }

    /** The result when the bucket or folder did not answer. */
    public static Deletion failed(String cause) {
      return new Deletion(Set.of(), Map.of(), Optional.of(cause));
    }
  }

  /** The result of putting a body. */
  sealed interface Put {
    record Kept() implements Put {}

    /**
     * It is not known whether the body is stored: its sender must be asked to send it again.
     *
     * @param cause a short word of ours or an AWS error code, for the log
     */
    record NotKept(String cause) implements Put {}
  }

  /** The result of reading a body. */
  sealed interface Got {
    /** The body, with the size and the SHA-256 that were expected. */
    record Found(Body body) implements Got {}

    /** There is no such body. */
    record Missing() implements Got {}

    /** The stored body has another size, or another SHA-256. */
    record Damaged() implements Got {}

    /**
     * It is not known whether the body exists.
     *
     * @param cause as that of {@link Put.NotKept}
     */
    record Unavailable(String cause) implements Got {}

    /**
     * {@link Found} if the bytes read have this size and SHA-256, else {@link Damaged}.
     *
     * @param read taken over: the caller must not keep a reference
     */
    static Got of(byte[] read, long size, Sha256 sha256) {
      Body body = Body.owning(read);
      return body.size() == size && Sha256.of(body).equals(sha256)
          ? new Found(body)
          : new Damaged();
    }
  }
}
