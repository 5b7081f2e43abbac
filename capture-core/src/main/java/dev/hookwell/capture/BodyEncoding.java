package dev.hookwell.capture;

import java.util.Arrays;
import java.util.Optional;

/** How a body's bytes are encoded in an envelope and in the store. */
public enum BodyEncoding {
  /** The bytes were not kept; size and SHA-256 were. */
  NONE("none", 0),
  /** As delivered. */
  PLAIN("b64", 1),
  /** Compressed by us with gzip, independently of the sender's own Content-Encoding. */
  GZIP("gzip+b64", 2),
  /** Apart, as delivered, in a {@link BodyStore}. */
  OBJECT("object", 3);

  private final String wireName;
  private final int code;

  BodyEncoding(String wireName, int code) {
    this.wireName = wireName;
    this.code = code;
  }

  /** The envelope's {@code enc}. */
  public String wireName() {
    return wireName;
  }

  /** The store's {@code body_enc}. */
  public int code() {
    return code;
  }

  static Optional<BodyEncoding> ofWireName(String wireName) {
    return Arrays.stream(values()).filter(e -> e.wireName.equals(wireName)).findFirst();
  }

  /**
   * The encoding with this store code.
   *
   * @throws IllegalArgumentException when there is none: a row of a newer version
   */
  public static BodyEncoding ofCode(int code) {
    return Arrays.stream(values())
        .filter(e -> e.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown body encoding " + code));
  }
}
