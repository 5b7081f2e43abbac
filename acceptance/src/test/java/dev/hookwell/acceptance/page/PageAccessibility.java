package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The page by keyboard alone, and by axe's rules on every view of it, in the light and the dark.
 */
@ExtendWith(OnThePage.class)
final class PageAccessibility {
  @Test
  void noViewBreaksARule(Visitor visitor) {
    Page page = visitor.open(still());
    Client.Hook hook = visitor.hookOf(page);
    assertNoViolations(page, "empty");
    page.keyboard().press("?");
    assertThat(page.locator("#help")).isVisible();
    assertNoViolations(page, "help");
    page.keyboard().press("Escape");

    visitor
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(hook.url() + "/a?b=c&d="))
                .header("content-type", "application/json")
                .header("cookie", "e=f")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":[1,true,\"x\"],\"a\":null}")));
    Visitor.openRow(page, 1);
    for (String tab : List.of("Body", "Headers", "Query", "Signature", "Raw")) {
      Visitor.tab(page, tab);
      assertNoViolations(page, tab);
    }
    Visitor.tab(page, "Signature");
    page.locator(".signature-form select").selectOption("stripe");
    page.locator("#secret").fill("whsec_wrong");
    assertThat(page.locator(".verdict")).isVisible();
    assertNoViolations(page, "verdict");
    visitor
        .client()
        .postKept(hook, "application/json", "{\"a\":[2,true]}".getBytes(StandardCharsets.UTF_8));
    assertThat(Visitor.rows(page)).hasCount(2);
    page.getByLabel("Compare with another request").selectOption("2");
    assertThat(page.locator(".diff .added").first()).isVisible();
    assertNoViolations(page, "comparison");
    Visitor.button(page, "Close").click();
    Visitor.button(page, "More").click();
    assertNoViolations(page, "more");
    page.locator("#more").getByText("Delete this URL …").click();
    assertThat(page.locator("#confirm")).isVisible();
    assertNoViolations(page, "confirmation");
    page.keyboard().press("Escape");
    Visitor.button(page, "New URL").click();
    assertThat(page.locator(".waiting h2")).hasText("Waiting for the first request");
    Visitor.button(page, "My URLs").click();
    assertThat(page.locator(".menu-note").last()).containsText("2 requests");
    assertNoViolations(page, "URLs");
  }

  @Test
  void noViewOfAPhoneBreaksARule(Visitor visitor) {
    Page page = visitor.open(still().setViewportSize(390, 844).setIsMobile(true));
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "application/octet-stream", new byte[] {0, 1});
    assertThat(Visitor.rows(page)).hasCount(1);
    assertNoViolations(page, "list");
    Visitor.openRow(page, 1);
    assertNoViolations(page, "hex");
    assertEquals(390, page.evaluate("() => document.documentElement.scrollWidth"));
    page.navigate(visitor.origin() + "/#/nothing");
    assertThat(page.locator(".card")).isVisible();
    assertNoViolations(page, "message");
  }

  @Test
  void whatIsAroundTheListBreaksNoRule(Visitor visitor) {
    for (int width : new int[] {1280, 320}) {
      Page page = visitor.open(still().setViewportSize(width, 900));
      Client.Hook hook = visitor.hookOf(page);
      for (int seq = 1; seq <= 14; seq++) {
        String json = "{\"type\":\"%s\"}".formatted(seq == 9 ? "failed" : "paid");
        visitor.client().postKept(hook, "application/json", json.getBytes(StandardCharsets.UTF_8));
        if (seq == 7) {
          page.waitForTimeout(1_000);
        }
      }
      assertThat(Visitor.rows(page)).hasCount(14);
      Visitor.button(page, "Odd ones out").click();
      assertThat(page.locator(".facet")).hasCount(1);
      page.locator(".facet .chip").first().click();
      page.locator(".arrivals").press("Shift+Home");
      page.locator(".arrivals").press("Enter");
      assertThat(page.locator(".span-line")).isVisible();
      assertNoViolations(page, "span and odd ones at " + width);
      assertEquals(width, page.evaluate("() => document.documentElement.scrollWidth"));
      Visitor.button(page, "All times").click();
      page.locator("#filter").fill("#3");
      page.locator("#filter").press("Enter");
      Visitor.button(page, "Delete").click();
      assertThat(Visitor.button(page, "Undo")).isVisible();
      Visitor.button(page, "Undo").hover();
      assertNoViolations(page, "undo at " + width);
    }
  }

  @Test
  void theMainPathNeedsNoPointer(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    tabTo(page, "Copy URL");
    assertEquals(hook.url().toString(), Visitor.copied(page, () -> page.keyboard().press("Enter")));
    Visitor.awaitTold(page, "Copied the URL.");
    tabTo(page, "Send a test request");
    page.keyboard().press("Enter");
    assertThat(Visitor.rows(page)).hasCount(1);
    visitor.client().postKept(hook, "text/plain", "two".getBytes(StandardCharsets.UTF_8));
    assertThat(Visitor.rows(page)).hasCount(2);

    page.keyboard().press("g");
    assertThat(Visitor.row(page, 2)).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("#tab-panel pre")).hasText("two");
    page.keyboard().press("j");
    assertThat(page.locator("#tab-panel pre")).containsText("Hookwell");
    page.keyboard().press("k");
    assertThat(page.locator("#tab-panel pre")).hasText("two");
    assertEquals("two", Visitor.copied(page, () -> page.keyboard().press("y")));
    Visitor.awaitTold(page, "Copied the body.");
    page.keyboard().press("2");
    page.locator("#tab-Headers").focus();
    page.keyboard().press("ArrowRight");
    assertThat(page.locator("#tab-Query")).isFocused();
    assertThat(page.locator("#tab-panel")).hasText("No query string.");
    page.keyboard().press("Escape");
    assertThat(page.locator(".choose")).isVisible();
    assertThat(Visitor.row(page, 2)).isFocused();

    page.keyboard().press("?");
    page.getByLabel("Single-key shortcuts").uncheck();
    page.keyboard().press("Escape");
    page.keyboard().press("/");
    assertThat(page.locator("#filter")).not().isFocused();
  }

  /** Presses Tab, as often as somebody would, until this button has the focus. */
  private static void tabTo(Page page, String name) {
    for (int i = 0; i < 12; i++) {
      page.keyboard().press("Tab");
      if (name.equals(page.evaluate("() => document.activeElement.innerText.split('\\n')[0]"))) {
        return;
      }
    }
    throw new AssertionError("Tab never came to " + name);
  }

  /** Nothing fades: a colour half-way is nobody's choice. */
  private static Browser.NewContextOptions still() {
    return new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE);
  }

  private static void assertNoViolations(Page page, String view) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    assertEquals(List.of(), violations(new AxeBuilder(page)), view + " in the light");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertEquals(
        List.of(),
        violations(new AxeBuilder(page).withRules(List.of("color-contrast"))),
        view + " in the dark");
  }

  private static List<String> violations(AxeBuilder axe) {
    // The way without a second page: there are no frames.
    AxeResults results = axe.setLegacyMode(true).analyze();
    return results.getViolations().stream().map(PageAccessibility::words).toList();
  }

  private static String words(Rule rule) {
    return rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes().getFirst().getHtml();
  }
}
