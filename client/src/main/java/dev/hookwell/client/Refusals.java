package dev.hookwell.client;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The meaning of a response that is no success. */
final class Refusals {
  private static final String PROBLEM = "urn:hookwell:problem:";

  /** The hook is there, and the requested part of it is not. */
  private static final Set<String> MISSING =
      Set.of(
          PROBLEM + "capture-not-found", PROBLEM + "body-not-kept", PROBLEM + "response-not-found");

  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

  private Refusals() {}

  static Failure of(URI server, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    Optional<Json> problem = problem(response);
    String type = problem.flatMap(json -> json.optionalText("type")).orElse("");
    String said = problem.map(Refusals::sentence).orElse("status " + status);
    if (type.equals(PROBLEM + "body-damaged")) {
      return Failure.of(Failure.Kind.DAMAGED, said);
    }
    if (status == 408 || status == 429 || status >= 500) {
      return new Failure(
          Failure.Kind.UNAVAILABLE, server + " can't do it now: " + said, retryAfter(response));
    }
    if (MISSING.contains(type)) {
      return Failure.of(Failure.Kind.MISSING, said);
    }
    if (status / 100 == 3) {
      String place = response.headers().firstValue("location").map(Printable::line).orElse("?");
      return Failure.of(
          Failure.Kind.REJECTED, server + " redirects to " + place + ": use that address");
    }
    if (problem.isEmpty()) {
      return Failure.of(
          Failure.Kind.REJECTED, "what responds at " + server + " is no Hookwell (" + said + ")");
    }
    if (type.equals(PROBLEM + "search-off")) {
      return Failure.of(Failure.Kind.REJECTED, server + ": " + said);
    }
    if (type.equals(PROBLEM + "owner-key-needed")) {
      said += " Set HOOKWELL_OWNER_KEY, or give --key-file.";
    }
    boolean denied = status == 401 || status == 403 || status == 404 || status == 410;
    return Failure.of(denied ? Failure.Kind.DENIED : Failure.Kind.REJECTED, server + ": " + said);
  }

  private static Optional<Json> problem(HttpResponse<byte[]> response) {
    try {
      Json json = Json.parse(response.body());
      return json.optionalText("type").filter(type -> type.startsWith(PROBLEM)).map(type -> json);
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }

  private static String sentence(Json problem) {
    String title = problem.optionalText("title").orElse("refused");
    String which = problem.optionalText("parameter").map(name -> name + ": ").orElse("");
    return Printable.line(
        problem.optionalText("detail").map(detail -> title + ". " + which + detail).orElse(title));
  }

  /** In seconds; a date is of no use where clocks differ. */
  private static Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(asked -> asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER);
  }
}
