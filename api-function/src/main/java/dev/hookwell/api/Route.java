package dev.hookwell.api;

import java.util.Arrays;
import java.util.List;

/** What a request asks for, by its method and path alone. */
sealed interface Route {
  /** {@code GET /} */
  record Page() implements Route {}

  /** {@code GET /assets/{path}} */
  record Asset(String path) implements Route {}

  /** {@code GET /terms} */
  record Terms() implements Route {}

  /** {@code GET /hookwell.jar} */
  record Client() implements Route {}

  /** {@code GET /hookwell.jar.sha256} */
  record ClientDigest() implements Route {}

  /** {@code GET /api/health} */
  record Health() implements Route {}

  /** {@code GET /api/openapi.json} */
  record OpenApi() implements Route {}

  /** {@code POST /api/hooks} */
  record CreateHook() implements Route {}

  /** {@code GET /api/hooks/{hook}} */
  record ShowHook(String hook) implements Route {}

  /** {@code GET /api/hooks/{hook}/captures} */
  record ListCaptures(String hook) implements Route {}

  /** {@code GET /api/hooks/{hook}/captures/{ref}} */
  record ShowCapture(String hook, String ref) implements Route {}

  /** {@code GET /api/hooks/{hook}/captures/{ref}/body} */
  record ShowBody(String hook, String ref) implements Route {}

  /** {@code DELETE /api/hooks/{hook}} */
  record DeleteHook(String hook) implements Route {}

  /** {@code DELETE /api/hooks/{hook}/captures} */
  record ClearCaptures(String hook) implements Route {}

  /** {@code DELETE /api/hooks/{hook}/captures/{ref}} */
  record DeleteCapture(String hook, String ref) implements Route {}

  /** {@code GET /api/hooks/{hook}/response} */
  record ShowResponse(String hook) implements Route {}

  /** {@code PUT /api/hooks/{hook}/response} */
  record SetResponse(String hook) implements Route {}

  /** {@code DELETE /api/hooks/{hook}/response} */
  record ClearResponse(String hook) implements Route {}

  /** {@code POST /api/hooks/{hook}/response/restart} */
  record RestartResponse(String hook) implements Route {}

  /** {@code OPTIONS} of anything that there is: a browser asks before it sends a key. */
  record Preflight(String allow) implements Route {}

  /** There is something here, but not for this method. */
  record WrongMethod(String allow) implements Route {}

  /** There is nothing here. */
  record Nothing() implements Route {}

  /** HEAD is routed as GET; who answers leaves the body out. */
  static Route of(String method, String path) {
    List<Route> here = at(path);
    if (here.isEmpty()) {
      return new Nothing();
    }
    String asked = method.equals("HEAD") ? "GET" : method;
    String allow = String.join(", ", here.stream().map(Route::allowedBy).toList()) + ", OPTIONS";
    if (method.equals("OPTIONS")) {
      return new Preflight(allow);
    }
    return here.stream()
        .filter(route -> methodOf(route).equals(asked))
        .findFirst()
        .orElse(new WrongMethod(allow));
  }

  /** Everything at a path, one route a method. */
  private static List<Route> at(String path) {
    if (path.equals("/")) {
      return List.of(new Page());
    }
    if (path.equals("/terms")) {
      return List.of(new Terms());
    }
    if (path.equals("/" + ClientJar.NAME)) {
      return List.of(new Client());
    }
    if (path.equals("/" + ClientJar.NAME + ".sha256")) {
      return List.of(new ClientDigest());
    }
    if (path.startsWith("/assets/")) {
      return List.of(new Asset(path.substring("/assets/".length())));
    }
    if (!path.startsWith("/")) {
      return List.of();
    }
    List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
    if (parts.size() < 2
        || !parts.get(0).equals("api")
        || parts.stream().anyMatch(String::isEmpty)) {
      return List.of();
    }
    if (parts.get(1).equals("health") && parts.size() == 2) {
      return List.of(new Health());
    }
    if (parts.get(1).equals("openapi.json") && parts.size() == 2) {
      return List.of(new OpenApi());
    }
    if (!parts.get(1).equals("hooks")) {
      return List.of();
    }
    if (parts.size() > 3 && parts.get(3).equals("response")) {
      return response(parts);
    }
    if (parts.size() > 3 && !parts.get(3).equals("captures")) {
      return List.of();
    }
    return switch (parts.size()) {
      case 2 -> List.of(new CreateHook());
      case 3 -> List.of(new ShowHook(parts.get(2)), new DeleteHook(parts.get(2)));
      case 4 -> List.of(new ListCaptures(parts.get(2)), new ClearCaptures(parts.get(2)));
      case 5 ->
          List.of(
              new ShowCapture(parts.get(2), parts.get(4)),
              new DeleteCapture(parts.get(2), parts.get(4)));
      case 6 ->
          parts.get(5).equals("body")
              ? List.of(new ShowBody(parts.get(2), parts.get(4)))
              : List.of();
      default -> List.of();
    };
  }

  private static List<Route> response(List<String> parts) {
    String hook = parts.get(2);
    if (parts.size() == 4) {
      return List.of(new ShowResponse(hook), new SetResponse(hook), new ClearResponse(hook));
    }
    return parts.size() == 5 && parts.get(4).equals("restart")
        ? List.of(new RestartResponse(hook))
        : List.of();
  }

  private static String methodOf(Route route) {
    return switch (route) {
      case Page page -> "GET";
      case Terms terms -> "GET";
      case Asset asset -> "GET";
      case Client client -> "GET";
      case ClientDigest digest -> "GET";
      case Health health -> "GET";
      case OpenApi document -> "GET";
      case CreateHook create -> "POST";
      case ShowHook show -> "GET";
      case ListCaptures list -> "GET";
      case ShowCapture show -> "GET";
      case ShowBody show -> "GET";
      case DeleteHook delete -> "DELETE";
      case ClearCaptures clear -> "DELETE";
      case DeleteCapture delete -> "DELETE";
      case ShowResponse show -> "GET";
      case SetResponse set -> "PUT";
      case ClearResponse clear -> "DELETE";
      case RestartResponse restart -> "POST";
      case Preflight preflight -> "OPTIONS";
      case WrongMethod wrong -> "";
      case Nothing nothing -> "";
    };
  }

  private static String allowedBy(Route route) {
    String method = methodOf(route);
    return method.equals("GET") ? "GET, HEAD" : method;
  }
}
