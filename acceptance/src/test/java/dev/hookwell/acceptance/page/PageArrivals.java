package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The bars above the list, and the span of time that is chosen among them. */
@ExtendWith(OnThePage.class)
final class PageArrivals {
  @Test
  void aSpanThatIsDraggedOverIsShownTogetherWithTheFilterUntilItIsTakenBack(Visitor visitor) {
    Page page = visitor.open();
    twoBursts(visitor, page);
    Locator bars = page.locator(".arrivals[role=slider]");
    BoundingBox box = bars.boundingBox();

    drag(page, box, 1, box.width / 2);

    assertThat(Visitor.rows(page)).hasCount(8);
    assertThat(Visitor.row(page, 8)).isVisible();
    assertThat(page.locator(".span-line")).containsText("8 requests");
    page.locator("#filter").fill("text:odd");
    assertThat(Visitor.rows(page)).hasCount(4);
    assertThat(page.locator(".span-line")).containsText("4 requests");
    Visitor.button(page, "More").click();
    assertThat(page.locator("#more")).containsText("The 4 that the list shows now");
    page.keyboard().press("Escape");
    Visitor.button(page, "All times").click();
    assertThat(Visitor.rows(page)).hasCount(8);
    page.locator("#filter").fill("");
    assertThat(Visitor.rows(page)).hasCount(16);
  }

  @Test
  void theKeysChooseASpanToo(Visitor visitor) {
    Page page = visitor.open();
    twoBursts(visitor, page);
    Locator bars = page.locator(".arrivals[role=slider]");

    bars.press("Home");
    assertThat(bars).hasAttribute("aria-valuenow", "1");
    assertThat(bars).hasAttribute("aria-valuetext", Pattern.compile(".* to .*, \\d+ requests?"));
    bars.press("Shift+End");
    assertThat(bars).hasAttribute("aria-valuetext", Pattern.compile(".* to .*, 16 requests"));
    bars.press("Shift+ArrowLeft");
    bars.press("Enter");
    Locator status = page.getByText(Pattern.compile("^\\d+ requests? from .* to .*$"));
    assertThat(status).hasCount(1);
    assertThat(page.locator(".span-line")).isVisible();
    bars.press("Escape");
    assertThat(page.locator(".span-line")).hasCount(0);
    assertThat(Visitor.rows(page)).hasCount(16);
    assertThat(bars).isFocused();
  }

  @Test
  void oneBarLeadsToItsOldestRequest(Visitor visitor) {
    Page page = visitor.open();
    twoBursts(visitor, page);
    BoundingBox box = page.locator(".arrivals .reach").first().boundingBox();

    page.mouse().click(box.x + box.width / 2, box.y + box.height / 2);

    assertThat(Visitor.row(page, 1)).isFocused();
    assertThat(Visitor.rows(page)).hasCount(16);
  }

  @Test
  void theSpanOfTimeStandsInTheAddressAndSurvivesAReload(Visitor visitor) {
    Page page = visitor.open();
    twoBursts(visitor, page);
    page.locator(".arrivals").press("Home");
    page.locator(".arrivals").press("Enter");
    assertThat(page.locator(".span-line")).isVisible();
    assertThat(page).hasURL(Pattern.compile("\\?span=\\d+-\\d+$"));
    int rows = Visitor.rows(page).count();
    String said = page.locator(".span-line b").innerText();

    page.reload();

    assertThat(page.locator(".span-line b")).hasText(said);
    assertThat(Visitor.rows(page)).hasCount(rows);
    Visitor.button(page, "All times").click();
    assertThat(Visitor.rows(page)).hasCount(16);
    assertThat(page).not().hasURL(Pattern.compile("span="));
  }

  @Test
  void aSpanThatLiesBeforeTheNewestIsLoadedByItself(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    // One more than the first page of the list.
    for (int number = 1; number <= 101; number++) {
      visitor.client().postKept(hook, "text/plain", new byte[] {'x'});
      if (number == 1) {
        // The first that came is the first in number, too.
        visitor.client().await(hook, 1);
      }
    }
    List<String> received =
        visitor.client().await(hook, 101).stream()
            .map(capture -> capture.get("receivedAt").textValue())
            .toList();
    String first = received.getFirst();
    int together = Collections.frequency(received, first);
    long from = Instant.parse(first).toEpochMilli();

    Page page = visitor.browse(new Browser.NewContextOptions());
    page.navigate(visitor.link(hook) + "?span=" + from + "-" + (from + 1));

    assertThat(Visitor.rows(page)).hasCount(together);
    assertThat(page.locator(".span-line")).not().containsText("so far");
  }

  /** Eight requests, nothing for two seconds, and eight more. */
  private static void twoBursts(Visitor visitor, Page page) {
    Client.Hook hook = visitor.hookOf(page);
    for (int seq = 1; seq <= 16; seq++) {
      String text = seq % 2 == 0 ? "even" : "odd";
      visitor.client().postKept(hook, "text/plain", text.getBytes(StandardCharsets.UTF_8));
      if (seq == 8) {
        page.waitForTimeout(2_000);
      }
    }
    visitor.client().await(hook, 16);
    assertThat(Visitor.rows(page)).hasCount(16);
    assertEquals(1, page.locator(".arrivals[role=slider]").count());
  }

  private static void drag(Page page, BoundingBox box, double from, double to) {
    double y = box.y + box.height / 2;
    page.mouse().move(box.x + from, y);
    page.mouse().down();
    page.mouse().move(box.x + (from + to) / 2, y);
    page.mouse().move(box.x + to, y);
    page.mouse().up();
  }
}
