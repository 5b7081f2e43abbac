package dev.hookwell.acceptance.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.capture.Body;
import dev.hookwell.local.Client;
import dev.hookwell.local.gateway.RawConnection;
import java.util.Locale;

/**
 * A response as it lay on the wire.
 *
 * @param head status line and headers, with line ends of LF
 */
public record Answer(int status, String head, Body body) {
  /** Reads the text that {@link RawConnection#receive} gives: a char is a byte. */
  public static Answer of(String wire) {
    int end = wire.indexOf("\n\n");
    String head = end < 0 ? wire : wire.substring(0, end + 1);
    String body = end < 0 ? "" : wire.substring(end + 2);
    return new Answer(
        Integer.parseInt(head.split(" ", 3)[1]), head, Body.copyOf(body.getBytes(ISO_8859_1)));
  }

  /** The value of a header by its lower-case name; empty when it is not there. */
  public String header(String name) {
    return head.lines()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse("");
  }

  public String text() {
    return new String(body.toByteArray(), UTF_8);
  }

  public JsonNode json() {
    return Client.json(text());
  }
}
