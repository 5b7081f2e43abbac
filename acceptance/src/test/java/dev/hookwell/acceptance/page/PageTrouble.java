package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.postgres.LocalDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page's messages while something is wrong, and the data that it keeps. */
@ExtendWith(OnThePage.class)
final class PageTrouble {
  private static final String NOTE_NOTIFICATIONS =
      """
      globalThis.notified = [];
      globalThis.Notification = class extends Notification {
        constructor(title, options) {
          super(title, options);
          notified.push(title);
        }
      };
      """;

  private static final Pattern LISTS = Pattern.compile(".*/captures(\\?.*)?");

  @Test
  @Shows("F41")
  void aDatabaseOutageDelaysAndLosesNothing(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("before"));
    assertThat(Visitor.rows(page)).hasCount(1);
    LocalDatabase database = visitor.system().ownDatabase().orElseThrow();

    database.stopServer();
    try {
      visitor.client().postKept(hook, "text/plain", utf8("meanwhile"));
      assertThat(page.locator(".status"))
          .containsText("Requests are still being accepted and kept. Showing new ones is delayed.");
      assertThat(Visitor.rows(page)).hasCount(1);
    } finally {
      database.startServer();
    }

    assertThat(Visitor.rows(page)).hasCount(2);
    assertThat(page.locator(".status")).containsText("Live");
    Visitor.openRow(page, 2);
    assertThat(page.locator("#tab-panel pre")).hasText("meanwhile");
  }

  @Test
  void theFirstAnswerOfAHookThatWasLeftChangesNothing(Visitor visitor) {
    Client.Hook left = visitor.client().createHook();
    Page page = visitor.browse(new Browser.NewContextOptions());
    String lists = "**/captures?*";
    Queue<Route> asked = new ConcurrentLinkedQueue<>();
    page.route(lists, asked::add);
    Queue<Route> created = new ConcurrentLinkedQueue<>();
    page.route("**/api/hooks", created::add);
    page.navigate(visitor.link(left));
    page.waitForCondition(() -> !asked.isEmpty());

    Visitor.button(page, "New URL").click();
    page.waitForCondition(() -> !created.isEmpty());
    page.unroute(lists);
    page.waitForResponse(lists, () -> asked.forEach(Route::resume)).finished();
    // By then the page has handled the response, or its error; the new hook is not there yet.
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))");
    created.forEach(Route::resume);

    assertThat(page.locator("#url")).not().hasText(left.url().toString());
    assertThat(page.locator(".status")).containsText("Live");
  }

  @Test
  @Shows("F43")
  void whatIsOnTheScreenStaysWhateverIsAnswered(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", utf8("kept"));
    assertThat(Visitor.rows(page)).hasCount(1);

    page.context().setOffline(true);
    saysAndKeeps(page, "OfflineThis device has no network. 1 request kept on this screen");
    page.context().setOffline(false);
    recovers(page);

    answer(page, 502, "text/html", "<h1>Bad gateway</h1><script>alert(1)</script>");
    saysAndKeeps(page, "The answer was 502. New requests are not shown until it answers again.");
    answer(page, 503, "text/html", "<h1>Somebody else's</h1>");
    saysAndKeeps(page, "The answer was 503. New requests are not shown until it answers again.");
    answer(page, 200, "text/html", "<!doctype html><title>Sign in to the Wi-Fi</title>");
    saysAndKeeps(page, "Delayed");
    answer(page, 200, "application/json", "{\"captures\":[{\"id\":");
    saysAndKeeps(page, "Delayed");
    answer(page, 200, "application/json", "");
    saysAndKeeps(page, "Delayed");
    answer(page, 200, "application/json", "null");
    saysAndKeeps(page, "Delayed");
    answer(page, 200, "application/json", "{\"status\":\"ok\"}");
    saysAndKeeps(page, "Delayed");
    answer(page, 400, "application/json", "{\"message\":\"Bad Request\"}");
    saysAndKeeps(page, "Trouble");
    page.unroute(LISTS);
    recovers(page);
    visitor.client().postKept(hook, "text/plain", utf8("after it all"));
    assertThat(Visitor.rows(page)).hasCount(2);
  }

  @Test
  void aServerThatIsNotReachedIsNotCalledOffline(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    visitor.client().postKept(visitor.hookOf(page), "text/plain", utf8("kept"));
    assertThat(Visitor.rows(page)).hasCount(1);
    page.route(LISTS, Route::abort);

    saysAndKeeps(page, "Not reachedThe server cannot be reached from here.");
  }

  @Test
  @Shows("F43")
  void aServerThatAsksToWaitIsLeftAloneForAsLong(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.clock().install();
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator(".waiting h2")).isVisible();
    page.route(
        LISTS,
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(429)
                    .setHeaders(Map.of("Retry-After", "90", "Content-Type", "application/json"))
                    .setBody("{\"message\":\"Too Many Requests\"}")));
    page.clock().runFor(2_000);
    assertThat(page.locator(".status")).containsText("The server asked us to wait.");

    long before = lists(visitor);
    page.clock().runFor(80_000);
    assertThat(page.locator(".status")).containsText("Next check in");
    assertEquals(before, lists(visitor));
    page.unroute(LISTS);
    page.clock().runFor(12_000);
    assertThat(page.locator(".status")).containsText("Live");
  }

  @Test
  void aHiddenPageAsksEveryTenSecondsAndTellsInItsTab(Visitor visitor) {
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.clock().install();
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator(".waiting h2")).isVisible();
    Client.Hook hook = visitor.hookOf(page);
    setHidden(page, true);
    page.clock().runFor(1_000);

    long before = lists(visitor);
    for (int i = 1; i <= 3; i++) {
      page.clock().runFor(10_000);
      long asked = before + i;
      page.waitForCondition(() -> lists(visitor) >= asked);
      // The response sets the next check's time.
      page.waitForTimeout(300);
    }
    assertTrue(lists(visitor) - before <= 4, "more often than every 10 s");
    visitor.client().postKept(hook, "text/plain", utf8("one"));
    visitor.client().postKept(hook, "text/plain", utf8("two"));
    visitor.client().await(hook, 2);
    page.clock().runFor(11_000);
    assertThat(page).hasTitle("(2) Hookwell");
    assertThat(page.locator("link[rel=icon]")).hasAttribute("href", Pattern.compile("icon-new"));

    setHidden(page, false);
    page.clock().runFor(10);
    assertThat(page.locator(".returned")).containsText("2 new while you were away");
    assertThat(page).hasTitle("Hookwell");
    assertThat(page.locator("link[rel=icon]")).hasAttribute("href", Pattern.compile("/icon\\.svg"));
  }

  @Test
  void whatArrivesWhileHiddenIsNotifiedOfOnceThatWasAskedFor(Visitor visitor) {
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.context()
        .grantPermissions(
            List.of("notifications"),
            new BrowserContext.GrantPermissionsOptions().setOrigin(visitor.origin()));
    page.addInitScript(NOTE_NOTIFICATIONS);
    page.clock().install();
    page.navigate(visitor.origin() + "/");
    Client.Hook hook = visitor.hookOf(page);
    Visitor.button(page, "More").click();
    page.locator("#more").getByText("Notify me").click();
    Visitor.awaitTold(page, "You are notified of what arrives while this page is hidden.");
    setHidden(page, true);

    visitor.client().postKept(hook, "text/plain", utf8("one"));
    visitor.client().await(hook, 1);
    page.clock().runFor(11_000);

    page.waitForFunction("() => notified.length === 1");
    assertEquals("1 new request", page.evaluate("() => notified[0]"));
  }

  @Test
  void aTabBehindAnotherStillSeesWhatArrives(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    try (BareTab tab = visitor.bareTab(visitor.link(hook))) {
      tab.await("document.querySelector('.status.live') !== null");
      tab.cover();
      tab.await("document.hidden");

      visitor.client().postKept(hook, "text/plain", utf8("unseen"));
      tab.await("document.title.startsWith('(1)')");

      tab.bringToFront();
      tab.await("!document.hidden && document.querySelectorAll('#captures > li').length === 1");
      tab.await("!document.title.startsWith('(')");
    }
  }

  @Test
  void aUrlThatCannotBeMadeCanBeTriedAgain(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.route(
        "**/api/hooks",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(502)
                    .setContentType("text/html")
                    .setBody("<img src=x onerror=alert(1)>")));
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator(".card")).containsText("No URL could be made just now");
    page.unroute("**/api/hooks");

    Visitor.button(page, "Try again").click();

    assertThat(page.locator("#url")).containsText("/h/");
  }

  @Test
  void aBodyThatWasNotKeptSaysWhy(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    byte[] body = new byte[CapturedBody.MAX_BYTES + 1];
    new Random(7).nextBytes(body);

    assertEquals(413, visitor.client().post(hook, "application/octet-stream", body).statusCode());

    assertThat(Visitor.row(page, 1)).containsText("not kept");
    Visitor.openRow(page, 1);
    assertThat(page.locator("#tab-panel"))
        .containsText("Not kept: 4.2 MB, limit 4 MiB. The sender was told (413).");
    assertThat(page.locator(".digest")).containsText(Client.sha256(body));
    assertThat(Visitor.button(page, "Download")).isDisabled();
  }

  private static void saysAndKeeps(Page page, String words) {
    page.keyboard().press("r");
    assertThat(page.locator(".status")).containsText(words);
    assertThat(Visitor.rows(page)).hasCount(1);
  }

  private static void recovers(Page page) {
    page.keyboard().press("r");
    assertThat(page.locator(".status")).containsText("Live");
    assertThat(Visitor.rows(page)).hasCount(1);
  }

  /** From now on lists are answered so. */
  private static void answer(Page page, int status, String contentType, String body) {
    page.unroute(LISTS);
    page.route(
        LISTS,
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(status)
                    .setContentType(contentType)
                    .setBody(body)));
  }

  private static long lists(Visitor visitor) {
    return visitor.requests().stream().filter(request -> LISTS.matcher(request).matches()).count();
  }

  /** A tab of Playwright's is never hidden, so this sets the page's own view of it. */
  private static void setHidden(Page page, boolean hidden) {
    page.evaluate(
        """
        (hidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        hidden);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
