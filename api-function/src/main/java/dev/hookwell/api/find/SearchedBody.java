package dev.hookwell.api.find;

import dev.hookwell.capture.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The part of a body that is searched. Not thread-safe. */
public final class SearchedBody {
  /** The most bytes that are searched of one body, and of all bodies of one call together. */
  public static final int MOST_BYTES = 1024 * 1024;

  /** Content codings that cannot be recognized by first bytes. */
  private static final Set<String> CODINGS = Set.of("deflate", "br", "compress", "x-compress");

  /** First bytes of gzip, of Zstandard, and of zlib where no text begins with them. */
  private static final List<int[]> PACKED_STARTS =
      List.of(
          new int[] {0x1F, 0x8B, 0x08},
          new int[] {0x28, 0xB5, 0x2F, 0xFD},
          new int[] {0x78, 0x9C},
          new int[] {0x78, 0xDA});

  private final byte[] start;
  private final boolean whole;
  private final Kind kind;
  private final Optional<String> event;
  private final Optional<String> deliveryId;

  /** Made when a text is first searched: it takes as much memory as the body. */
  private Optional<List<byte[]>> unescaped = Optional.empty();

  /**
   * The bytes are not copied, and must not be changed.
   *
   * @param start its first bytes, without our own storage encoding; a sender's is not undone
   * @param whole whether {@code start} is the whole body
   * @param kind how its text is encoded
   * @param event the event that a known sender names in it
   * @param deliveryId likewise
   */
  public SearchedBody(
      byte[] start, boolean whole, Kind kind, Optional<String> event, Optional<String> deliveryId) {
    this.start = start;
    this.whole = whole;
    this.kind = kind;
    this.event = event;
    this.deliveryId = deliveryId;
  }

  byte[] start() {
    return start;
  }

  boolean whole() {
    return whole;
  }

  boolean isPacked() {
    return kind == Kind.PACKED;
  }

  Optional<String> event() {
    return event;
  }

  Optional<String> deliveryId() {
    return deliveryId;
  }

  /** The body with the escapes of a form, of JSON, and of JSON in a form decoded. */
  List<byte[]> unescaped() {
    if (unescaped.isEmpty()) {
      List<byte[]> readings = new ArrayList<>();
      byte[] plain = kind == Kind.FORM ? Escapes.undone(start) : start;
      if (kind == Kind.FORM) {
        readings.add(plain);
      }
      if (kind != Kind.PACKED && Escapes.mayBeInJson(plain)) {
        readings.add(Escapes.undoneJson(plain));
      }
      unescaped = Optional.of(readings);
    }
    return unescaped.orElseThrow();
  }

  /** How the text of a body is encoded. */
  public enum Kind {
    TEXT,
    /** With percent-escapes. */
    FORM,
    /** Compressed by the sender, so that no word can be found in it. */
    PACKED;

    /** By the first bytes, or else by the headers. */
    public static Kind of(SearchedHead head, byte[] start) {
      if (PACKED_STARTS.stream().anyMatch(first -> startsWith(start, first))) {
        return PACKED;
      }
      Kind kind = TEXT;
      for (Header header : head.headers()) {
        String value = header.value().strip().toLowerCase(Locale.ROOT);
        if (header.name().equalsIgnoreCase("content-encoding")
            && Arrays.stream(value.split(",", -1)).map(String::strip).anyMatch(CODINGS::contains)) {
          return PACKED;
        }
        if (header.name().equalsIgnoreCase("content-type")
            && value.startsWith("application/x-www-form-urlencoded")) {
          kind = FORM;
        }
      }
      return kind;
    }

    private static boolean startsWith(byte[] start, int[] first) {
      for (int i = 0; i < first.length; i++) {
        if (i >= start.length || (start[i] & 0xFF) != first[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
