package dev.hookwell.api;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.hookwell.api.find.FilterException;
import dev.hookwell.api.find.Filters;
import dev.hookwell.capture.GatewayRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The query of a list of captures.
 *
 * @param after list captures above this number, ascending
 * @param before list captures below it, descending; without either, the newest, descending
 * @param waitFor how long to wait while there is nothing to list
 * @param filters the conditions that a capture has to meet
 */
record ListQuery(
    Optional<Long> after,
    Optional<Long> before,
    int limit,
    boolean includeHeaders,
    boolean includeBody,
    Duration waitFor,
    boolean ndjson,
    Filters filters) {
  private static final int MAX_LIMIT = 500;
  private static final int DEFAULT_LIMIT = 100;

  /** The longest wait that may be asked for. An operator may allow less. */
  static final long MAX_WAIT_SECONDS = 20;

  private static final Set<String> OWN = Set.of("after", "before", "limit", "include", "wait");
  private static final Set<String> KNOWN =
      Stream.of(OWN, Filters.NAMES).flatMap(Set::stream).collect(toUnmodifiableSet());

  static ListQuery of(GatewayRequest request) {
    Parameters parameters = Parameters.read(request.query(), KNOWN, Filters.REPEATABLE);
    Optional<Long> after = parameters.number("after", 0, Long.MAX_VALUE);
    Optional<Long> before = parameters.number("before", 0, Long.MAX_VALUE);
    if (after.isPresent() && before.isPresent()) {
      throw ProblemException.parameter("before", "Give after or before, not both.");
    }
    long wait = parameters.number("wait", 0, MAX_WAIT_SECONDS).orElse(0L);
    List<String> include =
        parameters
            .text("include")
            .map(value -> Arrays.asList(value.split(",", -1)))
            .orElse(List.of());
    if (!Set.of("headers", "body").containsAll(include)
        || Set.copyOf(include).size() != include.size()) {
      throw ProblemException.parameter("include", "It may be headers, body or headers,body.");
    }
    return new ListQuery(
        after,
        before,
        parameters.number("limit", 1, MAX_LIMIT).map(Long::intValue).orElse(DEFAULT_LIMIT),
        include.contains("headers"),
        include.contains("body"),
        // A list below a given number does not wait: arrivals get higher numbers.
        Duration.ofSeconds(before.isPresent() ? 0 : wait),
        Accept.names(request, "application/x-ndjson"),
        filters(parameters));
  }

  private static Filters filters(Parameters parameters) {
    try {
      return Filters.parse(
          Filters.NAMES.stream().collect(toUnmodifiableMap(name -> name, parameters::all)));
    } catch (FilterException e) {
      throw ProblemException.parameter(e.filter(), e.detail());
    }
  }

  /** The query without its filters, in a form that is the same only for equal queries. */
  String canonical() {
    String place =
        after
            .map(cursor -> "after" + cursor)
            .or(() -> before.map(cursor -> "before" + cursor))
            .orElse("newest");
    return place
        + "."
        + limit
        + (includeHeaders ? ".headers" : "")
        + (includeBody ? ".body" : "")
        // Whether it waits, and not how long: only that changes the response, by timedOut.
        + (waitFor.isZero() ? "" : ".wait")
        + (ndjson ? ".lines" : "");
  }

  /** The caller's own cursor, which is the next one when nothing is listed. */
  long cursor() {
    return after.or(() -> before).orElse(0L);
  }
}
