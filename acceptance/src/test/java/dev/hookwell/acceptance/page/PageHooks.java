package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The menu of the hooks that a browser remembers. */
@ExtendWith(OnThePage.class)
final class PageHooks {
  @Test
  void aUrlIsNamedWhereItsNameStands(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", "x".getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);

    Visitor.button(page, "Name this URL").click();
    page.keyboard().type("Stripe, staging");
    page.keyboard().press("Enter");
    assertThat(page.locator(".frame-name")).hasText("Stripe, staging");
    assertThat(page).hasTitle("Stripe, staging · Hookwell");
    Visitor.button(page, "Rename this URL").click();
    page.keyboard().type("not this");
    page.keyboard().press("Escape");
    assertThat(page.locator(".frame-name")).hasText("Stripe, staging");
    assertThat(Visitor.button(page, "Rename this URL")).isFocused();
    Visitor.button(page, "Rename this URL").click();
    page.keyboard().type("Stripe, live");
    page.locator("#filter").click();
    assertThat(page.locator(".frame-name")).hasText("Stripe, live");
    page.reload();
    assertThat(page.locator(".frame-name")).hasText("Stripe, live");
  }

  @Test
  void aNameThatIsBeingWrittenIsNotGivenToAnotherUrl(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook first = visitor.hookOf(page);
    post(visitor, first);
    assertThat(Visitor.button(page, "Name this URL")).isVisible();
    Visitor.button(page, "New URL").click();
    assertThat(page.locator("#url")).not().hasText(first.url().toString());
    post(visitor, visitor.hookOf(page));
    Visitor.button(page, "Name this URL").click();
    page.keyboard().type("of the second");

    page.goBack();

    assertThat(page.locator("#url")).hasText(first.url().toString());
    assertThat(page.locator(".naming")).hasCount(0);
    page.locator("#filter").click();
    assertThat(page.locator(".frame-name")).hasText("My URLs");
  }

  @Test
  void theMenuTellsWhatEachHookReceivedAndWhatIsNew(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook first = visitor.hookOf(page);
    post(visitor, first);
    assertThat(Visitor.rows(page)).hasCount(1);
    awaitSeen(page, 1);
    Client.Hook second = another(visitor, page);
    post(visitor, first);
    post(visitor, first);
    visitor.client().await(first, 3);

    Visitor.button(page, "My URLs").click();

    Locator row = row(page, first);
    assertThat(row.locator(".menu-new")).hasText("2 new");
    assertThat(row.locator(".menu-note"))
        .containsText(Pattern.compile("^3 requests, last (just now|\\d+ s ago)$"));
    assertThat(row(page, second).locator(".menu-note")).containsText("no requests yet");
    row.locator("a").click();
    assertThat(Visitor.rows(page)).hasCount(3);
    awaitSeen(page, 3);
    Visitor.button(page, "My URLs").click();
    assertThat(row(page, second).locator(".menu-note")).containsText("no requests yet");
    assertThat(page.locator("#my-urls .menu-new")).hasCount(0);
  }

  @Test
  void aPinnedHookStandsAtTheTop(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook first = visitor.hookOf(page);
    Client.Hook second = another(visitor, page);
    Visitor.button(page, "My URLs").click();
    assertThat(page.locator("#my-urls li").first().locator("a"))
        .hasAttribute("href", route(second));

    Visitor.button(page, "Pin " + tail(first)).click();
    assertThat(Visitor.button(page, "Pin " + tail(first))).hasAttribute("aria-pressed", "true");
    assertThat(page.locator("#my-urls li").first().locator("a"))
        .hasAttribute("href", route(second));
    page.reload();
    Visitor.button(page, "My URLs").click();
    assertThat(page.locator("#my-urls li").first().locator("a")).hasAttribute("href", route(first));
  }

  @Test
  void manyHooksCanBeSearched(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook first = visitor.hookOf(page);
    for (int i = 2; i <= 10; i++) {
      another(visitor, page);
    }
    Visitor.button(page, "My URLs").click();
    assertThat(page.locator("#my-urls li")).hasCount(10);
    Locator search = page.getByPlaceholder("Search 10 URLs");
    assertThat(search).isFocused();

    search.fill(tail(first));

    assertThat(page.locator("#my-urls li")).hasCount(1);
    assertThat(row(page, first)).isVisible();
    search.fill("<b>");
    assertThat(page.locator("#my-urls")).containsText("None of them has this in its name");
  }

  private static Client.Hook another(Visitor visitor, Page page) {
    String before = page.locator("#url").textContent();
    Visitor.button(page, "New URL").click();
    assertThat(page.locator("#url")).not().hasText(before);
    return visitor.hookOf(page);
  }

  private static void post(Visitor visitor, Client.Hook hook) {
    visitor.client().postKept(hook, "text/plain", "x".getBytes(StandardCharsets.UTF_8));
  }

  private static void awaitSeen(Page page, int seq) {
    page.waitForFunction(
        "seq => JSON.parse(localStorage.getItem('hookwell.hooks'))[0].seen === seq", seq);
  }

  private static Locator row(Page page, Client.Hook hook) {
    return page.locator("#my-urls li")
        .filter(new Locator.FilterOptions().setHas(page.locator("[href='" + route(hook) + "']")));
  }

  private static String route(Client.Hook hook) {
    return "#/" + hook.id();
  }

  private static String tail(Client.Hook hook) {
    return hook.id().substring(hook.id().length() - 8);
  }
}
