package dev.hookwell.api;

import dev.hookwell.store.HookState;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The validator of a list. It holds the hook's revision, which only grows, the whole query, the
 * form of this version's responses, and the time in milliseconds at which the first listed capture
 * expires: that changes the list before it changes the revision. Weak, because the counts beside
 * the captures may be newer than they are.
 *
 * @param known all of it but the time
 */
record ETag(String known) {
  /** Where nothing is listed, nothing expires. */
  private static final String NEVER = "never";

  static ETag of(HookState state, ListQuery query) {
    return new ETag(state.revision() + "-" + query.canonical() + "-" + OpenApi.form() + "-");
  }

  /** As it stands in a header. */
  String text(Optional<Instant> firstExpiry) {
    return "W/\""
        + known
        + firstExpiry.map(expiry -> String.valueOf(expiry.toEpochMilli())).orElse(NEVER)
        + "\"";
  }

  /**
   * The tag in an {@code If-None-Match} that still holds, by weak comparison (RFC 9110, 13.1.2).
   */
  Optional<String> match(String ifNoneMatch, Instant now) {
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .filter(tag -> tag.equals("*") || holds(tag.startsWith("W/") ? tag.substring(2) : tag, now))
        .map(tag -> tag.equals("*") ? text(Optional.of(Instant.EPOCH)) : tag)
        .findFirst();
  }

  private boolean holds(String tag, Instant now) {
    String start = "\"" + known;
    if (!tag.startsWith(start) || !tag.endsWith("\"") || tag.length() <= start.length()) {
      return false;
    }
    String end = tag.substring(start.length(), tag.length() - 1);
    return end.equals(NEVER)
        || (end.matches("[0-9]{1,18}") && now.toEpochMilli() < Long.parseLong(end));
  }
}
