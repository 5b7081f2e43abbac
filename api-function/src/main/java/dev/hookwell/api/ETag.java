package dev.hookwell.api;

import dev.hookwell.store.HookState;
import java.util.Arrays;

/**
 * The validator of a list: the hook's revision, which only grows, and what was asked for. Weak,
 * since a capture's end may shorten a list before the revision says so.
 *
 * @param text as it stands in a header
 */
record ETag(String text) {
  static ETag of(HookState state, ListQuery query) {
    return new ETag("W/\"" + state.revision() + "-" + Integer.toHexString(query.hashCode()) + "\"");
  }

  /** Whether an {@code If-None-Match} holds it, by weak comparison (RFC 9110, 13.1.2). */
  boolean isAmong(String ifNoneMatch) {
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || opaque(tag).equals(opaque(text)));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
