package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Notes and pins, samples that are signed with the reader's secret, and the code for a phone. */
@ExtendWith(OnThePage.class)
final class PageMarks {
  @Test
  void aNoteAndAPinSurviveAReloadAndAreFound(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    keep(visitor, hook, 1);
    keep(visitor, hook, 2);
    Visitor.openRow(page, 1);
    assertThat(page.locator("#tab-panel pre")).hasText("number 1");

    page.keyboard().press("n");
    page.locator("#note").fill("failed <b>twice</b>");
    page.locator("#note").press("Enter");
    page.keyboard().press("p");
    Visitor.awaitTold(page, "Pinned, in this browser only. is:pinned in the filter finds it.");
    page.reload();

    assertThat(page.locator(".own-note")).hasText("failed <b>twice</b>");
    assertThat(Visitor.button(page, "Pin this request")).hasAttribute("aria-pressed", "true");
    assertThat(Visitor.row(page, 1)).containsText("failed <b>twice</b>");
    assertThat(Visitor.row(page, 1).locator(".row-pin")).hasCount(1);
    assertThat(Visitor.row(page, 2).locator(".row-pin, .row-note")).hasCount(0);
    for (String filter : List.of("TWICE", "is:pinned", "is:noted")) {
      page.locator("#filter").fill(filter);
      assertThat(Visitor.rows(page)).hasCount(1);
      assertThat(Visitor.row(page, 1)).isVisible();
    }
    page.locator("#filter").fill("");
    Visitor.button(page, "Change the note").click();
    page.locator("#note").fill("not this");
    page.locator("#note").press("Escape");
    assertThat(page.locator(".own-note")).hasText("failed <b>twice</b>");
    assertTrue(visitor.requests().stream().noneMatch(request -> request.contains("twice")));

    Visitor.button(page, "My URLs").click();
    Visitor.button(page, "Forget " + hook.id().substring(36)).click();
    assertFalse(
        ((String) page.evaluate("() => JSON.stringify(localStorage)")).contains("hookwell.marks"));
  }

  @Test
  void aNoteThatIsBeingWrittenIsLeftAloneByArrivalsAndStaysWithItsRequest(Visitor visitor) {
    Client.Hook other = visitor.client().createHook();
    keep(visitor, other, 1);
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    keep(visitor, hook, 1);
    assertThat(page.locator("#tab-panel pre")).hasText("number 1");
    page.keyboard().press("n");
    page.locator("#note").pressSequentially("half a ");

    keep(visitor, hook, 2);
    assertThat(Visitor.row(page, 2)).isVisible();
    page.keyboard().type("thought");

    assertThat(page.locator("#note")).hasValue("half a thought");
    String address = page.url();
    page.navigate(visitor.link(other) + "/1");
    assertThat(page.locator("#url")).hasText(other.url().toString());
    assertThat(page.locator("#tab-panel pre")).hasText("number 1");
    assertThat(page.locator("#note")).hasCount(0);
    page.navigate(address);
    assertThat(page.locator("#note")).hasValue("half a thought");
    page.locator("#note").press("Enter");
    assertThat(page.locator(".own-note")).hasText("half a thought");
  }

  @Test
  void aDeletedRequestLeavesNoNote(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    keep(visitor, hook, 1);
    Visitor.openRow(page, 1);
    page.keyboard().press("n");
    page.locator("#note").fill("gone with it");
    page.locator("#note").press("Enter");
    assertThat(page.locator(".own-note")).isVisible();

    Visitor.button(page, "Delete").click();

    page.waitForFunction("() => !JSON.stringify(localStorage).includes('gone with it')");
  }

  @Test
  void aSampleThatIsSignedWithTheReadersSecretIsFoundToFit(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    int seq = 0;
    for (String sample : List.of("GitHub push", "Stripe event", "Slack command")) {
      Visitor.button(page, "More").click();
      page.locator("#more").getByText("Send a sample event …").click();
      page.locator("#sample-tool").getByText(sample).click();
      page.locator("#sample-secret").fill("whsec_of my own");
      Visitor.button(page, "Send").click();

      seq++;
      assertThat(Visitor.row(page, seq).locator(".row-verdict.good")).hasCount(1);
      assertThat(page.locator(".detail-head")).containsText("#" + seq);
      assertThat(Visitor.tab(page, "Signature").locator(".verdict"))
          .containsText("The signature fits.");
    }
    assertThat(Visitor.row(page, 1)).containsText("push");
    assertThat(Visitor.row(page, 2)).containsText("invoice.payment_failed");
    assertThat(Visitor.row(page, 3)).containsText("/deploy");
    page.locator("#secret").fill("another");
    assertThat(page.locator(".verdict")).containsText("does not fit");
    assertFalse(
        ((String) page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])"))
            .contains("of my own"));
    assertEquals(3, visitor.client().await(hook, 3).size());
  }

  @Test
  void aSampleThatIsSentBeforeAnythingCanShowItIsCheckedToo(Visitor visitor) {
    Page page = visitor.browse(new Browser.NewContextOptions());
    Queue<Route> held = new ConcurrentLinkedQueue<>();
    page.route("**/inspector.js", held::add);
    page.navigate(visitor.origin() + "/");
    Visitor.button(page, "More").click();
    page.locator("#more").getByText("Send a sample event …").click();
    page.locator("#sample-secret").fill("whsec_of my own");
    Visitor.button(page, "Send").click();
    assertThat(page.locator("#sample-tool")).not().isVisible();
    page.waitForCondition(() -> !held.isEmpty());

    page.unroute("**/inspector.js");
    held.forEach(Route::resume);

    assertThat(Visitor.row(page, 1).locator(".row-verdict.good")).hasCount(1);
  }

  @Test
  void theCodeForAPhoneHoldsTheUrlOrTheLink(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    int before = visitor.requests().size();
    Visitor.button(page, "More").click();
    page.locator("#more").getByText("QR code …").click();
    assertThat(page.locator("#qr-tool .qr")).isVisible();
    assertTrue(
        visitor.requests().subList(before, visitor.requests().size()).stream()
            .anyMatch(request -> request.endsWith("/qr.js")),
        "it is loaded when somebody asks for it");
    assertEquals(path(page, hook.url().toString()), drawn(page));

    Visitor.button(page, "Link, to read").click();

    assertThat(page.locator("#qr-tool")).containsText("reads all requests of this URL");
    assertEquals(path(page, visitor.link(hook)), drawn(page));
  }

  /** Which modules of the code are dark, by its own path. */
  private static Object drawn(Page page) {
    return page.locator("#qr-tool .qr path")
        .evaluate("path => path.getAttribute('d').match(/M\\d+ \\d+/g).join(' ')");
  }

  /** The drawing that a code of this text must have; qr.test.mjs reads such codes back. */
  private static Object path(Page page, String text) {
    return page.evaluate(
        """
        async text => {
          const script = document.querySelector("script[type=module]").src;
          const { qrCode } = await import(script.replace("app.js", "qr.js"));
          return qrCode(text).map((row, y) => row.map((dark, x) => dark ? `M${x + 4} ${y + 4} ` : "").join("")).join("").trim();
        }
        """,
        text);
  }

  private static void keep(Visitor visitor, Client.Hook hook, int seq) {
    byte[] body = ("number " + seq).getBytes(StandardCharsets.UTF_8);
    visitor.client().postKept(hook, "text/plain", body);
    visitor.client().await(hook, seq);
  }
}
