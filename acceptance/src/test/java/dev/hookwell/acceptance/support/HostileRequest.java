package dev.hookwell.acceptance.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.hookwell.capture.Body;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * One request as it goes over the wire, which no HTTP client would send. It carries its name in
 * {@code x-row}.
 *
 * @param tail path and query below the hook
 * @param headers whole lines without their ends, in Latin-1
 */
public record HostileRequest(
    String name, String method, String tail, List<String> headers, Body body) {
  /** All of it, to this hook. */
  public byte[] wire(String hookId) {
    StringBuilder head = new StringBuilder();
    head.append("%s /h/%s%s HTTP/1.1\r\nx-row: %s\r\n".formatted(method, hookId, tail, name));
    if (headers.stream().noneMatch(line -> line.startsWith("host:"))) {
      head.append("host: 127.0.0.1\r\n");
    }
    headers.forEach(line -> head.append(line).append("\r\n"));
    if (!body.isEmpty()) {
      head.append("content-length: ").append(body.size()).append("\r\n");
    }
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    wire.writeBytes(body.toByteArray());
    return wire.toByteArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
