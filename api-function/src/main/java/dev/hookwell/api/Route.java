package dev.hookwell.api;

/** One call that there is. A new one is a line of {@link SiteRoute} or {@link HookRoute}. */
sealed interface Route permits SiteRoute, HookRoute {
  /** What becomes of a query. */
  enum Query {
    /** Any parameter is a problem. */
    REFUSED,
    /** The call reads its parameters itself. */
    READ,
    /** The page's: links get parameters that nobody here reads. */
    IGNORED
  }

  /** In capitals. A HEAD has the route of GET. */
  String method();

  /** As {@code openapi.json} writes it, with {@code {hook}} and {@code {ref}}. */
  String path();

  Query query();
}
