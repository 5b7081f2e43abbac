package dev.hookwell.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.capture.SeedKey;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The body of {@code POST /api/hooks}: nothing, {@code {}}, {@code {"expiresIn":"P30D"}} or {@code
 * {"seed":…,"expiresAt":…}}.
 *
 * @param seed makes the same call give the same hook
 */
record CreateHook(
    Optional<Duration> expiresIn, Optional<String> seed, Optional<Instant> expiresAt) {
  static final int MAX_BODY_BYTES = 4096;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final CreateHook NOTHING =
      new CreateHook(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Reads the body of a request.
   *
   * @throws ProblemException 413 when it is too long, 415 when it is not JSON, 400 when it is none
   *     of these
   */
  static CreateHook read(GatewayRequest request) {
    byte[] body = JsonBody.of(request, MAX_BODY_BYTES);
    if (body.length == 0) {
      return NOTHING;
    }
    return parse(body).validated();
  }

  private static CreateHook parse(byte[] body) {
    Optional<Duration> expiresIn = Optional.empty();
    Optional<String> seed = Optional.empty();
    Optional<Instant> expiresAt = Optional.empty();
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new ProblemException(ProblemType.BAD_REQUEST_BODY, "It must be a JSON object.");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "expiresIn" -> expiresIn = Optional.of(duration(text(json, field, value)));
          case "seed" -> seed = Optional.of(text(json, field, value));
          case "expiresAt" -> expiresAt = Optional.of(instant(text(json, field, value)));
          default ->
              throw new ProblemException(
                  ProblemType.BAD_REQUEST_BODY,
                  "It may hold expiresIn, or seed and expiresAt, and nothing else.");
        }
      }
      if (json.nextToken() != null) {
        throw new ProblemException(ProblemType.BAD_REQUEST_BODY, "Something follows the object.");
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemType.BAD_REQUEST_BODY, "It is not JSON, or repeats a member.");
    }
    return new CreateHook(expiresIn, seed, expiresAt);
  }

  private static String text(JsonParser json, String field, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      throw ProblemException.parameter(field, "It must be a string.");
    }
    return json.getText();
  }

  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw ProblemException.parameter(
          "expiresIn", "It must be an ISO 8601 duration of days or less, as P30D or PT12H.");
    }
  }

  private static Instant instant(String text) {
    try {
      Instant instant = Instant.parse(text);
      if (instant.equals(instant.truncatedTo(ChronoUnit.SECONDS))) {
        return instant;
      }
    } catch (DateTimeException e) {
      // Reported below, like a time that no id can hold.
    }
    throw ProblemException.parameter(
        "expiresAt", "It must be a time in whole seconds, as 2027-01-31T12:00:00Z.");
  }

  private CreateHook validated() {
    if (seed.isPresent() != expiresAt.isPresent() || (seed.isPresent() && expiresIn.isPresent())) {
      throw new ProblemException(
          ProblemType.BAD_REQUEST_BODY, "seed and expiresAt go together, and without expiresIn.");
    }
    if (seed.isPresent() && !SeedKey.isSeed(seed.get())) {
      throw ProblemException.parameter(
          "seed", "It must have 32 to 128 characters, and none of them half a surrogate pair.");
    }
    return this;
  }

  /**
   * The end of the hook.
   *
   * @throws ProblemException when that is too soon or too late
   */
  Instant end(Instant now, ApiSettings settings) {
    if (expiresAt.isPresent()) {
      Instant end = expiresAt.get();
      if (!end.isAfter(now)
          || end.isAfter(now.plus(settings.longestHookLife()))
          || end.isAfter(HookId.LATEST_EXPIRY)) {
        throw ProblemException.parameter(
            "expiresAt", "It must lie ahead, by " + settings.longestHookLife() + " at most.");
      }
      return end;
    }
    Duration life = expiresIn.orElse(settings.hookLife());
    if (life.compareTo(ApiSettings.SHORTEST_HOOK_LIFE) < 0
        || life.compareTo(settings.longestHookLife()) > 0) {
      throw ProblemException.parameter(
          "expiresIn",
          "It must be from "
              + ApiSettings.SHORTEST_HOOK_LIFE
              + " to "
              + settings.longestHookLife()
              + ".");
    }
    return now.plus(life);
  }
}
