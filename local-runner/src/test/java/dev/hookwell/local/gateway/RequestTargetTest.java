package dev.hookwell.local.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTargetTest {
  @ParameterizedTest
  @CsvSource({
    "/a%2Fb, /a/b",
    "/a%20b, '/a b'",
    "/a+b, /a+b",
    "/caf%C3%A9, /café",
    "/%zz/%4, /%zz/%4",
    "/100%, /100%",
    "/%E2%82, /\uFFFD",
    "/a/../b/./c, /a/../b/./c",
    "//a//, //a//",
    "/h/x%3Fy/z, /h/x",
    "/\u0661%\u0661\u0661, /\u0661%\u0661\u0661",
  })
  void pathIsDecodedAndCutAtADecodedQuestionMark(String sent, String path) {
    RequestTarget target = parse(sent);
    assertEquals(path, target.path());
    assertEquals(sent, target.sentPath());
  }

  @Test
  void queryIsKeptAsSent() {
    RequestTarget target = parse("/p?a=%20&b=c?d&%zz");
    assertEquals("/p", target.path());
    assertEquals("a=%20&b=c?d&%zz", target.query());
  }

  @Test
  void parametersAreDecodedAndRepeatedOnesJoined() {
    Map<String, String> parameters = parse("/?a=1&b=x%20y+z&a=2&&c&%zz=%&d=e=f").parameters();
    assertEquals(Map.of("a", "1,2", "b", "x y z", "c", "", "%zz", "%", "d", "e=f"), parameters);
    assertEquals(List.of("a", "b", "c", "%zz", "d"), List.copyOf(parameters.keySet()));
  }

  @Test
  void absoluteFormLosesItsAuthority() {
    assertEquals("/p", parse("http://example.test:80/p?q").path());
    assertEquals("q", parse("HTTPS://example.test?q").query());
    assertEquals("/", parse("http://example.test").path());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "example.test:443", "h/x", ""})
  void anythingElseIsNoTarget(String sent) {
    assertTrue(RequestTarget.parse(sent).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/h/x", "/h/x/", "/h/x/y%20z", "/h/x/../../api/hooks", "/h//", "/h/x?y=%20"})
  void hookRouteTakesWhatLiesUnderIt(String sent) {
    assertTrue(parse(sent).isHook());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/h", "/h/", "/h?x", "/hx/y", "/H/x", "/%68/x", "/api/../h/x", "/h/x%41/y"})
  void defaultRouteTakesTheRest(String sent) {
    assertFalse(parse(sent).isHook());
  }

  @Test
  void scriptedRouteTakesWhatLiesUnderItAndNothingElse() {
    assertTrue(parse("/s/x/y?z").isScripted());
    assertTrue(parse("/s/x").isHook());
    for (String other : List.of("/h/x", "/s", "/s/", "/S/x", "/sx/y", "/s/x%41/y")) {
      assertFalse(parse(other).isScripted(), other);
    }
  }

  private static RequestTarget parse(String sent) {
    return RequestTarget.parse(sent).orElseThrow();
  }
}
