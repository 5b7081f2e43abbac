package dev.hookwell.capture;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where bodies lie that are too large for a message, each as it was delivered. Its calls never
 * throw, and what they answer is true: kept means that it survives a crash. Implementations are
 * thread-safe.
 */
public interface BodyStore {
  /** How long a sender waits for a body to be taken. */
  Duration PATIENCE = Duration.ofMillis(1500);

  /** How long a reader waits at most: longer than a sender, since nothing is lost meanwhile. */
  Duration READ_PATIENCE = Duration.ofSeconds(12);

  /** How long a bucket takes at most to delete a thousand. */
  Duration DELETE_PATIENCE = Duration.ofSeconds(6);

  /** Puts a body; the same one may be put again. Returns within {@link #PATIENCE}. */
  Put put(ObjectKey key, Body body, Sha256 sha256);

  /**
   * Reads a body; of one that is longer than expected no more than that. Returns within {@link
   * #READ_PATIENCE}.
   */
  Got get(ObjectKey key, long size, Sha256 sha256);

  /**
   * Deletes bodies; one that is not there counts as deleted. One that stays keeps no other from
   * going. A bucket returns within {@link #DELETE_PATIENCE} for each thousand.
   */
  Deletion delete(Collection<ObjectKey> keys);

  /**
   * What came of deleting bodies.
   *
   * @param gone those that are not there any more
   * @param refused those that the place answered it would not delete, each with the cause, as that
   *     of {@link Put.NotKept}
   * @param failure why nothing is known of the others; empty where there are none
   */
  record Deletion(Set<ObjectKey> gone, Map<ObjectKey, String> refused, Optional<String> failure) {
    public Deletion {
      gone = Set.copyOf(gone);
      refused = Map.copyOf(refused);
    }

    /** Of bodies that are all gone. */
    public static Deletion of(Collection<ObjectKey> gone) {
      return new Deletion(Set.copyOf(gone), Map.of(), Optional.empty());
    }

    /** Of a place that did not answer. */
    public static Deletion failed(String cause) {
      return new Deletion(Set.of(), Map.of(), Optional.of(cause));
    }
  }

  /** What came of putting a body. */
  sealed interface Put {
    record Kept() implements Put {}

    /**
     * It is not known to be there: its sender must be told to try again.
     *
     * @param cause a short word of ours or an AWS error code, for the log
     */
    record NotKept(String cause) implements Put {}
  }

  /** What came of reading a body. */
  sealed interface Got {
    /** The body, with the size and the SHA-256 that were expected. */
    record Found(Body body) implements Got {}

    /** It is not there. */
    record Missing() implements Got {}

    /** What is there has another size, or another SHA-256. */
    record Damaged() implements Got {}

    /**
     * Whether it is there is not known.
     *
     * @param cause as that of {@link Put.NotKept}
     */
    record Unavailable(String cause) implements Got {}

    /**
     * What was read, compared with what was expected.
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
