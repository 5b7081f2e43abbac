package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two requests side by side, and several deliveries of the same. */
@ExtendWith(OnThePage.class)
final class PageCompare {
  @Test
  void whatDiffersIsShownPartByPart(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    put(visitor, hook, "?warehouse=north&page=1", "one", "{\"left\":12,\"sku\":\"4711\"}");
    put(visitor, hook, "?warehouse=south&page=1", "two", "{\"left\": 9, \"sku\":\"4711\"}");
    assertThat(Visitor.rows(page)).hasCount(2);

    Visitor.openRow(page, 1);
    compareWith(page, 2);

    assertThat(page.locator(".compare-head")).containsText("− only in #1 + only in #2");
    assertThat(page.locator(".detail-pane")).containsText("Equal: request, cookies.");
    assertEquals(List.of("−warehouse=north"), texts(part(page, "Query"), ".removed"));
    assertEquals(List.of("+warehouse=south"), texts(part(page, "Query"), ".added"));
    assertEquals(List.of(" page=1"), texts(part(page, "Query"), ".same"));
    assertTrue(texts(part(page, "Headers"), ".removed").contains("−x-number: one"));
    assertTrue(texts(part(page, "Headers"), ".added").contains("+x-number: two"));
    assertTrue(texts(part(page, "Headers"), ".same").contains(" content-type: application/json"));
    assertEquals(List.of("−  \"left\": 12,"), texts(part(page, "Body"), ".removed"));
    assertEquals(List.of("+  \"left\": 9,"), texts(part(page, "Body"), ".added"));

    Visitor.button(page, "Close").click();
    assertThat(page.locator(".tabs")).isVisible();
  }

  @Test
  void bytesThatDifferAreNeverCalledEqual(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    put(visitor, hook, "", "x", "{\"a\":1}");
    put(visitor, hook, "", "x", "{ \"a\": 1 }");
    visitor.client().postKept(hook, "application/octet-stream", new byte[] {0, 1});
    assertThat(Visitor.rows(page)).hasCount(3);

    Visitor.openRow(page, 2);
    compareWith(page, 1);
    assertThat(page.locator("h3:text-is('Body') + .detail-note"))
        .hasText("The bytes differ, 7 and 10 of them, but only in spaces between the same values.");
    compareWith(page, 3);
    assertThat(page.locator("h3:text-is('Body') + .detail-note"))
        .hasText("The bytes differ, 10 and 2 of them; they are not text, or were not kept.");
  }

  @Test
  void deliveriesOfTheSameLeadToEachOther(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    for (int i = 0; i < 3; i++) {
      String delivery = i == 1 ? "7b2f" : "5f3c";
      visitor
          .client()
          .send(
              HttpRequest.newBuilder(hook.url())
                  .header("x-github-event", "push")
                  .header("x-github-delivery", delivery)
                  .POST(BodyPublishers.ofString("{}")));
      visitor.client().await(hook, i + 1);
    }
    assertThat(Visitor.rows(page)).hasCount(2);

    assertThat(Visitor.row(page, 3)).containsText("delivery 2 of 2");
    assertThat(Visitor.row(page, 2)).not().containsText("delivery");
    Visitor.openRow(page, 3);
    Locator ladder = page.locator(".ladder");
    assertThat(ladder.locator("summary")).hasText("The same delivery came 2 times");
    assertThat(ladder).containsText("GitHub tries nothing again by itself");
    assertThat(ladder.locator("tbody tr")).hasCount(2);
    assertThat(ladder.locator("tbody tr").last()).containsText("#3");
    assertThat(ladder.locator("tbody tr").last()).containsText("nothing that is listed");
    ladder.locator("a").click();
    assertThat(page.locator(".detail-head")).containsText("#1");
    assertThat(Visitor.row(page, 1)).containsText("delivery 1 of 2");
  }

  @Test
  void deliveriesAreFoundByTheBodyAndBeyondWhatTheListHasLoaded(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    for (int number = 1; number <= 104; number++) {
      boolean again = number == 1 || number == 104;
      visitor
          .client()
          .send(
              HttpRequest.newBuilder(hook.url())
                  .header("stripe-signature", "t=1,v1=00")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"id\":\"evt_%d\",\"try\":%d}".formatted(again ? 1 : number, number))));
      // Captures of two batches may be numbered in another order than they came in.
      if (number == 1 || number >= 103) {
        visitor.client().await(hook, number);
      }
    }
    Page page = visitor.open(hook);

    Visitor.openRow(page, 104);

    Locator rows = page.locator(".ladder tbody tr");
    assertThat(page.locator(".ladder")).containsText("Stripe tries again for up to three days");
    assertThat(rows).hasCount(2);
    assertThat(rows.first()).containsText("#1");
    assertThat(rows.last()).containsText("body");
    rows.first().locator("a").click();
    assertThat(page.locator(".detail-head")).containsText("#1");
    page.reload();
    assertThat(page.locator(".ladder summary")).hasText("The same delivery came 2 times");
    assertThat(page.locator(".detail-head")).containsText("#1");
  }

  /** Beside the schedule of Slack, which names its deliveries in the body. */
  @Test
  void aLadderTellsEachAttemptItsGapAndWhatItWasAnswered(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.script(hook, "{\"status\":503,\"times\":2},{\"status\":202}");
    for (int i = 1; i <= 3; i++) {
      int status =
          visitor
              .client()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              hook.url().toString().replace("/h/", "/s/") + (i == 3 ? "/b" : "/a")))
                      .header("x-slack-signature", "v0=00")
                      .POST(BodyPublishers.ofString("{\"event_id\":\"Ev1\",\"type\":\"x\"}")))
              .statusCode();
      assertEquals(i < 3 ? 503 : 202, status);
      visitor.client().await(hook, i);
    }
    Visitor.openRow(page, 3);

    Locator ladder = page.locator(".ladder");
    assertThat(ladder).containsText("at once, after 1 minute, after 5 minutes");
    Locator rows = ladder.locator("tbody tr");
    assertThat(rows).hasCount(3);
    for (int i = 1; i <= 3; i++) {
      Locator cells = rows.nth(i - 1).locator("td");
      assertThat(cells.nth(0)).hasText(String.valueOf(i));
      assertThat(cells.nth(1)).hasText("#" + i);
      assertThat(cells.nth(3)).hasText(i == 1 ? Pattern.compile("^$") : Pattern.compile("\\d"));
      assertThat(cells.nth(4)).hasText(i < 3 ? "503" : "202");
    }
    assertThat(rows.nth(1).locator("td").nth(5)).hasText("nothing that is listed");
    assertThat(rows.nth(2).locator("td").nth(5)).hasText("path");
  }

  private static void compareWith(Page page, int seq) {
    page.getByLabel("Compare with another request").selectOption(Integer.toString(seq));
  }

  private static Locator part(Page page, String name) {
    return page.locator("h3:text-is('" + name + "') + .diff");
  }

  private static List<String> texts(Locator diff, String kind) {
    assertThat(diff).isVisible();
    return diff.locator(kind).allTextContents();
  }

  /** Sends and waits, so that their order is theirs. */
  private static void put(
      Visitor visitor, Client.Hook hook, String query, String number, String body) {
    int before = visitor.client().read(hook, "").get("counts").get("stored").intValue();
    visitor
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(hook.url() + "/stock" + query))
                .header("content-type", "application/json")
                .header("x-number", number)
                .PUT(BodyPublishers.ofString(body)));
    visitor.client().await(hook, before + 1);
  }
}
