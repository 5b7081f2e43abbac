package dev.hookwell.api.find;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BodyFactsTest {
  private static Optional<String> first(String body, String... places) {
    return new BodyFacts(body.getBytes(UTF_8), true).first(List.of(places));
  }

  @Test
  void theFirstPlaceThatHoldsANameCounts() {
    String json = "{\"type\":\"invoice.paid\",\"id\":17,\"none\":null,\"yes\":true,\"empty\":\"\"}";

    assertEquals(Optional.of("invoice.paid"), first(json, "/event/type", "/type"));
    assertEquals(Optional.of("17"), first(json, "/id"));
    for (String place : List.of("/none", "/yes", "/empty", "/other", "type")) {
      assertEquals(Optional.empty(), first(json, place), place);
    }
  }

  @Test
  void fieldsOfAFormAreDecoded() {
    String form = "From=%2B49+1&XMessageSid=no&MessageSid=SM%31&Body=a";

    assertEquals(Optional.of("SM1"), first(form, "MessageSid"));
    assertEquals(Optional.of("+49 1"), first(form, "From"));
    assertEquals(Optional.of("a"), first(form, "Body"));
    assertEquals(Optional.empty(), first(form, "Sid"));
    assertEquals(Optional.empty(), first("", "Body"));
  }

  @Test
  void aNameHas256CharactersAtMost() {
    assertEquals(256, first("a=" + "x".repeat(256), "a").orElseThrow().length());
    assertEquals(Optional.empty(), first("a=" + "x".repeat(257), "a"));
    assertEquals(Optional.empty(), first("{\"a\":\"" + "x".repeat(257) + "\"}", "/a"));
  }
}
