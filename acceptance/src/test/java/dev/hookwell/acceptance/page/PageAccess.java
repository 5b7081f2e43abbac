package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rights of each key, and the data that the address and the browser keep. */
@ExtendWith(OnThePage.class)
final class PageAccess {
  /**
   * The key leaves the address as soon as this browser keeps it, not with the first facts shown.
   */
  private static void awaitRemembered(Page page, Visitor visitor, Client.Hook hook) {
    assertThat(page).hasURL(visitor.origin() + "/#/" + hook.id());
  }

  @Test
  void aSharedLinkReadsAndDeletesNothing(Visitor visitor) {
    Page owner = visitor.open();
    Client.Hook hook = visitor.hookOf(owner);
    visitor.client().postKept(hook, "text/plain", utf8("for both"));
    Visitor.openRow(owner, 1);
    assertThat(Visitor.button(owner, "Delete")).isVisible();

    Visitor.button(owner, "More").click();
    String link =
        Visitor.copied(
            owner, () -> owner.locator("#more").getByText("Share view-only link").click());

    Visitor.awaitTold(
        owner, "Copied a view-only link. It stays in the history of each browser that opens it.");
    assertEquals(visitor.link(hook), link);
    assertFalse(link.contains(hook.ownerKey()));
    Page guest = visitor.browse(new Browser.NewContextOptions());
    guest.navigate(link);
    Visitor.openRow(guest, 1);
    assertThat(guest.locator("#tab-panel pre")).hasText("for both");
    assertThat(Visitor.button(guest, "Delete")).hasCount(0);
    Visitor.button(guest, "More").click();
    assertThat(guest.locator("#more")).containsText("Opened with a view-only link");
    assertThat(guest.locator("#more")).not().containsText("Delete");
    assertEquals("", visitor.hookOf(guest).ownerKey());
  }

  @Test
  @Shows("S06")
  void theKeyLeavesTheAddressBarAndIsRemembered(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();

    Page page = visitor.open(hook);

    assertThat(page).hasURL(visitor.origin() + "/#/" + hook.id());
    assertEquals(hook.viewKey(), visitor.hookOf(page).viewKey());
    page.reload();
    assertThat(page.locator("#url")).hasText(hook.url().toString());
    assertThat(page.locator(".trust")).containsText("No requests yet");
    assertThat(page).hasURL(visitor.origin() + "/#/" + hook.id());
  }

  @Test
  void theLastUrlIsOpenedAgain(Visitor visitor) {
    Page page = visitor.open();
    String first = page.locator("#url").textContent();
    Visitor.button(page, "New URL").click();
    assertThat(page.locator("#url")).not().hasText(first);
    String second = page.locator("#url").textContent();

    Page another = page.context().newPage();
    another.navigate(visitor.origin() + "/");

    assertThat(another.locator("#url")).hasText(second);
    Visitor.button(another, "My URLs").click();
    another.locator("#my-urls a").last().click();
    assertThat(another.locator("#url")).hasText(first);
    another.goBack();
    assertThat(another.locator("#url")).hasText(second);
  }

  @Test
  @Shows("H76")
  void aKeyOfAnotherHookOpensNothingAndIsNotRemembered(Visitor visitor) {
    visitor.expectFailedLoads();
    Client.Hook hook = visitor.client().createHook();
    Client.Hook other = visitor.client().createHook();
    Page page = visitor.browse(new Browser.NewContextOptions());

    page.navigate(visitor.origin() + "/#/" + hook.id() + "/" + other.viewKey());

    assertThat(page.locator(".status")).containsText("No access");
    assertThat(page.locator(".waiting")).containsText("does not open this URL");
    assertEquals(null, page.evaluate("() => localStorage.getItem('hookwell.hooks')"));
  }

  @Test
  @Shows({"H76", "S16e"})
  void aLinkWithAWrongKeyTakesNothingFromWhatIsRemembered(Visitor visitor) {
    visitor.expectFailedLoads();
    Client.Hook hook = visitor.client().createHook();
    Page page = visitor.open(hook);
    awaitRemembered(page, visitor, hook);
    String remembered = hook.viewKey();

    page.navigate("about:blank");
    page.navigate(
        visitor.origin() + "/#/" + hook.id() + "/" + visitor.client().createHook().viewKey());

    Visitor.awaitTold(
        page,
        "The key in this link is not the right one. It is opened with the one that this browser has.");
    assertThat(page.locator(".status")).containsText("Live");
    assertThat(page).hasURL(visitor.origin() + "/#/" + hook.id());
    assertEquals(remembered, visitor.hookOf(page).viewKey());
  }

  @Test
  @Shows({"H76b", "S16e"})
  void aForeignLinkNeverBecomesWhatThePageOpens(Visitor visitor) {
    Page page = visitor.open();
    String own = page.locator("#url").textContent();
    assertThat(page.locator(".shared")).hasCount(0);
    assertThat(page.locator(".promises")).containsText("Only this browser");
    Client.Hook foreign = visitor.client().createHook();

    page.navigate(visitor.link(foreign));

    assertThat(page.locator("#url")).hasText(foreign.url().toString());
    assertThat(page.locator(".shared")).containsText("Shared with you.");
    assertThat(page.locator(".promises")).not().containsText("Only this browser");
    assertThat(page).hasTitle("shared with you · Hookwell");
    assertThat(page).hasURL(visitor.origin() + "/#/" + foreign.id());
    Page again = page.context().newPage();
    again.navigate(visitor.origin() + "/");
    assertThat(again.locator("#url")).hasText(own);
    assertThat(again.locator(".shared")).hasCount(0);
    Visitor.button(again, "My URLs").click();
    assertThat(again.locator("#my-urls")).containsText("Shared with you");
  }

  @Test
  @Shows("H76b")
  void aBrowserWithoutAUrlOfItsOwnGetsOneAndNotTheSharedOne(Visitor visitor) {
    Client.Hook foreign = visitor.client().createHook();
    Page page = visitor.open(foreign);
    awaitRemembered(page, visitor, foreign);

    Page again = page.context().newPage();
    again.navigate(visitor.origin() + "/");

    assertThat(again.locator(".promises")).containsText("Only this browser");
    assertThat(again.locator("#url")).not().hasText(foreign.url().toString());
    assertThat(again.locator(".shared")).hasCount(0);
    Visitor.button(again, "My URLs").click();
    assertThat(again.locator("#my-urls")).containsText("Shared with you");
  }

  @Test
  @Shows("H76")
  void aLinkThatWasCutOffIsInert(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    Page page = visitor.browse(new Browser.NewContextOptions());

    page.navigate(visitor.origin() + "/#/" + hook.id() + "/<svg/onload=alert(1)>");
    assertThat(page.locator(".card")).containsText("The key in this link is not valid.");
    page.navigate(visitor.origin() + "/#/\"><img src=x onerror=alert(1)>");
    assertThat(page.locator(".card")).containsText("There is no valid hook in this link.");
    page.navigate(visitor.origin() + "/#/" + hook.id());
    assertThat(page.locator(".card")).containsText("This link has no key");
    Visitor.button(page, "Get a new URL").click();
    assertThat(page.locator(".waiting h2")).hasText("Waiting for the first request");
  }

  @Test
  void aHookThatEndedSaysSo(Visitor visitor) {
    visitor.expectFailedLoads();
    Client.Hook ended = visitor.expired();

    Page page = visitor.open(ended);

    assertThat(page.locator(".status")).containsText("Expired");
    assertThat(page.locator(".waiting")).containsText("Get a new URL");
    page.navigate("about:blank");
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator("#url")).not().hasText(ended.url().toString());
  }

  @Test
  void aDeletedHookSaysWhatBecomesOfWhatIsSent(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Page guest = visitor.open(hook);
    page.bringToFront();
    visitor.client().postKept(hook, "text/plain", utf8("soon gone"));
    assertThat(Visitor.rows(page)).hasCount(1);

    Visitor.button(page, "More").click();
    page.locator("#more").getByText("Delete this URL …").click();
    assertThat(page.locator("#confirm")).containsText("Senders are not told: they still get 200");
    Visitor.button(page, "Delete URL").click();

    assertThat(page.locator(".status")).containsText("Deleted");
    assertThat(page.locator(".waiting")).containsText("nothing they send is kept");
    assertThat(guest.locator(".status")).containsText("Deleted");
    visitor.client().postKept(hook, "text/plain", utf8("too late"));
    page.navigate("about:blank");
    page.navigate(visitor.origin() + "/#/" + hook.id());
    assertThat(page.locator(".status")).containsText("Deleted");
    assertEquals(410, visitor.client().get(hook, "").statusCode());
  }

  @Test
  @Shows("H75")
  void anotherSiteCannotFrameThePage(Visitor visitor) throws IOException {
    // On this machine too, so that nothing but the page itself is in the way.
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      serve(
          site,
          "/",
          "<iframe src='/own'></iframe><iframe src='%s/'></iframe>".formatted(visitor.origin()));
      serve(site, "/own", "<p>its own</p>");
      site.start();
      Page other = visitor.elsewhere();
      Map<String, String> failed = new HashMap<>();
      other.onRequestFailed(request -> failed.put(request.url(), request.failure()));

      other.navigate("http://127.0.0.1:" + site.getAddress().getPort() + "/");

      assertThat(other.frameLocator("iframe >> nth=0").locator("p")).hasText("its own");
      assertEquals("chrome-error://chromewebdata/", other.frames().getLast().url());
      assertEquals(Map.of(visitor.origin() + "/", "net::ERR_BLOCKED_BY_RESPONSE"), failed);
    } finally {
      site.stop(0);
    }
  }

  @Test
  void whereNothingIsKeptTheKeyStaysInTheAddressAndThePageSaysSo(Visitor visitor) {
    Page page = visitor.browse(new Browser.NewContextOptions());
    page.addInitScript("Storage.prototype.setItem = () => { throw new Error('refused'); };");
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator(".shared")).containsText("This browser keeps nothing.");
    String[] address = page.url().split("/", -1);
    assertEquals(43, address[address.length - 1].length());
    URI hook = URI.create(page.locator("#url").textContent());
    visitor.client().send(HttpRequest.newBuilder(hook).POST(BodyPublishers.ofString("kept")));
    Visitor.openRow(page, 1);
    assertTrue(page.url().endsWith("/1"), page.url());

    page.reload();

    assertThat(page.locator("#tab-panel pre")).hasText("kept");
  }

  private static void serve(HttpServer site, String path, String html) {
    byte[] body = utf8(html);
    site.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
