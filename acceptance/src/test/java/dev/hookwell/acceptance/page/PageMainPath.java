package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.acceptance.support.Shell;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    assertThat(Visitor.pair(Visitor.tab(page, "Headers"), "x-number")).hasText("one");
    Locator query = Visitor.tab(page, "Query");
    assertThat(Visitor.pair(query, "state")).hasText("new");
    assertThat(Visitor.pair(query, "note")).hasText("a b");
    assertThat(Visitor.tab(page, "Raw").locator("pre")).containsText("{\"total\":12.50,");
  }

  @Test
  @Shows("S37")
  void thePageSaysWhatItKeepsAndForHowLong(Visitor visitor) {
    assertThat(visitor.open().locator(".promises"))
        .containsText(
            "Not for real personal data. What is sent here is stored as it came for 7 days, then"
                + " deleted.");
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

  @Test
  void copyingTheUrlIsConfirmed(Visitor visitor) {
    Page page = visitor.open();

    String copied = Visitor.copied(page, () -> Visitor.button(page, "Copy URL").click());

    assertEquals(visitor.hookOf(page).url().toString(), copied);
    Visitor.awaitTold(page, "Copied the URL.");
    Visitor.awaitTold(page, "Copied");
    assertThat(Visitor.button(page, "Copy URL")).isVisible();
  }

  @Test
  void everyExampleLineDoesWhatItSays(Visitor visitor) {
    Page page = visitor.open();

    List<String> lines = new ArrayList<>();
    for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
      Visitor.button(page, method).click();
      lines.add(Visitor.copied(page, () -> page.locator(".try .segments > .button").click()));
    }
    Visitor.awaitTold(page, "Copied the curl line.");

    lines.forEach(Shell::run);

    assertThat(Visitor.rows(page)).hasCount(4);
    assertEquals(
        Set.of("GET", "POST", "PUT", "DELETE"),
        Set.copyOf(Visitor.rows(page).locator(".method").allTextContents()));
  }

  @Test
  void aTestRequestArrives(Visitor visitor) {
    Page page = visitor.open();

    Visitor.button(page, "Send a test request").click();

    Visitor.awaitTold(page, "Sent. It is kept, and shows here in a moment.");
    Visitor.openRow(page, 1);
    assertThat(page.locator("#tab-panel pre")).containsText("\"from\": \"Hookwell\"");
  }

  @Test
  void theFirstLoadIsSmall(Visitor visitor) {
    Page page = visitor.open();
    // Requests after the URL was made are not part of the load.
    List<String> requests = visitor.requests();
    int made = requests.indexOf("POST " + visitor.origin() + "/api/hooks");
    // A browser asks its own cache for the icon once more.
    Set<String> first = new LinkedHashSet<>(requests.subList(0, made + 1));
    assertTrue(first.size() <= 12, first::toString);
    assertTrue(first.size() > 5, first::toString);

    visitor.client().postKept(visitor.hookOf(page), "text/plain", new byte[] {'x'});
    Visitor.openRow(page, 1);
    // Also the files that are loaded once there is a request to show.
    int bytes =
        (int)
            page.evaluate(
                """
                () => [...performance.getEntriesByType("navigation"),
                       ...performance.getEntriesByType("resource")]
                    .reduce((sum, entry) => sum + entry.transferSize, 0)
                """);
    assertTrue(bytes < 250_000, () -> bytes + " bytes");
    assertTrue(bytes > 10_000, () -> bytes + " bytes");
  }

  @Test
  void coloursAreChosenAndKept(Visitor visitor) {
    Page page = visitor.open();
    assertThat(page.locator("html")).hasAttribute("data-theme", "system");
    Visitor.button(page, "More").click();
    page.locator("#more").getByText("Colours").click();
    Visitor.awaitTold(page, "Colours: light.");
    page.reload();
    assertThat(page.locator("html")).hasAttribute("data-theme", "light");
  }
}
