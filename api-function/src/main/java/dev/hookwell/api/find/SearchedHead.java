package dev.hookwell.api.find;

import dev.hookwell.capture.Header;
import java.util.List;
import java.util.Optional;

/**
 * What is searched of a capture's head. Where a text reads otherwise than it is kept, both are
 * there.
 *
 * @param paths what follows the hook's id in the path
 * @param queries raw
 * @param headers those with a cookie too
 * @param eventInBody whether only the body can tell the event
 * @param deliveryInBody whether only the body can tell the delivery
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
