package dev.hookwell.local;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From an empty browser to a request read byte for byte. */
@ExtendWith(OnThePage.class)
final class PageMainPath {
  @Test
  void whatIsSentToANewUrlIsShownWhole(Visitor visitor) {
    Page page = visitor.open();
    assertThat(page.locator(".waiting h2")).hasText("Waiting for the first request");
    Client.Hook hook = visitor.hookOf(page);
    assertThat(page.locator("#url")).hasText(hook.url().toString());

    visitor
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(hook.url() + "/orders/17?state=new&note=a%20b"))
                .header("content-type", "application/json")
                .header("x-number", "one")
                .PUT(BodyPublishers.ofString("{\"total\":12.50,\"paid\":true}")));

    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(Visitor.row(page, 1)).containsText("/orders/17?state=new&note=a%20b");
    Visitor.openRow(page, 1);
    assertThat(page.locator(".detail-head .method")).hasText("PUT");
    assertThat(page.locator(".detail-path")).hasText("/orders/17?state=new&note=a%20b");
    assertThat(Visitor.tab(page, "Body").locator("pre"))
        .hasText("{\n  \"total\": 12.50,\n  \"paid\": true\n}");
    assertThat(pair(Visitor.tab(page, "Headers"), "x-number")).hasText("one");
    Locator query = Visitor.tab(page, "Query");
    assertThat(pair(query, "state")).hasText("new");
    assertThat(pair(query, "note")).hasText("a b");
    assertThat(Visitor.tab(page, "Raw").locator("pre")).containsText("{\"total\":12.50,");
  }

  @Test
  void aBinaryBodyIsShownAsHex(Visitor visitor) {
    Page page = visitor.open();
    byte[] body = {0, 1, 2, (byte) 0xFE, (byte) 0xFF, 'H', 'i'};

    visitor.client().postKept(visitor.hookOf(page), "application/octet-stream", body);

    Visitor.openRow(page, 1);
    assertThat(Visitor.tab(page, "Body").locator("pre"))
        .hasText("00000000  00 01 02 fe ff 48 69                              ·····Hi");
    assertThat(page.locator(".digest")).containsText(Client.sha256(body));
  }

  private static Locator pair(Locator panel, String name) {
    return panel
        .locator("tr")
        .filter(
            new Locator.FilterOptions().setHas(panel.page().locator("th").getByText(name, EXACT)))
        .locator("td")
        .first();
  }

  private static final Locator.GetByTextOptions EXACT =
      new Locator.GetByTextOptions().setExact(true);
}
