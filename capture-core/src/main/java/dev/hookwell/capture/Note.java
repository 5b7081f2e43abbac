package dev.hookwell.capture;

/**
 * Something that happened to one capture on its way, by its wire name. Changes that the edge makes
 * to every request are not noted: {@link RequestHead#edge()} implies them. The list below is closed
 * for writers; a reader keeps a name that it does not know.
 */
public record Note(String name) {
  /** The path holds a character that only percent-decoding can have put there. */
  public static final Note PATH_DECODED = new Note("path-decoded");

  /** A text body with U+FFFD: the edge may have replaced bytes that are not UTF-8. */
  public static final Note BODY_MAYBE_LOSSY = new Note("body-maybe-lossy");

  /** The event declared the body as base64, but it was not; the text was kept as it came. */
  public static final Note BODY_NOT_BASE64 = new Note("body-not-base64");

  /** The body was over a limit: size and SHA-256 were kept, the bytes were not. */
  public static final Note BODY_TOO_LARGE = new Note("body-too-large");

  /** The response script could not be read: the sender got another response, or the plain one. */
  public static final Note RESPONSE_UNAVAILABLE = new Note("response-unavailable");
}
