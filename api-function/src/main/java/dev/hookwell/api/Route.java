package dev.hookwell.api;

/** A call of the API or the page. A new one is a line of {@link SiteRoute} or {@link HookRoute}. */
sealed interface Route permits SiteRoute, HookRoute {
  /** How the query of a call is treated. */
  enum Query {
    /** Any parameter is a problem. */
    REFUSED,
    /** The call reads its parameters itself. */
    READ,
    /** For the page: other sites add parameters to links, which are ignored. */
    IGNORED
  }

  /** In capitals. A HEAD has the route of GET. */
  String method();

  /** As {@code openapi.json} writes it, with {@code {hook}} and {@code {ref}}. */
  String path();

  Query query();
}
