package dev.hookwell.intake;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.Note;
import dev.hookwell.capture.Origin;
import dev.hookwell.capture.OriginSecrets;
import dev.hookwell.capture.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes a capture of a request as delivered, with notes on changes made to it before. */
final class Recorder {
  static final String EDGE = "apigw-http-2.0";

  /** The address of the sender, set by Cloudflare. */
  private static final String CLIENT_ADDRESS_HEADER = "cf-connecting-ip";

  /** The characters that may be unencoded in a path besides letters and digits (RFC 3986, 3.3). */
  private static final String PATH_PUNCTUATION = "/-._~!$&'()*+,;=:@";

  private final CaptureIds ids;

  Recorder(CaptureIds ids) {
    this.ids = ids;
  }

  Capture record(HookId hook, GatewayRequest request, Origin origin) {
    List<Note> notes = new ArrayList<>();
    boolean proven = origin == Origin.PROVEN;
    if (!(proven && request.header(OriginSecrets.RAW_PATH_HEADER).isPresent())
        && wasSurelyDecoded(request.path())) {
      notes.add(Note.PATH_DECODED);
    }
    Body body = body(request, notes);
    RequestHead captured =
        new RequestHead(
            EDGE,
            request.method(),
            path(request, origin),
            request.query(),
            request.protocol(),
            proven
                ? request.header(CLIENT_ADDRESS_HEADER).orElse(request.sourceIp())
                : request.sourceIp(),
            proven ? withoutEdgeHeaders(request.headers()) : withoutSecret(request.headers()),
            request.cookies());
    return new Capture(
        ids.next(), hook, request.receivedAt(), captured, CapturedBody.of(body), notes);
  }

  /** The path as sent where our edge passes it on, else as the gateway delivered it. */
  static String path(GatewayRequest request, Origin origin) {
    return origin == Origin.PROVEN
        ? request.header(OriginSecrets.RAW_PATH_HEADER).orElse(request.path())
        : request.path();
  }

  private static List<Header> withoutEdgeHeaders(List<Header> headers) {
    return withoutSecret(headers).stream()
        .filter(h -> !h.name().equals(OriginSecrets.RAW_PATH_HEADER))
        .toList();
  }

  /**
   * Always: while a secret is introduced or removed, the edge may send one unknown to the
   * functions.
   */
  private static List<Header> withoutSecret(List<Header> headers) {
    return headers.stream().filter(h -> !h.name().equals(OriginSecrets.SECRET_HEADER)).toList();
  }

  /**
   * Whether the path has a character that no sender can send unencoded. A path of plain characters
   * may have been decoded, too ({@code %2F}): the edge, which the capture names, decodes every
   * path.
   */
  private static boolean wasSurelyDecoded(String path) {
    return !path.chars()
        .allMatch(c ->
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PATH_PUNCTUATION.indexOf(c) >= 0);
  }

  private static Body body(GatewayRequest request, List<Note> notes) {
    if (request.bodyIsBase64()) {
      try {
        return Body.copyOf(Base64.getDecoder().decode(request.bodyText()));
      } catch (IllegalArgumentException e) {
        notes.add(Note.BODY_NOT_BASE64);
      }
    } else if (request.bodyText().indexOf('\uFFFD') >= 0) {
      notes.add(Note.BODY_MAYBE_LOSSY);
    }
    return Body.copyOf(request.bodyText().getBytes(StandardCharsets.UTF_8));
  }
}
