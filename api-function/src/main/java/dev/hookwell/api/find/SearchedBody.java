package dev.hookwell.api.find;

import java.util.Optional;

/**
 * What is searched of a body. The bytes are not to be changed.
 *
 * @param start its first bytes, without our own storage encoding; a sender's is not undone
 * @param whole whether that is all of it
 * @param event what a known sender says in it
 * @param deliveryId likewise
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would double the memory
public record SearchedBody(
    byte[] start, boolean whole, Optional<String> event, Optional<String> deliveryId) {
  /** Of one body so many bytes are searched, and of all bodies of one call. */
  public static final int MOST_BYTES = 1024 * 1024;
}
