package dev.hookwell.capture;

import java.util.List;

/**
 * A request's head, as delivered.
 *
 * @param edge the kind of edge that received it ({@code apigw-http-2.0}), which implies the changes
 *     that it makes to every request
 * @param path the whole path, {@code /h/{id}} included
 * @param query without the question mark, as sent; empty when there is none
 * @param headers in the order of the event
 * @param cookies one entry a pair, in order
 */
public record RequestHead(
    String edge,
    String method,
    String path,
    String query,
    String protocol,
    String sourceIp,
    List<Header> headers,
    List<String> cookies) {
  public RequestHead {
    headers = List.copyOf(headers);
    cookies = List.copyOf(cookies);
  }
}
