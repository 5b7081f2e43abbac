package dev.hookwell.client.delivery;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the head of an HTTP/1.1 response, and skips its body. */
final class ResponseReader {
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?");
  private static final int MAX_LINE = 64 * 1024;
  private static final int MAX_LINES = 1_000;

  /** A connection with a longer body left on it is not used again. */
  private static final int MAX_BODY = 256 * 1024;

  private final InputStream in;
  private boolean begun;

  ResponseReader(InputStream in) {
    this.in = in;
  }

  /** How a body ends. */
  private enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    CLOSE
  }

  /**
   * A response's head.
   *
   * @param length of the body, where the framing is by length
   * @param keepsOpen whether another request may follow once the body was read
   */
  record Head(
      int status, Framing framing, long length, boolean keepsOpen, Optional<String> location) {}

  /** Whether a byte of the response has come. */
  boolean hasBegun() {
    return begun;
  }

  /** The final response's head; interim ones are skipped. */
  Head readHead(String method) throws IOException {
    while (true) {
      Head head = readOneHead(method);
      if (head.status() >= 200 || head.status() == 101) {
        return head;
      }
    }
  }

  private Head readOneHead(String method) throws IOException {
    String statusLine = readLine();
    if (!STATUS_LINE.matcher(statusLine).matches()) {
      throw new IOException("what came back is no HTTP");
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    boolean keepsOpen = statusLine.startsWith("HTTP/1.1");
    Framing framing = Framing.CLOSE;
    long length = 0;
    Optional<String> location = Optional.empty();
    int lines = 0;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      lines++;
      if (lines > MAX_LINES) {
        throw new IOException("the response has too many headers");
      }
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String lower = value.toLowerCase(Locale.ROOT);
      if (name.equals("transfer-encoding")) {
        framing = lower.endsWith("chunked") ? Framing.CHUNKED : Framing.CLOSE;
        length = -1;
      } else if (name.equals("content-length") && length >= 0 && value.matches("\\d{1,18}")) {
        framing = Framing.LENGTH;
        length = Long.parseLong(value);
      } else if (name.equals("connection")) {
        keepsOpen &= !lower.contains("close");
      } else if (name.equals("location")) {
        location = Optional.of(value);
      }
    }
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      framing = Framing.NONE;
    }
    return new Head(status, framing, length, keepsOpen && status != 101, location);
  }

  /** Skips the body; false when the connection can't be used again. */
  boolean skipBody(Head head) throws IOException {
    return switch (head.framing()) {
      case NONE -> true;
      case LENGTH -> head.length() <= MAX_BODY && skip(head.length());
      case CHUNKED -> skipChunks();
      case CLOSE -> false;
    };
  }

  private boolean skip(long bytes) throws IOException {
    in.skipNBytes(bytes);
    return true;
  }

  private boolean skipChunks() throws IOException {
    long total = 0;
    while (true) {
      String size = readLine().replaceFirst(";.*", "").strip();
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        return false;
      }
      long length = Long.parseLong(size, 16);
      total += length;
      if (total > MAX_BODY) {
        return false;
      }
      if (length == 0) {
        break;
      }
      skip(length);
      readLine();
    }
    for (String trailer = readLine(); !trailer.isEmpty(); trailer = readLine()) {
      total++;
      if (total > MAX_BODY) {
        return false;
      }
    }
    return true;
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection was closed before the response's end");
      }
      begun = true;
      if (b == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      if (line.length() >= MAX_LINE) {
        throw new IOException("a line of the response is too long");
      }
      line.append((char) b);
    }
  }
}
