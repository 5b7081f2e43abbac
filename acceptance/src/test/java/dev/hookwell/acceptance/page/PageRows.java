package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The information in a row, and how soon and how high up its request is shown. */
@ExtendWith(OnThePage.class)
final class PageRows {
  private static final String EVENT =
      "{\"id\":\"evt_2\",\"type\":\"invoice.payment_failed\",\"data\":{\"object\":{\"id\":\"in_2\",\"customer\":\"cus_QY7\"}}}";

  @Test
  void aRowNamesItsEventAndTheFirstWordsOfItsBody(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    send(visitor, hook, 1, json(hook, "/stripe", EVENT));
    send(visitor, hook, 2, json(hook, "/stock", "{\"sku\":\"4711\",\"left\":12}"));
    send(visitor, hook, 3, HttpRequest.newBuilder(URI.create(hook.url() + "/health")).GET());

    assertThat(Visitor.row(page, 1).locator(".row-title b")).hasText("invoice.payment_failed");
    assertThat(Visitor.row(page, 1).locator(".row-title"))
        .containsText("id in_2, customer cus_QY7");
    assertThat(Visitor.row(page, 1).locator(".row-path")).hasText("/stripe");
    assertThat(Visitor.row(page, 2).locator(".row-title")).hasText("sku 4711, left 12");
    assertThat(Visitor.row(page, 3).locator(".row-title")).hasCount(0);
    assertThat(Visitor.row(page, 3).locator(".row-path")).hasText("/health");
    assertThat(Visitor.row(page, 3).locator("time"))
        .hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d"));
  }

  @Test
  void theFirstWordsAreTextWhateverTheyAre(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    send(
        visitor,
        hook,
        1,
        json(hook, "", "{\"type\":\"a\",\"x\":\"<img src=x onerror=alert(1)>\u202egpj\"}"));

    assertThat(Visitor.row(page, 1).locator(".row-title"))
        .hasText("a x <img src=x onerror=alert(1)>U+202Egpj");
  }

  @Test
  void repeatedDeliveriesStandBehindTheLastOne(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    for (int seq = 1; seq <= 3; seq++) {
      send(
          visitor,
          hook,
          seq,
          json(hook, "/github", "{}")
              .header("x-github-event", "push")
              .header("x-github-delivery", "5f3c5e80-c923-11f0-9a8b-6d2f1e0c7b42"));
    }

    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(Visitor.row(page, 3)).containsText("delivery 3 of 3");
    Visitor.openRow(page, 3);
    page.locator(".ladder a").first().click();
    assertThat(page.locator(".detail-head")).containsText("#1");
    assertThat(Visitor.rows(page)).hasCount(3);
  }

  @Test
  void theNewestIsOpenUntilTheReaderPicksOne(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    send(visitor, hook, 1, json(hook, "/one", "1"));
    assertThat(page.locator(".detail-path")).hasText("/one");
    send(visitor, hook, 2, json(hook, "/two", "2"));
    assertThat(page.locator(".detail-path")).hasText("/two");
    Visitor.openRow(page, 1);
    send(visitor, hook, 3, json(hook, "/three", "3"));
    assertThat(page.locator(".unread")).hasCount(1);
    assertThat(page.locator(".detail-path")).hasText("/one");

    Visitor.button(page, "Follow the newest").click();

    assertThat(page.locator(".detail-path")).hasText("/three");
    assertThat(page.locator(".unread")).hasCount(0);
  }

  @Test
  void rowsStandBeforeWhatReadsTheirBodiesAndUntilThenAFilterShowsNone(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.route("**/contents.js", Route::abort);
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator("#url")).containsText("/h/");
    Client.Hook hook = visitor.hookOf(page);
    send(visitor, hook, 1, json(hook, "/stripe", EVENT));
    assertThat(Visitor.row(page, 1)).containsText("/stripe");
    assertThat(Visitor.row(page, 1).locator(".row-title")).hasCount(0);
    page.locator("#filter").fill("cus_QY7");
    assertThat(Visitor.row(page, 1)).isHidden();

    page.unroute("**/contents.js");
    send(visitor, hook, 2, json(hook, "/stock", "{\"sku\":\"4711\",\"left\":12}"));
    assertThat(Visitor.row(page, 1).locator("mark")).hasText("cus_QY7");
    assertThat(Visitor.row(page, 2)).isHidden();
    page.locator("#filter").fill("");
    assertThat(Visitor.row(page, 2).locator(".row-title")).hasText("sku 4711, left 12");
  }

  @Test
  void aRowIsDrawnBeforeWhatReadsARequestIsThere(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.route("**/inspector.js", Route::abort);
    page.navigate(visitor.origin() + "/");
    Client.Hook hook = visitor.hookOf(page);

    send(visitor, hook, 1, json(hook, "/early", "{\"event\":\"order.created\"}"));

    assertThat(Visitor.row(page, 1)).containsText("order.created");
    page.unroute("**/inspector.js");
    assertThat(page.locator("#tab-panel pre")).containsText("order.created");
  }

  @Test
  void theBodyStartsHighOnEachScreen(Visitor visitor) {
    // A laptop; the same at 200 %; a phone.
    for (Map.Entry<int[], Integer> screen :
        Map.of(new int[] {1440, 900}, 250, new int[] {720, 450}, 200, new int[] {390, 844}, 300)
            .entrySet()) {
      int[] size = screen.getKey();
      Page page = visitor.open(new Browser.NewContextOptions().setViewportSize(size[0], size[1]));
      Client.Hook hook = visitor.hookOf(page);
      send(visitor, hook, 1, json(hook, "/stripe", EVENT));
      Visitor.openRow(page, 1);
      Locator body = page.locator("#tab-panel pre");
      assertThat(body).containsText("evt_2");

      double top = body.boundingBox().y;

      System.out.printf("A body begins %.0f px from the top at %d x %d.%n", top, size[0], size[1]);
      assertTrue(top <= screen.getValue(), () -> top + " px at a width of " + size[0]);
    }
  }

  private static void send(
      Visitor visitor, Client.Hook hook, int seq, HttpRequest.Builder request) {
    visitor.client().send(request);
    visitor.client().await(hook, seq);
  }

  private static HttpRequest.Builder json(Client.Hook hook, String tail, String body) {
    return HttpRequest.newBuilder(URI.create(hook.url() + tail))
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }
}
