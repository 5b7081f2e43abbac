package dev.hookwell.client.delivery;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Header;
import dev.hookwell.client.HookLink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A capture as a request to the target: the bytes of its head, and its body.
 *
 * @param target path and query, as they go over the wire
 * @param headers in the order in which they go over the wire
 * @param warnings its differences from the request that the sender sent
 */
public record DeliveryRequest(
    String method, String target, List<Header> headers, Bytes body, List<String> warnings) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /**
   * In header values and raw paths a character is a byte. A text with other characters is sent as
   * UTF-8.
   */
  private static final char LAST_LATIN = '\u00ff';

  public DeliveryRequest {
    headers = List.copyOf(headers);
    warnings = List.copyOf(warnings);
  }

  /**
   * Makes the request of a capture.
   *
   * @param hook the hook's public address
   * @param added headers of the developer's; one without a value takes a header away
   */
  public static DeliveryRequest of(
      Capture capture, Bytes body, HookLink hook, Target target, List<Header> added) {
    List<String> warnings = new ArrayList<>();
    if (!isToken(capture.method())) {
      throw new IllegalArgumentException("its method can't be sent");
    }
    String tail = path(capture);
    String query = capture.query().isEmpty() ? "" : "?" + escapeInvalid(capture.query());
    String path = target.basePath() + tail;
    if (capture.notes().contains("path-decoded")) {
      warnings.add("the edge decoded its path: it is encoded again, maybe otherwise");
    }
    if (capture.notes().contains("body-maybe-lossy")) {
      warnings.add("the edge may have altered its body");
    }
    String sentTo = hook.server() + capture.path() + query;
    List<Header> headers = DeliveryHeaders.of(capture, body.size(), target, sentTo, warnings);
    return new DeliveryRequest(
        capture.method(),
        (path.isEmpty() ? "/" : path) + query,
        DeliveryHeaders.with(headers, added),
        body,
        warnings);
  }

  /**
   * The path below the hook's, as it was sent, if the edge delivered it so. If the edge decoded it,
   * its readable text is encoded as UTF-8, and percent-encoded where it has to be.
   */
  private static String path(Capture capture) {
    if (!capture.notes().contains("path-decoded")) {
      return escapeInvalid(capture.pathTail());
    }
    StringBuilder encoded = new StringBuilder();
    for (byte b : capture.readable().pathTail().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean stays =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "/-._~!$&'()*+,;=:@".indexOf(c) >= 0;
      encoded.append(stays ? String.valueOf(c) : percent(c));
    }
    return encoded.toString();
  }

  /** Leaves every byte as it is but those that would end the request line. */
  private static String escapeInvalid(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      escaped.append(c <= ' ' || c == 0x7f ? percent(c) : String.valueOf(c));
    }
    return escaped.toString();
  }

  private static String percent(char c) {
    return String.format(Locale.ROOT, "%%%02X", (int) c);
  }

  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  /** Everything before the body, as it goes over the wire. */
  byte[] head() {
    ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    head.writeBytes(bytes(method + " " + target + " HTTP/1.1\r\n"));
    for (Header header : headers) {
      head.writeBytes(bytes(header.name() + ": " + header.value() + "\r\n"));
    }
    head.writeBytes(bytes("\r\n"));
    return head.toByteArray();
  }

  private static byte[] bytes(String line) {
    boolean fits = line.chars().allMatch(c -> c <= LAST_LATIN);
    return line.getBytes(fits ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  /** The first value of a header, by its name in any case. */
  Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
