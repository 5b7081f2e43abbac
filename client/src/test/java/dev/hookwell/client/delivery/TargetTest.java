package dev.hookwell.client.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TargetTest {
  @Test
  void aPortAHostOrAUrlIsATarget() {
    Map.of(
            "3000", "http://localhost:3000",
            ":3000", "http://localhost:3000",
            "65535", "http://localhost:65535",
            "localhost:3000/hooks/", "http://localhost:3000/hooks",
            "https://localhost", "https://localhost",
            "http://[::1]:81/a%2Fb", "http://[::1]:81/a%2Fb",
            "HTTPS://dev.test:8443", "https://dev.test:8443",
            "http://localhost:80", "http://localhost")
        .forEach((text, target) -> assertEquals(target, Target.parse(text).toString(), text));
  }

  @Test
  void whatIsNoneIsRefusedInALine() {
    for (String text :
        List.of(
            "",
            "0",
            "65536",
            "99999999999999999999",
            "localhost:0",
            "localhost:65536",
            "ftp://localhost",
            "http://",
            "http://user@localhost",
            "http://localhost/?a=b",
            "http://localhost/#a",
            "http://local host")) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Target.parse(text), text);
      assertEquals(1, String.valueOf(refused.getMessage()).lines().count(), text);
    }
  }

  @Test
  void aPathComesBeforeTheCapturesOwn() {
    assertEquals(
        "http://localhost:3000/a/b", Target.parse("localhost:3000/a/").below("/b/").toString());
    assertThrows(IllegalArgumentException.class, () -> Target.parse("3000").below("b"));
    assertThrows(IllegalArgumentException.class, () -> Target.parse("3000").below("/b c"));
    assertThrows(IllegalArgumentException.class, () -> Target.parse("3000").below("/b?c"));
  }
}
