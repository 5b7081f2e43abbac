package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one request that differs from the others. */
@ExtendWith(OnThePage.class)
final class PageOdd {
  private static final int ALL = 24;

  @Test
  void theOneThatFailedIsAClickAway(Visitor visitor) {
    Page page = visitor.open();
    events(visitor, page);
    long asked = bodiesAsked(visitor);

    page.keyboard().press("o");

    Locator odd = page.locator("#odd");
    assertThat(odd).containsText("24 JSON bodies at hand, of 24 listed requests");
    Locator type = odd.locator(".facet").first();
    assertThat(type.locator("dt")).hasText("/type");
    assertThat(type.locator(".chip").first()).hasText("invoice.paid 23");
    type.locator(".chip").last().click();
    assertThat(page.locator("#filter")).hasValue("json:/type=invoice.payment_failed");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(Visitor.row(page, 20)).isVisible();
    assertThat(type.locator(".chip").last()).hasAttribute("aria-pressed", "true");
    type.locator(".chip").first().click();
    assertThat(page.locator("#filter")).hasValue("json:/type=invoice.paid");
    type.locator(".chip").first().click();
    assertThat(page.locator("#filter")).hasValue("");
    assertThat(Visitor.rows(page)).hasCount(ALL);
    assertEquals(asked, bodiesAsked(visitor), "nothing more was fetched");
  }

  @Test
  void fieldsThatComeAndTypesThatChangeLeadToTheRequest(Visitor visitor) {
    Page page = visitor.open();
    events(visitor, page);
    Visitor.button(page, "Odd ones out").click();
    Locator odd = page.locator("#odd");

    assertThat(odd).containsText("number before, string here");
    odd.locator("li")
        .filter(new Locator.FilterOptions().setHasText("/tax<b>"))
        .locator(".chip")
        .click();
    assertThat(page.locator(".detail-head")).containsText("#18");

    String schema = Visitor.copied(page, () -> Visitor.button(page, "JSON Schema").click());
    assertTrue(schema.contains("\"2020-12\"") || schema.contains("/2020-12/"), schema);
    assertEquals(
        "string", Client.json(schema).get("properties").get("type").get("type").textValue());
    Visitor.button(page, "Close").click();
    assertThat(odd).isHidden();
  }

  /** All the same but one that failed, one with a field more and one with an amount in quotes. */
  private static void events(Visitor visitor, Page page) {
    Client.Hook hook = visitor.hookOf(page);
    for (int seq = 1; seq <= ALL; seq++) {
      String json =
          "{\"id\":\"evt_%d\",\"type\":\"%s\",\"amount\":%s%s}"
              .formatted(
                  seq,
                  seq == 20 ? "invoice.payment_failed" : "invoice.paid",
                  seq == 22 ? "\"12.00\"" : "12" + seq,
                  seq == 18 ? ",\"tax<b>\":1" : "");
      visitor.client().postKept(hook, "application/json", json.getBytes(StandardCharsets.UTF_8));
      visitor.client().await(hook, seq);
    }
    assertThat(Visitor.rows(page)).hasCount(ALL);
    assertThat(Visitor.row(page, 1).locator(".row-title b")).hasText("invoice.paid");
    assertThat(Visitor.row(page, ALL).locator(".row-title b")).hasText("invoice.paid");
  }

  /** Calls that bring bodies of several requests, which no filter asks for. */
  private static long bodiesAsked(Visitor visitor) {
    return visitor.requests().stream().filter(request -> request.endsWith("include=body")).count();
  }
}
