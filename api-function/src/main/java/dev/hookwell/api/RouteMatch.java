package dev.hookwell.api;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The route of a request, by its method and path alone. */
sealed interface RouteMatch {
  /** A call of this method and path. */
  sealed interface Found extends RouteMatch {
    Route route();
  }

  record OfSite(SiteRoute route) implements Found {}

  record OfHook(HookRoute route, HookRoute.Target target) implements Found {}

  /** {@code OPTIONS} of a path that exists: a browser sends it before a request with a key. */
  record Preflight(String allow) implements RouteMatch {}

  /** The path exists, but not with this method. */
  record WrongMethod(String allow) implements RouteMatch {}

  /** The path does not exist. */
  record Nothing() implements RouteMatch {}

  static RouteMatch of(String method, String path) {
    List<Found> here = at(path);
    if (here.isEmpty()) {
      return new Nothing();
    }
    String allow =
        here.stream()
            .map(found -> found.route().method())
            .map(allowed -> allowed.equals("GET") ? "GET, HEAD" : allowed)
            .collect(Collectors.joining(", ", "", ", OPTIONS"));
    if (method.equals("OPTIONS")) {
      return new Preflight(allow);
    }
    String asked = method.equals("HEAD") ? "GET" : method;
    return here.stream()
        .filter(found -> found.route().method().equals(asked))
        .<RouteMatch>map(found -> found)
        .findFirst()
        .orElseGet(() -> new WrongMethod(allow));
  }

  private static List<Found> at(String path) {
    Stream<Found> ofSite =
        Arrays.stream(SiteRoute.values()).filter(route -> route.isAt(path)).map(OfSite::new);
    Stream<Found> ofHook =
        Arrays.stream(HookRoute.values())
            .flatMap(route -> route.target(path).map(target -> new OfHook(route, target)).stream());
    return Stream.concat(ofSite, ofHook).toList();
  }
}
