package dev.hookwell.client.command;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import dev.hookwell.client.Header;
import dev.hookwell.client.Printable;
import java.util.Optional;

/** A capture as the text of a request, harmless for a terminal. */
final class RequestText {
  private RequestText() {}

  static String of(Capture kept, Optional<Bytes> body) {
    Capture capture = kept.readable();
    StringBuilder text = new StringBuilder();
    String query = capture.query().isEmpty() ? "" : "?" + capture.query();
    line(text, capture.method() + " " + capture.path() + query + " " + capture.protocol());
    for (Header header : capture.headers()) {
      line(text, header.name() + ": " + header.value());
    }
    if (!capture.cookies().isEmpty() && capture.header("cookie").isEmpty()) {
      line(text, "cookie: " + String.join("; ", capture.cookies()));
    }
    Optional<String> readable = body.flatMap(Bytes::utf8);
    if (capture.bodySize() > 0) {
      text.append('\n')
          .append(
              readable
                  .map(Printable::lines)
                  .orElseGet(() ->
                      "(" + capture.bodySize() + " bytes; 'show --body' gives them exactly)"));
      text.append('\n');
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(Printable.line(line)).append('\n');
  }
}
