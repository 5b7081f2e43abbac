package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTest {
  @Test
  void everyCallHasItsRoute() {
    assertEquals(new Route.Page(), Route.of("GET", "/"));
    assertEquals(new Route.Terms(), Route.of("GET", "/terms"));
    assertEquals(new Route.Nothing(), Route.of("GET", "/terms/"));
    assertEquals(new Route.Asset("abc/app.js"), Route.of("GET", "/assets/abc/app.js"));
    assertEquals(new Route.Client(), Route.of("GET", "/hookwell.jar"));
    assertEquals(new Route.ClientDigest(), Route.of("GET", "/hookwell.jar.sha256"));
    assertEquals(new Route.Nothing(), Route.of("GET", "/hookwell.jar/"));
    assertEquals(new Route.Health(), Route.of("GET", "/api/health"));
    assertEquals(new Route.CreateHook(), Route.of("POST", "/api/hooks"));
    assertEquals(new Route.ShowHook("h"), Route.of("GET", "/api/hooks/h"));
    assertEquals(new Route.DeleteHook("h"), Route.of("DELETE", "/api/hooks/h"));
    assertEquals(new Route.ListCaptures("h"), Route.of("GET", "/api/hooks/h/captures"));
    assertEquals(new Route.ClearCaptures("h"), Route.of("DELETE", "/api/hooks/h/captures"));
    assertEquals(new Route.ShowCapture("h", "7"), Route.of("GET", "/api/hooks/h/captures/7"));
    assertEquals(new Route.DeleteCapture("h", "7"), Route.of("DELETE", "/api/hooks/h/captures/7"));
    assertEquals(new Route.ShowBody("h", "7"), Route.of("GET", "/api/hooks/h/captures/7/body"));
    assertEquals(new Route.ShowResponse("h"), Route.of("GET", "/api/hooks/h/response"));
    assertEquals(new Route.SetResponse("h"), Route.of("PUT", "/api/hooks/h/response"));
    assertEquals(new Route.ClearResponse("h"), Route.of("DELETE", "/api/hooks/h/response"));
    assertEquals(new Route.RestartResponse("h"), Route.of("POST", "/api/hooks/h/response/restart"));
  }

  @Test
  void headIsRoutedAsGet() {
    assertEquals(new Route.ShowHook("h"), Route.of("HEAD", "/api/hooks/h"));
    assertEquals(new Route.Page(), Route.of("HEAD", "/"));
  }

  @Test
  void anotherMethodIsToldWhichAreAllowed() {
    assertEquals(new Route.WrongMethod("POST, OPTIONS"), Route.of("GET", "/api/hooks"));
    assertEquals(
        new Route.WrongMethod("GET, HEAD, DELETE, OPTIONS"), Route.of("PUT", "/api/hooks/h"));
    assertEquals(new Route.WrongMethod("GET, HEAD, OPTIONS"), Route.of("POST", "/"));
    assertEquals(
        new Route.WrongMethod("GET, HEAD, OPTIONS"),
        Route.of("DELETE", "/api/hooks/h/captures/7/body"));
    assertEquals(new Route.WrongMethod("GET, HEAD, OPTIONS"), Route.of("", "/api/health"));
  }

  @Test
  void aPreflightIsAnsweredForWhatThereIs() {
    assertEquals(
        new Route.Preflight("GET, HEAD, DELETE, OPTIONS"),
        Route.of("OPTIONS", "/api/hooks/h/captures"));
    assertInstanceOf(Route.Nothing.class, Route.of("OPTIONS", "/api/nothing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//",
        "x/api/health",
        "/index.html",
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
    assertInstanceOf(Route.Nothing.class, Route.of("GET", path));
  }
}
