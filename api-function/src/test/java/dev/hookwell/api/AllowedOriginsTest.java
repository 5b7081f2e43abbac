package dev.hookwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedOriginsTest {
  private static final AllowedOrigins SOME =
      AllowedOrigins.parse(
          "http://127.0.0.1:8080,"
              + " http://localhost:8080,http://[::1]:8080,HTTPS://App.Example:443,http://plain");

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080, true",
    "http://localhost:8080, true",
    "http://[::1]:8080, true",
    "https://app.example, true",
    "http://plain, true",
    "http://plain:80, true",
    "http://plain:443, false",
    "http://localhost, false",
    "http://localhost:8081, false",
    "https://localhost:8080, false",
    "http://app.example, false",
    "https://app.example.evil, false",
    "https://evil.app.example, false",
    "https://app.example@evil, false",
    "https://app.example/, false",
    "null, false",
    "'', false",
    "'http://127.0.0.1:8080,https://evil', false",
    "'http://127.0.0.1:8080 https://evil', false",
    "http://127.0.0.1:08080, true",
    "http://127.0.0.1:99999999, false"
  })
  void onlyTheNamedOnesAreAllowed(String origin, boolean allowed) {
    assertEquals(allowed, SOME.allow(origin));
  }

  @Test
  void allAreWhereNoneIsNamed() {
    assertEquals(true, AllowedOrigins.ANY.allow("https://anybody"));
    assertEquals(true, AllowedOrigins.ANY.allow("null"));
    assertEquals(AllowedOrigins.ANY, AllowedOrigins.parse(" , "));
    assertEquals(AllowedOrigins.ANY, AllowedOrigins.ANY.and("https://hooks.example.com"));
  }

  @Test
  void theAddressOfThePageIsAdded() {
    AllowedOrigins some = AllowedOrigins.parse("http://a").and("https://hooks.example.com:443/x/y");

    assertEquals(AllowedOrigins.parse("http://a,https://hooks.example.com"), some);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "*", "app.example", "http://", "http://a/path", "http://a?x"})
  void whatIsNoOriginIsRefused(String list) {
    assertThrows(IllegalArgumentException.class, () -> AllowedOrigins.parse(list));
  }
}
