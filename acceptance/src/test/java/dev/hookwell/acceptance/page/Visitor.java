package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.ReaderKeys;
import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.folder.LocalKeys;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A visitor of the page with a new browser; every tab is watched. */
final class Visitor implements AutoCloseable {
  /** Captures show within seconds; a loaded machine gets some more. */
  static final double PATIENCE_MILLIS = 20_000;

  private static final String TELL_VIOLATIONS =
      """
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error("CSP violation:", event.violatedDirective, event.blockedURI, event.sample);
      });
      """;

  /** Records messages that the page shows for some seconds only, which a check could miss. */
  private static final String NOTE_WHAT_IS_TOLD =
      """
      globalThis.told = [];
      new MutationObserver(() => {
        for (const { textContent } of document.querySelectorAll(".toast, .swap > :not([hidden])")) {
          if (textContent && !told.includes(textContent)) told.push(textContent);
        }
      }).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["hidden"] });
      """;

  /** The browser's own message when a response is an error or there is none. */
  private static final Pattern FAILED_LOAD =
      Pattern.compile("Failed to load resource: .*", Pattern.DOTALL);

  private final PageStage stage;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> forbidden = new ArrayList<>();
  private boolean failedLoadsExpected;

  Visitor(PageStage stage) {
    this.stage = stage;
  }

  LocalKeys keys() {
    return stage.keys();
  }

  LocalSystem system() {
    return stage.system();
  }

  /** Where a body lies that is too large for a message. */
  Path object(Client.Hook hook, String captureId) {
    return stage.object(hook, captureId);
  }

  Client client() {
    return stage.client();
  }

  String origin() {
    String address = stage.system().address().toString();
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  /** A browser that has never seen the page, with an empty tab. */
  Page browse(Browser.NewContextOptions options) {
    BrowserContext context = stage.chromium().browser().newContext(options);
    contexts.add(context);
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.grantPermissions(
        List.of("clipboard-read", "clipboard-write"),
        new BrowserContext.GrantPermissionsOptions().setOrigin(origin()));
    context.addInitScript(TELL_VIOLATIONS);
    context.addInitScript(NOTE_WHAT_IS_TOLD);
    context.onPage(this::watch);
    context.onRequest(request -> {
      requests.add(request.method() + " " + request.url());
      String url = request.url();
      if (!url.startsWith(origin() + "/") && !url.startsWith("blob:" + origin() + "/")) {
        forbidden.add("a request to another origin: " + url);
      }
    });
    context.onConsoleMessage(this::heard);
    context.onWebError(error -> forbidden.add("an error of the page: " + error.error()));
    context.onDialog(dialog -> {
      forbidden.add("a dialog: " + dialog.message());
      dialog.dismiss();
    });
    return context.newPage();
  }

  /** A page of another site, on which anything is allowed. */
  Page elsewhere() {
    BrowserContext context = stage.chromium().browser().newContext();
    contexts.add(context);
    return context.newPage();
  }

  /** A tab that can be hidden, in a browser that is shared with other tests. */
  BareTab bareTab(String address) {
    return BareTab.open(stage.chromium().browser(), address);
  }

  private void watch(Page page) {
    pages.add(page);
    page.setDefaultTimeout(PATIENCE_MILLIS);
  }

  private void heard(ConsoleMessage message) {
    boolean bad = message.type().equals("error") || message.type().equals("warning");
    if (!bad || (failedLoadsExpected && FAILED_LOAD.matcher(message.text()).matches())) {
      return;
    }
    forbidden.add("on the console: " + message.text());
  }

  /** From now on answers may be errors, which a browser writes to the console by itself. */
  void expectFailedLoads() {
    failedLoadsExpected = true;
  }

  /** The first page of this visitor, opened: it has made its hook. */
  Page open() {
    return open(new Browser.NewContextOptions());
  }

  Page open(Browser.NewContextOptions options) {
    Page page = browse(options);
    page.navigate(origin() + "/");
    assertThat(page.locator("#url")).containsText("/h/");
    return page;
  }

  /** The page opened by the link that shares a hook. */
  Page open(Client.Hook hook) {
    Page page = browse(new Browser.NewContextOptions());
    page.navigate(link(hook));
    assertThat(page.locator("#url")).hasText(hook.url().toString());
    return page;
  }

  /** A hook that has expired, with its view key. */
  Client.Hook expired() {
    HookId ended =
        HookKeys.parse(keys().hookKeys())
            .issue(Instant.now().minus(Duration.ofDays(2)), new SecureRandom());
    URI url = URI.create(origin() + "/h/" + ended.text());
    String viewKey = ReaderKeys.parse(keys().readerKeys()).viewKey(ended);
    return new Client.Hook(ended.text(), url, url, viewKey, "");
  }

  /** Sets the hook's script, as its owner does without the page. */
  void script(Client.Hook hook, String steps) {
    int status =
        client()
            .send(
                HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/response"))
                    .header("authorization", "Bearer " + hook.ownerKey())
                    .header("content-type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"steps\":[" + steps + "]}")))
            .statusCode();
    assertEquals(200, status);
  }

  String link(Client.Hook hook) {
    return origin() + "/#/" + hook.id() + "/" + hook.viewKey();
  }

  /**
   * The hook that this browser opened last, with its keys, as soon as the server has described it.
   */
  Client.Hook hookOf(Page page) {
    page.waitForFunction("() => JSON.parse(localStorage.getItem('hookwell.hooks'))?.[0]?.url");
    JsonNode hook =
        Client.json((String) page.evaluate("() => localStorage.getItem('hookwell.hooks')")).get(0);
    String id = hook.get("id").textValue();
    return new Client.Hook(
        id,
        URI.create(hook.get("url").textValue()),
        URI.create(origin() + "/api/hooks/" + id),
        hook.get("viewKey").textValue(),
        hook.path("ownerKey").asText());
  }

  /** The rows of the list, newest first. */
  static Locator rows(Page page) {
    return page.locator("#captures > li:visible");
  }

  static Locator row(Page page, long seq) {
    return page.locator("#captures a[href$='/" + seq + "']");
  }

  /**
   * Opens a capture from the list and waits for it. Not by assertions: one on an element that is
   * not there yet describes the whole page for its message, and that takes a minute with thousands
   * of rows.
   */
  static void openRow(Page page, long seq) {
    row(page, seq).waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
    if (row(page, seq).isVisible()) {
      row(page, seq).click();
    } else {
      // It stands behind a later delivery of the same: its address opens it.
      row(page, seq).evaluate("link => { location.hash = link.hash; }");
    }
    // As a whole: #12 is not #1.
    Pattern number = Pattern.compile("#" + seq + "\\b");
    page.locator(".detail-head").filter(new Locator.FilterOptions().setHasText(number)).waitFor();
    page.locator(".tabs").waitFor();
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** Shows a tab of the open capture. */
  static Locator tab(Page page, String name) {
    String id = "tab-" + name.toLowerCase(Locale.ROOT);
    page.locator("#" + id).click();
    Locator panel = page.locator("#tab-panel");
    assertThat(panel).hasAttribute("aria-labelledby", id);
    return panel;
  }

  /** All tabs, as an address names them: a test that goes through them holds the next one too. */
  @SuppressWarnings("unchecked")
  static List<String> tabs(Page page) {
    page.locator(".tabs").waitFor();
    return (List<String>)
        page.locator(".tabs button")
            .evaluateAll("buttons => buttons.map(({ id }) => id.replace('tab-', ''))");
  }

  static String clipboard(Page page) {
    return (String) page.evaluate("() => navigator.clipboard.readText()");
  }

  /** The text that an action copies. */
  static String copied(Page page, Runnable action) {
    page.evaluate("() => navigator.clipboard.writeText('')");
    action.run();
    page.waitForCondition(() -> !clipboard(page).isEmpty());
    return clipboard(page);
  }

  /**
   * Waits until the page has shown the message since it was loaded; it need not be there any more.
   */
  static void awaitTold(Page page, String text) {
    page.waitForFunction("text => told.includes(text)", text);
  }

  /** The value beside a name in a table of pairs. */
  static Locator pair(Locator panel, String name) {
    Locator names =
        panel
            .page()
            .getByRole(
                AriaRole.ROWHEADER, new Page.GetByRoleOptions().setName(name).setExact(true));
    return panel
        .locator("tr")
        .filter(new Locator.FilterOptions().setHas(names))
        .locator("td")
        .first();
  }

  /** The requests of all pages so far, as method and address. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** No console error, no error, no violation, no dialog, no request to another origin. */
  void assertNothingForbiddenHappened() {
    // All messages that the browser has already sent are handled before this returns.
    for (Page page : pages) {
      if (!page.isClosed()) {
        page.evaluate("() => 0");
      }
    }
    assertEquals(List.of(), forbidden);
  }

  @Override
  public void close() {
    contexts.forEach(BrowserContext::close);
  }
}
