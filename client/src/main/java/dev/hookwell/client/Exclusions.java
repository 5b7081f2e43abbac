package dev.hookwell.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes the captures out of a page that meet a negated condition. The server knows no negation, so
 * it is asked for the captures that meet each of these conditions, as far as the page goes.
 */
final class Exclusions {
  private static final int LIMIT = 500;

  private final Function<String, ApiResult<CapturePage>> api;
  private final Match match;
  private final boolean ascending;

  Exclusions(Function<String, ApiResult<CapturePage>> api, Match match, boolean ascending) {
    this.api = api;
    this.match = match;
    this.ascending = ascending;
  }

  /**
   * The page without those captures.
   *
   * @param start the cursor of the call that gave the page
   */
  ApiResult<CapturePage> from(Optional<Long> start, ApiResult<CapturePage> page) {
    return page.fold(got -> without(start, got), ApiResult.Failed::new);
  }

  private ApiResult<CapturePage> without(Optional<Long> start, CapturePage page) {
    Set<Long> excluded = new HashSet<>();
    List<Long> partial = new ArrayList<>(page.partial());
    for (String query : page.captures().isEmpty() ? List.<String>of() : match.exclusions()) {
      Optional<Long> cursor = start;
      boolean more = true;
      while (more) {
        ApiResult<CapturePage> result = api.apply(place(cursor) + "limit=" + LIMIT + "&" + query);
        if (!(result instanceof ApiResult.Got<CapturePage> got)) {
          return result;
        }
        CapturePage found = got.value();
        found.captures().forEach(capture -> excluded.add(capture.seq()));
        partial.addAll(found.partial());
        cursor = Optional.of(found.next());
        more = found.more() && !reaches(found.next(), page.next());
      }
    }
    List<Capture> left =
        page.captures().stream().filter(capture -> !excluded.contains(capture.seq())).toList();
    return new ApiResult.Got<>(
        new CapturePage(left, page.next(), page.more(), page.counts(), partial));
  }

  private String place(Optional<Long> cursor) {
    return cursor.map(seq -> (ascending ? "after=" : "before=") + seq + "&").orElse("");
  }

  private boolean reaches(long cursor, long end) {
    return ascending ? cursor >= end : cursor <= end;
  }
}
