package dev.hookwell.client.delivery;

import dev.hookwell.client.Capture;
import dev.hookwell.client.Header;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The headers of a delivery: the sender's, and ours that name the capture and its origin. */
final class DeliveryHeaders {
  /** They belonged to the sender's connection (RFC 9110, 7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "expect",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** The network between the sender and the hook put them there. */
  private static final List<String> EDGE =
      List.of("cdn-loop", "cf-", "forwarded", "via", "x-amzn-", "x-forwarded-", "x-real-ip");

  /**
   * Methods that send {@code Content-Length: 0} without a body; others send none (RFC 9110, 8.6).
   */
  private static final Set<String> EXPECT_A_BODY = Set.of("POST", "PUT", "PATCH");

  private DeliveryHeaders() {}

  /**
   * In the captured order.
   *
   * @param url the URL that the sender sent it to, which some senders sign
   * @param warnings takes a warning of each header that can't be sent
   */
  static List<Header> of(
      Capture capture, int bodySize, Target target, String url, List<String> warnings) {
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    capture
        .header("connection")
        .ifPresent(
            value -> dropped.addAll(List.of(value.toLowerCase(Locale.ROOT).split("[ ,]+", -1))));
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("host", target.authority()));
    boolean cookie = false;
    boolean length = false;
    String host = URI.create(url.substring(0, url.indexOf("/", 8))).getRawAuthority();
    for (Header header : capture.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("host")) {
        host = header.value();
      } else if (name.equals("content-length")) {
        length = true;
        headers.add(new Header(header.name(), String.valueOf(bodySize)));
      } else if (!canBeSent(header)) {
        warnings.add("its header " + name.replaceAll("[^a-z0-9-]", "?") + " can't be sent");
      } else if (!dropped.contains(name) && !isOfTheEdge(name)) {
        cookie |= name.equals("cookie");
        headers.add(header);
      }
    }
    if (!cookie && !capture.cookies().isEmpty()) {
      headers.add(new Header("cookie", String.join("; ", capture.cookies())));
    }
    if (!length && (bodySize > 0 || EXPECT_A_BODY.contains(capture.method()))) {
      headers.add(new Header("content-length", String.valueOf(bodySize)));
    }
    headers.add(new Header("x-forwarded-host", host));
    headers.add(new Header("x-forwarded-proto", url.substring(0, url.indexOf(':'))));
    headers.add(new Header("hookwell-seq", String.valueOf(capture.seq())));
    headers.add(new Header("hookwell-capture-id", capture.id()));
    headers.add(new Header("hookwell-url", oneLine(url)));
    return headers;
  }

  private static boolean isOfTheEdge(String name) {
    return EDGE.stream()
        .anyMatch(own -> own.endsWith("-") ? name.startsWith(own) : name.equals(own));
  }

  /** A line end in a value would begin another header, or another request. */
  private static boolean canBeSent(Header header) {
    return DeliveryRequest.isToken(header.name())
        && header.value().chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }

  private static String oneLine(String url) {
    return url.replaceAll("[\\x00-\\x20\\x7f]", "%20");
  }

  /** The developer's headers replace those of the same name, or take them away. */
  static List<Header> with(List<Header> headers, List<Header> added) {
    if (added.isEmpty()) {
      return headers;
    }
    Set<String> replaced = new HashSet<>();
    added.forEach(header -> replaced.add(header.name().toLowerCase(Locale.ROOT)));
    List<Header> all = new ArrayList<>();
    for (Header header : headers) {
      if (!replaced.contains(header.name().toLowerCase(Locale.ROOT))) {
        all.add(header);
      }
    }
    for (Header header : added) {
      if (!header.value().isEmpty()) {
        all.add(header);
      }
    }
    return all;
  }
}
