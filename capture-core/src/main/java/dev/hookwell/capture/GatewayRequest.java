package dev.hookwell.capture;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP request as API Gateway's HTTP API hands it to a function (payload format 2.0), with nulls
 * turned into empty values and every string well-formed Unicode.
 *
 * @param path percent-decoded by the gateway
 * @param query as sent, without the question mark
 * @param headers in the order of the event, without the cookies
 * @param bodyText as it stands in the event: text, or base64 if {@code bodyIsBase64}
 * @param receivedAt the gateway's own time, in milliseconds
 * @param domainName the host name of the API, from the gateway and not from the sender
 */
public record GatewayRequest(
    String method,
    String path,
    String query,
    String protocol,
    String sourceIp,
    List<Header> headers,
    List<String> cookies,
    String bodyText,
    boolean bodyIsBase64,
    Instant receivedAt,
    String requestId,
    String domainName) {
  public GatewayRequest {
    headers = List.copyOf(headers);
    cookies = List.copyOf(cookies);
  }

  /** The value of a header by its lower-case name; the gateway has joined repeats. */
  public Optional<String> header(String name) {
    // No stream: this is called a dozen times for each request.
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }
}
