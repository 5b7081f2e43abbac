package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    for (String tab : Visitor.tabs(page)) {
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
  void whatALinkOpensBreaksNoRule(Visitor visitor) {
    Page owner = visitor.open(still());
    Client.Hook hook = visitor.hookOf(owner);
    visitor.client().postKept(hook, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(owner, 1);
    String alone =
        Visitor.copied(owner, () -> Visitor.button(owner, "Copy link to this request").click());
    for (int width : new int[] {1280, 320}) {
      Page page = visitor.browse(still().setViewportSize(width, 900));
      page.navigate(alone);
      assertThat(page.locator(".tabs")).isVisible();
      assertNoViolations(page, "one request at " + width);
      assertEquals(width, page.evaluate("() => document.documentElement.scrollWidth"));
      page.navigate(visitor.link(hook) + "/" + hook.ownerKey());
      assertThat(page.locator(".card")).isVisible();
      assertNoViolations(page, "an owner's link at " + width);
    }
  }

  @Test
  void marksAndToolsBreakNoRule(Visitor visitor) {
    for (int width : new int[] {1280, 320}) {
      Page page = visitor.open(still().setViewportSize(width, 900));
      Client.Hook hook = visitor.hookOf(page);
      visitor.client().postKept(hook, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
      Visitor.openRow(page, 1);
      page.keyboard().press("p");
      page.keyboard().press("n");
      page.locator("#note").fill("a note of some length, for a narrow screen too");
      assertNoViolations(page, "writing a note at " + width);
      page.locator("#note").press("Enter");
      assertThat(page.locator(".own-note")).isVisible();
      assertNoViolations(page, "a note and a pin at " + width);
      page.keyboard().press("Escape");
      assertThat(page.locator(".row-pin")).isVisible();
      assertNoViolations(page, "a row with a note and a pin at " + width);
      Visitor.button(page, "Name this URL").click();
      assertNoViolations(page, "a name at " + width);
      page.keyboard().press("Escape");
      for (String tool : List.of("Send a sample event …", "QR code …")) {
        Visitor.button(page, "More").click();
        page.locator("#more").getByText(tool).click();
        assertThat(page.locator("dialog[open]")).isVisible();
        assertNoViolations(page, tool + " at " + width);
        assertEquals(width, page.evaluate("() => document.documentElement.scrollWidth"));
        page.keyboard().press("Escape");
      }
    }
  }

  @Test
  void whatIsChosenIsSeenWhereASystemForcesItsColours(Visitor visitor) {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      Page page = visitor.open(still().setForcedColors(ForcedColors.ACTIVE).setColorScheme(scheme));
      Client.Hook hook = visitor.hookOf(page);
      for (int i = 0; i < 2; i++) {
        visitor.client().postKept(hook, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(Visitor.rows(page)).hasCount(2);
      Visitor.openRow(page, 1);
      String highlight = colourOf(page, "#captures a[aria-current]", "backgroundColor");
      String canvas = colourOf(page, "body", "backgroundColor");
      assertNotEquals(canvas, highlight);
      assertNotEquals(highlight, colourOf(page, "#captures a[aria-current]", "color"));
      for (String chosen :
          List.of(".tabs button[aria-selected=true]", ".segments button[aria-pressed=true]")) {
        assertEquals(highlight, colourOf(page, chosen, "backgroundColor"), chosen);
        assertNotEquals(
            highlight, colourOf(page, chosen.replace("true", "false"), "backgroundColor"), chosen);
      }
      assertNotEquals(
          highlight, colourOf(page, "#captures a:not([aria-current])", "backgroundColor"));
      assertNotEquals(canvas, colourOf(page, ".status .dot", "backgroundColor"));
      page.keyboard().press("p");
      assertThat(Visitor.button(page, "Pin this request")).hasAttribute("aria-pressed", "true");
      assertEquals(highlight, colourOf(page, ".marks .pin", "backgroundColor"));
    }
  }

  /** A screen of 1280 by 1024 at 200 and at 400 %. */
  @Test
  void enlargedFourTimesAllOfItIsReached(Visitor visitor) {
    for (int[] screen : new int[][] {{640, 512}, {320, 256}}) {
      Page page = visitor.open(still().setViewportSize(screen[0], screen[1]));
      Client.Hook hook = visitor.hookOf(page);
      visitor
          .client()
          .postKept(hook, "application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
      Visitor.openRow(page, 1);
      for (String tab : Visitor.tabs(page)) {
        Visitor.tab(page, tab);
        assertEquals(screen[0], page.evaluate("() => document.documentElement.scrollWidth"), tab);
      }
      Visitor.tab(page, "Body");
      page.locator("#tab-panel pre").getByText("\"a\"").scrollIntoViewIfNeeded();
      assertThat(page.locator("#tab-panel pre").getByText("\"a\"")).isInViewport();
      Visitor.button(page, "Delete").click();
      Visitor.button(page, "Undo").click();
      assertThat(page.locator(".detail-head")).containsText("#1");
      page.keyboard().press("Escape");
      Visitor.button(page, "More").click();
      page.locator("#more").getByText("Delete this URL …").click();
      Visitor.button(page, "Delete URL").scrollIntoViewIfNeeded();
      assertThat(Visitor.button(page, "Delete URL")).isInViewport();
      Visitor.button(page, "Keep").click();
    }
  }

  private static String colourOf(Page page, String element, String property) {
    return (String)
        page.locator(element)
            .first()
            .evaluate("(element, property) => getComputedStyle(element)[property]", property);
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
    page.locator("#tab-headers").focus();
    page.keyboard().press("ArrowRight");
    assertThat(page.locator("#tab-query")).isFocused();
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

  @Test
  void everyTabHasADigitAndAnAddressAndEveryKeyOneMeaning(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", "one".getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);
    List<String> tabs = Visitor.tabs(page);
    for (int n = 1; n <= tabs.size(); n++) {
      String tab = tabs.get(n - 1);
      page.keyboard().press(String.valueOf(n));
      assertThat(page.locator("#tab-" + tab)).hasAttribute("aria-selected", "true");
      assertThat(page.locator("#tab-" + tab))
          .hasAttribute("title", Pattern.compile(".+ \\(" + n + "\\)"));
      String place = visitor.origin() + "/#/" + hook.id() + "/1";
      assertThat(page).hasURL(n == 1 ? place : place + "?tab=" + tab);
    }

    page.keyboard().press("?");
    List<String> keys = page.locator("#help kbd").allInnerTexts();
    assertTrue(keys.contains("1 – " + tabs.size()), keys.toString());
    List<String> single =
        keys.stream()
            .flatMap(row -> Stream.of(row.split(" +")))
            .filter(key -> key.length() == 1)
            .toList();
    assertEquals(Set.copyOf(single).size(), single.size(), single.toString());
    assertTrue(single.containsAll(List.of("y", "f")), single.toString());
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
