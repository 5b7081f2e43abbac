package dev.hookwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MatchTest {
  private static String query(String text) {
    return Match.parse(text).query();
  }

  @Test
  void theLanguageOfThePageBecomesTheApisFilters() {
    assertEquals(
        "method=POST&path=%2Fpay*&sender=stripe&header=x-id%3Aabc"
            + "&json=%2Fdata%2Fobject%2Fstatus%3Dfailed&text=two+words&text=one",
        query(
            "method:POST path:/pay* sender:stripe header:x-id:abc"
                + " json:/data/object/status=failed \"two words\"  one"));
    assertEquals(
        "event=push&delivery=1&sha256=ab&text=a%3Ab",
        query("event:push delivery:1 sha256:ab text:a:b"));
  }

  @Test
  void anEqualsSignIsAsGoodAsAColon() {
    assertEquals("method=POST&path=%2Fpay*", query("METHOD=POST path=/pay*"));
    assertEquals("json=%2Fa%3D1", query("json=/a=1"));
  }

  @Test
  void quotesKeepSpacesTogether() {
    assertEquals("header=x-id%3Atwo+words", query("header:x-id:\"two words\""));
    assertEquals("event=a+b", query("event:\"a b\""));
    assertEquals("text=method%3APOST", query("\"method:POST\""));
    assertEquals("text=a%3D1", query("\"a=1\""));
  }

  @Test
  void whatIsNegatedIsLookedForApart() {
    Match match = Match.parse("paid -method:GET -\"two words\" -word -");

    assertEquals("text=paid&text=-", match.query());
    assertEquals(List.of("method=GET", "text=two+words", "text=word"), match.exclusions());
  }

  @Test
  void aWordMayHaveAColon() {
    assertEquals("text=12%3A30&text=http%3A%2F%2Fa%2F", query("12:30 http://a/"));
  }

  /** Searched for as text it would find nothing, which reads as "nothing came". */
  @Test
  void whatLooksLikeAFilterAndIsNoneIsRefused() {
    for (String text :
        List.of(
            "methd:POST", "nonsense:x", "-nonsense:x", "x-id:abc", "x_id=abc", "localhost:80")) {
      String said =
          assertThrows(IllegalArgumentException.class, () -> Match.parse(text), text).toString();
      assertTrue(said.contains("there is no filter"), said);
      assertTrue(said.contains("in quotes"), said);
    }
    assertEquals(
        "signatures are checked in the page alone",
        assertThrows(IllegalArgumentException.class, () -> Match.parse("Signature:valid"))
            .getMessage());
    assertEquals("text=methd%3APOST&text=x-id%3Aabc", query("\"methd:POST\" text:x-id:abc"));
    assertEquals(
        "text=2026-11-24T10%3A15&text=%3A&text=a%3A%2F%2Fb", query("2026-11-24T10:15 : a://b"));
  }

  @Test
  void severalAreMetTogether() {
    Match match = Match.parse("method:POST").and(Match.parse("a"));

    assertEquals("method=POST&text=a", match.query());
    assertTrue(Match.ALL.isAll());
    assertEquals("", Match.ALL.query());
  }

  @Test
  void eightStarsAreTakenAndNineAreNot() {
    assertEquals("path=********", query("path:" + "*".repeat(8)));
    assertThrows(IllegalArgumentException.class, () -> query("path:" + "*".repeat(9)));
  }

  @Test
  void whatIsNoConditionIsRefused() {
    for (String text :
        List.of(
            "",
            "  ",
            "method=",
            "method:",
            "=POST",
            "body=x",
            "paths=/a",
            "\"a",
            "-path:",
            "\"\"")) {
      assertThrows(IllegalArgumentException.class, () -> Match.parse(text), text);
    }
  }
}
