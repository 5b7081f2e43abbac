package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The filter and the tab in the address. */
@ExtendWith(OnThePage.class)
final class PagePlace {
  @Test
  void filterAndTabSurviveAReloadAndLeaveNoTrailToGoBackThrough(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    keep(visitor, hook, "one");
    keep(visitor, hook, "two");
    assertThat(Visitor.rows(page)).hasCount(2);
    Visitor.openRow(page, 1);
    page.locator("#filter").pressSequentially("text:one");
    Visitor.tab(page, "Headers");
    assertThat(Visitor.rows(page)).hasCount(1);
    String address = visitor.origin() + "/#/" + hook.id() + "/1?filter=text%3Aone&tab=headers";
    assertThat(page).hasURL(address);
    int steps = (int) page.evaluate("() => history.length");

    page.reload();

    assertThat(page.locator("#filter")).hasValue("text:one");
    assertThat(page.locator("#tab-headers")).hasAttribute("aria-selected", "true");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(page).hasURL(address);
    page.locator("#filter").fill("");
    Visitor.tab(page, "Body");
    assertThat(page).hasURL(visitor.origin() + "/#/" + hook.id() + "/1");
    assertEquals(steps, page.evaluate("() => history.length"));
  }

  @Test
  void aLinkWithAKeyAndAFilterOpensBothAndOnlyTheKeyLeaves(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    keep(visitor, hook, "one");
    keep(visitor, hook, "two");
    Page page = visitor.browse(new Browser.NewContextOptions());

    page.navigate(visitor.link(hook) + "/2?filter=text%3Atwo&tab=raw");

    assertThat(page.locator("#filter")).hasValue("text:two");
    assertThat(page.locator("#tab-raw")).hasAttribute("aria-selected", "true");
    assertThat(page).hasURL(visitor.origin() + "/#/" + hook.id() + "/2?filter=text%3Atwo&tab=raw");
    assertEquals(hook.viewKey(), visitor.hookOf(page).viewKey());
    String link =
        Visitor.copied(page, () -> Visitor.button(page, "Copy link to this request").click());
    assertTrue(
        link.matches(Pattern.quote(visitor.origin() + "/#/" + hook.id()) + "/2/[\\w-]{43}"), link);
  }

  @Test
  void whereNothingIsKeptTheKeyStaysBesideTheFilter(Visitor visitor) {
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.addInitScript("Storage.prototype.setItem = () => { throw new Error('refused'); };");
    Client.Hook hook = visitor.client().createHook();
    keep(visitor, hook, "one");
    keep(visitor, hook, "two");
    page.navigate(visitor.link(hook));
    assertThat(Visitor.rows(page)).hasCount(2);
    page.locator("#filter").fill("text:one");

    Visitor.openRow(page, 1);

    assertThat(page)
        .hasURL(
            Pattern.compile("/#/" + hook.id() + "/" + hook.viewKey() + "/1\\?filter=text%3Aone$"));
    page.reload();
    assertThat(page.locator("#filter")).hasValue("text:one");
    assertThat(page.locator("#tab-panel pre")).hasText("one");
  }

  private static void keep(Visitor visitor, Client.Hook hook, String text) {
    visitor.client().postKept(hook, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    visitor.client().await(hook, "one".equals(text) ? 1 : 2);
  }
}
