package dev.hookwell.api;

import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** The body of a call that takes JSON, with a bounded size. */
final class JsonBody {
  private JsonBody() {}

  /**
   * The bytes of a request's body; none when it has no body.
   *
   * @throws ProblemException 413 when it is too long, 415 when its type is not JSON
   */
  static byte[] of(GatewayRequest request, int most) {
    byte[] body = bytes(request);
    if (body.length == 0) {
      return body;
    }
    if (body.length > most) {
      throw new ProblemException(
          ProblemType.REQUEST_BODY_TOO_LARGE, "At most " + most + " bytes are read.");
    }
    if (!isJson(request.header("content-type").orElse(""))) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send it as application/json.");
    }
    return body;
  }

  private static byte[] bytes(GatewayRequest request) {
    if (!request.bodyIsBase64()) {
      return request.bodyText().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(request.bodyText());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemType.BAD_REQUEST_BODY, "It is not JSON.");
    }
  }

  private static boolean isJson(String contentType) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json");
  }
}
