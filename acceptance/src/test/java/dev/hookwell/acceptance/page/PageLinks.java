package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links to one request alone, and the link that brings an owner to another browser. */
@ExtendWith(OnThePage.class)
final class PageLinks {
  @Test
  @Shows({"S03", "S06"})
  void aLinkToARequestOpensThatOneAndNothingElse(Visitor visitor) {
    Page owner = visitor.open();
    Client.Hook hook = visitor.hookOf(owner);
    keep(visitor, hook, 1, "{\"n\":1}");
    keep(visitor, hook, 2, "{\"n\":2}");
    Visitor.openRow(owner, 1);

    String link =
        Visitor.copied(owner, () -> Visitor.button(owner, "Copy link to this request").click());

    Visitor.awaitTold(
        owner,
        "Copied a link to this request, which opens no other. It stays in the history of each"
            + " browser that opens it.");
    assertFalse(link.contains(hook.viewKey()) || link.contains(hook.ownerKey()), link);
    Page guest = visitor.browse(new Browser.NewContextOptions());
    List<String> asked = new ArrayList<>();
    guest.onRequest(request -> asked.add(request.method() + " " + request.url()));
    guest.navigate(link);
    assertThat(guest.locator("#tab-panel .viewer")).containsText("\"n\": 1");
    assertThat(guest.locator(".alone-words")).containsText("Only #1 is shared.");
    assertThat(guest.locator(".list-pane, #url, .back, .filter")).hasCount(0);
    assertThat(guest).hasTitle("#1 · shared with you · Hookwell");
    guest.keyboard().press("2");
    assertThat(guest.locator("#tab-headers")).hasAttribute("aria-selected", "true");
    assertThat(guest.locator("#tab-panel").getByLabel("Filter by this")).hasCount(0);
    guest.keyboard().press("Escape");
    assertEquals(link, guest.url());
    guest.reload();
    assertThat(guest.locator("#tab-panel .viewer")).containsText("\"n\": 1");
    assertEquals(
        List.of("GET " + hook.apiUrl() + "/captures/1", "GET " + hook.apiUrl() + "/captures/1"),
        asked.stream().filter(request -> request.contains("/api/")).toList());
    assertEquals(null, guest.evaluate("() => localStorage.getItem('hookwell.hooks')"));
    assertEquals(
        link,
        Visitor.copied(guest, () -> Visitor.button(guest, "Copy link to this request").click()));

    String other = link.replace("/1/", "/2/");
    visitor.expectFailedLoads();
    guest.navigate(other);
    assertThat(guest.locator(".detail-note")).containsText("This request is not here");
    visitor
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/captures/1"))
                .header("authorization", "Bearer " + hook.ownerKey())
                .DELETE());
    guest.navigate("about:blank");
    guest.navigate(link);
    assertThat(guest.locator(".detail-note")).containsText("This request is not here");
  }

  @Test
  @Shows("S16e")
  void anOwnerWhoOpensALinkToOneRequestSeesWhatOthersSee(Visitor visitor) {
    Page owner = visitor.open();
    Client.Hook hook = visitor.hookOf(owner);
    keep(visitor, hook, 1, "{\"n\":1}");
    Visitor.openRow(owner, 1);
    String link =
        Visitor.copied(owner, () -> Visitor.button(owner, "Copy link to this request").click());

    owner.navigate(link);

    assertThat(owner.locator(".alone-words")).isVisible();
    assertThat(Visitor.button(owner, "Delete")).hasCount(0);
    owner.getByText("All requests of this URL").click();
    assertThat(Visitor.rows(owner)).hasCount(1);
    assertThat(Visitor.button(owner, "Delete")).isVisible();
    assertThat(owner).hasURL(visitor.origin() + "/#/" + hook.id() + "/1");
    assertEquals(hook.ownerKey(), visitor.hookOf(owner).ownerKey());
  }

  @Test
  @Shows({"S06", "S16e"})
  void anOwnersLinkIsTakenOverOnlyByWhoeverSaysSo(Visitor visitor) {
    Page owner = visitor.open();
    Client.Hook hook = visitor.hookOf(owner);
    Visitor.button(owner, "More").click();
    owner.locator("#more").getByText("Own it in another browser …").click();
    assertThat(owner.locator("#confirm")).containsText("a browser that opens it can read, delete");
    String link = Visitor.copied(owner, () -> Visitor.button(owner, "Copy owner’s link").click());
    assertEquals(visitor.link(hook) + "/" + hook.ownerKey(), link);

    Page second = visitor.open();
    String own = second.locator("#url").textContent();
    second.navigate(link);
    assertThat(second.locator(".card")).containsText("This link makes you an owner");
    Visitor.button(second, "Leave it").click();
    assertThat(second.locator("#url")).hasText(own);
    assertFalse(
        ((String) second.evaluate("() => JSON.stringify(localStorage)")).contains(hook.id()));

    second.navigate(link);
    Visitor.button(second, "Own it here too").click();
    assertThat(second.locator("#url")).hasText(hook.url().toString());
    assertThat(second).hasURL(visitor.origin() + "/#/" + hook.id());
    assertEquals(hook.ownerKey(), visitor.hookOf(second).ownerKey());
    keep(visitor, hook, 1, "{\"n\":1}");
    Visitor.openRow(second, 1);
    assertThat(Visitor.button(second, "Delete")).isVisible();
    assertThat(second.locator(".shared")).hasCount(0);
  }

  @Test
  @Shows("S16e")
  void anOwnersLinkWithAWrongKeyTakesOverNothing(Visitor visitor) {
    visitor.expectFailedLoads();
    Client.Hook hook = visitor.client().createHook();
    String wrong = visitor.client().createHook().ownerKey();
    Page page = visitor.browse(new Browser.NewContextOptions());

    for (String keys :
        List.of(
            hook.viewKey() + "/" + wrong,
            hook.viewKey() + "/" + hook.viewKey(),
            hook.ownerKey() + "/" + hook.ownerKey(),
            // Else a view-only link that is shared later would hold the owner key.
            hook.ownerKey() + "/" + hook.viewKey())) {
      page.navigate("about:blank");
      page.navigate(visitor.origin() + "/#/" + hook.id() + "/" + keys);
      Visitor.button(page, "Own it here too").click();

      assertThat(page.locator(".card")).containsText("This link opens nothing");
      assertEquals(null, page.evaluate("() => localStorage.getItem('hookwell.hooks')"));
    }
  }

  @Test
  @Shows("S16e")
  void anOwnersLinkThatWasLeftTakesOverNothing(Visitor visitor) {
    Page page = visitor.open();
    String own = page.locator("#url").textContent();
    String address = page.url();
    Client.Hook hook = visitor.client().createHook();
    Queue<Route> asked = new ConcurrentLinkedQueue<>();
    page.navigate(visitor.link(hook) + "/" + hook.ownerKey());
    assertThat(page.locator(".card")).containsText("This link makes you an owner");
    page.route(hook.apiUrl().toString(), asked::add);
    Visitor.button(page, "Own it here too").click();
    page.waitForCondition(() -> asked.size() == 2);

    page.navigate(address);
    assertThat(page.locator("#url")).hasText(own);
    page.waitForResponse(hook.apiUrl().toString(), () -> asked.forEach(Route::resume)).finished();
    // By then the page has handled the responses.
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))");

    assertThat(page).hasURL(address);
    assertFalse(((String) page.evaluate("() => JSON.stringify(localStorage)")).contains(hook.id()));
  }

  @Test
  void aLinkToARequestSaysThatItCannotBeShownAndIsTriedAgain(Visitor visitor) {
    visitor.expectFailedLoads();
    Page owner = visitor.open();
    Client.Hook hook = visitor.hookOf(owner);
    keep(visitor, hook, 1, "{\"n\":1}");
    Visitor.openRow(owner, 1);
    String link =
        Visitor.copied(owner, () -> Visitor.button(owner, "Copy link to this request").click());
    Page guest = visitor.browse(new Browser.NewContextOptions());
    guest.route("**/inspector.js", Route::abort);

    guest.navigate(link);
    assertThat(guest.locator(".card")).containsText("The server cannot be reached");
    guest.unroute("**/inspector.js");
    Visitor.button(guest, "Try again").click();

    assertThat(guest.locator("#tab-panel .viewer")).containsText("\"n\": 1");
  }

  @Test
  void newUrlMakesOneHowOftenItIsClicked(Visitor visitor) {
    Page page = visitor.open();
    String first = page.locator("#url").textContent();

    Visitor.button(page, "New URL").dblclick();

    assertThat(page.locator("#url")).not().hasText(first);
    assertThat(page.locator("#url")).hasText(Pattern.compile("/h/"));
    Page another = page.context().newPage();
    another.navigate(visitor.origin() + "/");
    assertEquals(
        2, another.evaluate("() => JSON.parse(localStorage.getItem('hookwell.hooks')).length"));
  }

  private static void keep(Visitor visitor, Client.Hook hook, int seq, String json) {
    visitor.client().postKept(hook, "application/json", json.getBytes(StandardCharsets.UTF_8));
    visitor.client().await(hook, seq);
  }
}
