package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTest {
  @Test
  void everyCallHasItsRoute() {
    assertEquals(ofSite(SiteRoute.PAGE), RouteMatch.of("GET", "/"));
    assertEquals(ofSite(SiteRoute.TERMS), RouteMatch.of("GET", "/terms"));
    assertEquals(ofSite(SiteRoute.ASSET), RouteMatch.of("GET", "/assets/abc/app.js"));
    assertEquals(ofSite(SiteRoute.ASSET), RouteMatch.of("GET", "/assets/"));
    assertEquals(ofSite(SiteRoute.CLIENT), RouteMatch.of("GET", "/hookwell.jar"));
    assertEquals(ofSite(SiteRoute.CLIENT_DIGEST), RouteMatch.of("GET", "/hookwell.jar.sha256"));
    assertEquals(ofSite(SiteRoute.HEALTH), RouteMatch.of("GET", "/api/health"));
    assertEquals(ofSite(SiteRoute.OPENAPI), RouteMatch.of("GET", "/api/openapi.json"));
    assertEquals(ofSite(SiteRoute.CREATE_HOOK), RouteMatch.of("POST", "/api/hooks"));
    assertOfHook(HookRoute.SHOW_HOOK, "", "GET", "");
    assertOfHook(HookRoute.DELETE_HOOK, "", "DELETE", "");
    assertOfHook(HookRoute.LIST_CAPTURES, "", "GET", "/captures");
    assertOfHook(HookRoute.CLEAR_CAPTURES, "", "DELETE", "/captures");
    assertOfHook(HookRoute.SHOW_CAPTURE, "7", "GET", "/captures/7");
    assertOfHook(HookRoute.DELETE_CAPTURE, "7", "DELETE", "/captures/7");
    assertOfHook(HookRoute.SHOW_BODY, "7", "GET", "/captures/7/body");
    assertOfHook(HookRoute.SHOW_RESPONSE, "", "GET", "/response");
    assertOfHook(HookRoute.SET_RESPONSE, "", "PUT", "/response");
    assertOfHook(HookRoute.CLEAR_RESPONSE, "", "DELETE", "/response");
    assertOfHook(HookRoute.RESTART_RESPONSE, "", "POST", "/response/restart");
  }

  @Test
  void headIsRoutedAsGet() {
    assertOfHook(HookRoute.SHOW_HOOK, "", "HEAD", "");
    assertEquals(ofSite(SiteRoute.PAGE), RouteMatch.of("HEAD", "/"));
  }

  @Test
  void openApiDescribesEveryCallOfTheApiAndNoOther() {
    Stream<String> ofSite =
        Arrays.stream(SiteRoute.values())
            .filter(route -> route.path().startsWith("/api/"))
            .map(route -> route.method() + " " + route.path());
    Stream<String> ofHook =
        Arrays.stream(HookRoute.values()).map(route -> route.method() + " " + route.path());
    assertEquals(
        Stream.concat(ofSite, ofHook).collect(Collectors.toSet()), OpenApiContract.operations());
  }

  @Test
  void anotherMethodIsToldWhichAreAllowed() {
    assertEquals(new RouteMatch.WrongMethod("POST, OPTIONS"), RouteMatch.of("GET", "/api/hooks"));
    assertEquals(
        new RouteMatch.WrongMethod("GET, HEAD, DELETE, OPTIONS"),
        RouteMatch.of("PUT", "/api/hooks/h"));
    assertEquals(
        new RouteMatch.WrongMethod("GET, HEAD, PUT, DELETE, OPTIONS"),
        RouteMatch.of("POST", "/api/hooks/h/response"));
    assertEquals(new RouteMatch.WrongMethod("GET, HEAD, OPTIONS"), RouteMatch.of("POST", "/"));
    assertEquals(
        new RouteMatch.WrongMethod("GET, HEAD, OPTIONS"),
        RouteMatch.of("DELETE", "/api/hooks/h/captures/7/body"));
    assertEquals(
        new RouteMatch.WrongMethod("GET, HEAD, OPTIONS"), RouteMatch.of("", "/api/health"));
  }

  @Test
  void aPreflightIsAnsweredForWhatThereIs() {
    assertEquals(
        new RouteMatch.Preflight("GET, HEAD, DELETE, OPTIONS"),
        RouteMatch.of("OPTIONS", "/api/hooks/h/captures"));
    assertEquals(new RouteMatch.Nothing(), RouteMatch.of("OPTIONS", "/api/nothing"));
  }

  private static RouteMatch ofSite(SiteRoute route) {
    return new RouteMatch.OfSite(route);
  }

  private static void assertOfHook(HookRoute route, String ref, String method, String below) {
    assertEquals(
        new RouteMatch.OfHook(route, new HookRoute.Target("h", ref)),
        RouteMatch.of(method, "/api/hooks/h" + below));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//",
        "x/api/health",
        "/index.html",
        "/terms/",
        "/hookwell.jar/",
        "/hookwell_jar",
        "/assets",
        "/api",
        "/api/",
        "/api/health/",
        "/api/hooks/",
        "/api/hooks/h/",
        "/api/hooks/h/other",
        "/api/hooks/h/response/",
        "/api/hooks/h/response/start",
        "/api/hooks/h/response/restart/x",
        "/api/hooks/h/captures/",
        "/api/hooks/h/captures/7/head",
        "/api/hooks/h/captures/7/body/x",
        "/api//hooks",
        "/API/hooks",
        "/h",
        "/h/",
        "/h/%41/x",
        "/favicon.ico"
      })
  void thereIsNothingElse(String path) {
    assertEquals(new RouteMatch.Nothing(), RouteMatch.of("GET", path));
  }
}
