package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Finding, leaving and deleting requests in the list, in one tab or several. */
@ExtendWith(OnThePage.class)
final class PageList {
  @Test
  void theFilterShowsWhatMatchesAsItIsTyped(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "application/json", utf8("{}"));
    visitor.client().await(hook, 1);
    visitor.client().postKept(hook, "text/csv", utf8("a,b"));
    visitor.client().await(hook, 2);
    visitor.client().send(get(hook, "/orders?state=new").header("x-github-event", "push"));
    assertThat(Visitor.rows(page)).hasCount(3);

    page.keyboard().press("/");
    assertThat(page.locator("#filter")).isFocused();
    page.keyboard().type("CSV");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(page.locator(".list-count")).hasText("1 of 3");
    page.keyboard().press("Enter");
    assertThat(Visitor.row(page, 2)).isFocused();
    page.locator("#filter").fill("get new");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(Visitor.rows(page)).containsText("/orders");
    page.locator("#filter").fill("<b>");
    assertThat(page.locator(".list-scroll")).containsText("Nothing matches the filter.");
    page.keyboard().press("Escape");
    assertThat(Visitor.rows(page)).hasCount(3);
  }

  @Test
  void aNumberInTheFilterOpensThatRequestBeItLoadedOrNot(Visitor visitor) throws Exception {
    Client.Hook hook = visitor.client().createHook();
    postAtOnce(visitor.client(), hook, 110);
    visitor.client().await(hook, 110);
    Page page = visitor.open(hook);
    assertThat(Visitor.rows(page)).hasCount(100);

    page.keyboard().press("/");
    assertThat(page.locator("#filter")).isFocused();
    page.keyboard().type("#111");
    assertThat(page.locator(".searched")).containsText("There is no #111 yet: the newest is #110.");
    page.locator("#filter").fill("#7");
    assertThat(page.locator(".searched")).containsText("Enter opens #7.");
    assertThat(Visitor.rows(page)).hasCount(100);
    page.keyboard().press("Enter");
    assertThat(page.locator(".detail-head")).containsText("#7");
    assertThat(page.locator("#tab-panel pre")).hasText(".");
    assertThat(page.locator("#filter")).hasValue("");
    page.keyboard().press("/");
    assertThat(page.locator("#filter")).isFocused();
    page.keyboard().type("#50");
    page.keyboard().press("Enter");
    assertThat(Visitor.row(page, 50)).isFocused();
  }

  @Test
  void olderRequestsAreLoadedAsTheListIsScrolled(Visitor visitor) throws Exception {
    Client.Hook hook = visitor.client().createHook();
    postAtOnce(visitor.client(), hook, 130);
    visitor.client().await(hook, 130);

    Page page = visitor.open(hook);

    assertThat(Visitor.rows(page)).hasCount(100);
    assertThat(page.locator(".trust")).containsText("130 requests, newest 100 shown");
    page.evaluate("() => document.querySelector('.list-scroll').scrollTo(0, 1e9)");
    assertThat(Visitor.rows(page)).hasCount(130);
    assertThat(page.locator(".trust")).containsText("130 requests, all shown");
    assertThat(page.locator(".list-scroll")).containsText("This is where it began.");
    assertEquals(
        "130,129,128",
        String.join(",", Visitor.rows(page).locator(".row-seq").allTextContents().subList(0, 3))
            .replace("#", ""));
  }

  @Test
  void whatArrivesWhileTheReaderIsFurtherDownMovesNothing(Visitor visitor) throws Exception {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    postAtOnce(visitor.client(), hook, 40);
    assertThat(Visitor.rows(page)).hasCount(40);
    Locator looked = Visitor.row(page, 12);
    looked.scrollIntoViewIfNeeded();
    looked.focus();
    double top = looked.boundingBox().y;

    postAtOnce(visitor.client(), hook, 3);

    assertThat(page.locator(".news")).containsText("3 new");
    assertThat(page).hasTitle("(3) Hookwell");
    // A scroller stands on whole pixels of the screen, after each batch anew.
    assertEquals(top, looked.boundingBox().y, 2);
    assertThat(looked).isFocused();
    page.locator(".news").click();
    assertThat(page).hasTitle("Hookwell");
    assertThat(Visitor.row(page, 43)).isInViewport();
  }

  @Test
  void theOwnerDeletesOneAndThenAll(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("one"));
    visitor.client().await(hook, 1);
    visitor.client().postKept(hook, "text/plain", utf8("two"));
    assertThat(Visitor.rows(page)).hasCount(2);

    Visitor.openRow(page, 1);
    Visitor.button(page, "Delete").click();
    assertThat(page.locator(".undo")).containsText("Request #1 is deleted.");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(page.locator(".trust")).containsText("2 received, 1 deleted, the rest shown");
    assertEquals(200, visitor.client().get(hook, "/captures/1").statusCode());
    page.waitForCondition(() -> visitor.client().get(hook, "/captures/1").statusCode() == 404);
    assertThat(Visitor.button(page, "Undo")).hasCount(0);
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(page.locator(".trust")).containsText("2 received, 1 deleted, the rest shown");

    Visitor.button(page, "More").click();
    page.locator("#more").getByText("Delete all requests …").click();
    Visitor.button(page, "Delete all requests").click();
    assertThat(page.locator(".waiting h2")).hasText("Waiting for the next request");
    assertThat(page.locator(".trust")).containsText("2 received, all deleted");
    visitor.client().postKept(hook, "text/plain", utf8("three"));
    assertThat(Visitor.row(page, 3)).isVisible();
    assertThat(page.locator(".trust")).containsText("3 received, 2 deleted, the rest shown");
  }

  @Test
  void whatWasDeletedIsBroughtBackByAKeyOrAButton(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    List<String> texts = List.of("one", "two", "three");
    for (String text : texts) {
      visitor.client().postKept(hook, "text/plain", utf8(text));
      visitor.client().await(hook, texts.indexOf(text) + 1);
    }
    Visitor.openRow(page, 2);

    Visitor.button(page, "Delete").click();
    assertThat(Visitor.rows(page)).hasCount(2);
    assertThat(page.locator(".detail-head")).containsText("#1");
    page.keyboard().press("z");
    assertThat(Visitor.rows(page)).hasCount(3);
    assertThat(Visitor.row(page, 2)).isFocused();
    assertThat(page.locator("#tab-panel pre")).hasText("two");
    Visitor.button(page, "Delete").click();
    assertThat(page.locator("#tab-panel pre")).hasText("one");
    Visitor.button(page, "Delete").click();
    assertThat(page.locator(".undo")).containsText("2 requests are deleted.");
    assertThat(Visitor.rows(page)).hasCount(1);
    Visitor.button(page, "Undo").press("Enter");
    assertThat(Visitor.rows(page)).hasCount(2);
    page.keyboard().press("Control+z");
    assertThat(Visitor.rows(page)).hasCount(3);
    assertThat(page.getByText("Request #2 is back.").first()).hasRole(AriaRole.STATUS);
    assertEquals(3, visitor.client().read(hook, "/captures").get("captures").size());
  }

  @Test
  void whoClosesThePageDeletesAtOnce(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("one"));
    Visitor.openRow(page, 1);
    Visitor.button(page, "Delete").click();
    assertThat(page.locator(".waiting h2")).hasText("Waiting for the next request");
    assertThat(Visitor.button(page, "Undo")).isVisible();

    page.navigate("about:blank");

    page.waitForCondition(() -> visitor.client().get(hook, "/captures/1").statusCode() == 404);
  }

  @Test
  @Shows("F44")
  void twoTabsShowTheSameAndFollowEachOther(Visitor visitor) {
    Page one = visitor.open();
    Client.Hook hook = visitor.hookOf(one);
    Page two = one.context().newPage();
    two.navigate(visitor.origin() + "/");
    for (int i = 0; i < 3; i++) {
      visitor.client().postKept(hook, "text/plain", utf8("number " + i));
    }
    assertThat(Visitor.rows(one)).hasCount(3);
    assertThat(Visitor.rows(two)).hasCount(3);

    Visitor.openRow(two, 1);
    one.bringToFront();
    Visitor.openRow(one, 2);
    Visitor.button(one, "Delete").click();

    assertThat(Visitor.rows(two)).hasCount(2);
    assertThat(two.locator(".detail-head")).containsText("#1");
  }

  @Test
  @Shows("F45")
  void aRequestThatIsGoneMeanwhileSaysSo(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("soon gone"));
    assertThat(Visitor.rows(page)).hasCount(1);

    page.navigate(visitor.origin() + "/#/" + hook.id() + "/7");

    assertThat(page.locator(".detail-note")).containsText("This request is not here");
    assertThat(Visitor.rows(page)).hasCount(1);
  }

  @Test
  void aRequestThatIsDeletedWhileItIsOpenSaysSoAndStays(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("kept"));
    visitor.client().await(hook, 1);
    visitor.client().postKept(hook, "text/plain", utf8("read to the end"));
    assertThat(Visitor.rows(page)).hasCount(2);
    Visitor.openRow(page, 2);

    delete(visitor, hook, "/captures/2");

    assertThat(page.locator(".detail-note")).containsText("This request was deleted meanwhile");
    assertThat(page.locator("#tab-panel pre")).hasText("read to the end");
    assertThat(Visitor.button(page, "Delete")).hasCount(0);
    assertThat(Visitor.rows(page)).hasCount(1);
    page.keyboard().press("j");
    assertThat(page.locator("#tab-panel pre")).hasText("kept");
    assertThat(page.locator(".detail-note")).hasCount(0);
  }

  @Test
  void aRequestThatIsDeletedBeforeItIsOpenedIsMissed(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("one"));
    // The page opens each arriving request until the reader picks one.
    Visitor.openRow(page, 1);
    visitor.client().postKept(hook, "text/plain", utf8("two"));
    assertThat(Visitor.rows(page)).hasCount(2);
    // The list does not hear of it in time.
    page.route("**/captures?*", route -> route.abort());

    delete(visitor, hook, "/captures/2");
    Visitor.row(page, 2).click();

    assertThat(page.locator(".detail-note")).containsText("This request is not here");
    page.unroute("**/captures?*");
    page.keyboard().press("r");
    assertThat(Visitor.rows(page)).hasCount(1);
  }

  private static void postAtOnce(Client client, Client.Hook hook, int count) throws Exception {
    Callable<String> post = () -> client.postKept(hook, "text/plain", utf8("."));
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<String> sent : threads.invokeAll(Collections.nCopies(count, post))) {
        sent.get();
      }
    }
  }

  private static void delete(Visitor visitor, Client.Hook hook, String tail) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(hook.apiUrl() + tail))
            .header("authorization", "Bearer " + hook.ownerKey())
            .DELETE();
    assertEquals(204, visitor.client().send(request).statusCode());
  }

  private static HttpRequest.Builder get(Client.Hook hook, String tail) {
    return HttpRequest.newBuilder(URI.create(hook.url() + tail)).GET();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
