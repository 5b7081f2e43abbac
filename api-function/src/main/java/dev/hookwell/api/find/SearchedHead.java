package dev.hookwell.api.find;

import dev.hookwell.capture.Header;
import java.util.List;
import java.util.Optional;

/**
 * The part of a capture's head that is searched. Where decoding changes a text, both forms are
 * there.
 *
 * @param paths the path after the hook's id
 * @param queries the query string
 * @param headers the headers, with the cookies as one
 * @param eventInBody whether only the body can name the event
 * @param deliveryInBody whether only the body can name the delivery
 */
public record SearchedHead(
    String method,
    List<String> paths,
    List<String> queries,
    List<Header> headers,
    Optional<String> sender,
    List<String> events,
    List<String> deliveryIds,
    String sha256,
    boolean eventInBody,
    boolean deliveryInBody) {}
