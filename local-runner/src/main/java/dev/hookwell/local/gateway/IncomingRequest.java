package dev.hookwell.local.gateway;

import dev.hookwell.capture.Header;
import java.util.List;

/**
 * An HTTP request as it arrived, whole.
 *
 * @param headers in the order and spelling in which they were sent, repeats apart
 * @param sourceIp of the connection: the sender's, or a proxy's in front
 */
record IncomingRequest(
    String method,
    RequestTarget target,
    String protocol,
    List<Header> headers,
    RequestBody body,
    String sourceIp,
    int port) {
  IncomingRequest {
    headers = List.copyOf(headers);
  }
}
