package dev.hookwell.capture;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/**
 * Where bodies lie that are too large for a message, each as it was delivered. Its calls never
 * throw, and what they answer is true: kept means that it survives a crash. Implementations are
 * thread-safe.
 */
public interface BodyStore {
  /** How long a sender waits for a body to be taken. */
  Duration PATIENCE = Duration.ofMillis(1500);

  /** Puts a body; the same one may be put again. Returns within {@link #PATIENCE}. */
  Put put(ObjectKey key, Body body, Sha256 sha256);

  /** Reads a body; of one that is longer than expected no more than that. */
  Got get(ObjectKey key, long size, Sha256 sha256);

  /** Deletes bodies; one that is not there counts as deleted. Those that are gone are answered. */
  Set<ObjectKey> delete(Collection<ObjectKey> keys);

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
