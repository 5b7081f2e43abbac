package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tool that decides what senders to a hook's second URL get. */
@ExtendWith(OnThePage.class)
final class PageResponse {
  @Test
  void aPresetIsSetFollowedStartedAgainAndRemoved(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Visitor.button(page, "Response").click();
    Locator dialog = page.locator("#response-tool");
    Locator next = dialog.locator("#response-next");
    assertThat(next).containsText("the plain response");
    String scripted = scripted(hook);
    assertThat(dialog.locator("code")).hasText(scripted);

    dialog.locator("#preset").selectOption("Fail 3 times, then 200");
    assertThat(next).containsText("Not set yet");
    assertThat(dialog).containsText("may switch its subscription off");
    assertEquals(200, send(visitor, scripted));
    dialog.getByText("Set", new Locator.GetByTextOptions().setExact(true)).click();
    assertThat(next).containsText("gets 503, and so do the 2 after it");
    assertEquals(503, send(visitor, scripted));
    // The page hears of it when it sees the request.
    assertThat(next).containsText("gets 503, and so does the one after it");

    Visitor.button(page, "Start again").click();
    assertThat(next).containsText("gets 503, and so do the 2 after it");
    for (int status : new int[] {503, 503, 503, 200}) {
      assertEquals(status, send(visitor, scripted));
    }
    Visitor.button(page, "Plain 200 again").click();
    assertThat(next).containsText("the plain response");
  }

  @Test
  void aStepIsWrittenInAForm(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Visitor.button(page, "Response").click();
    Locator form = page.locator("#step");
    form.locator("[name=status]").fill("503");
    form.locator("[name=end]").selectOption("times");
    form.locator("[name=times]").fill("1");
    form.locator("[name=headers]").fill("Retry-After");
    Visitor.button(page, "Add step").click();
    assertThat(page.locator("#response-tool [role=alert]"))
        .hasText("A header is written as name: value. “Retry-After” is not.");
    form.locator("[name=headers]").fill("Retry-After: 5");
    Visitor.button(page, "Add step").click();
    Locator steps = page.locator("#response-tool .steps li");
    assertThat(steps).hasText("503, for 1 request, Retry-After: 5");
    assertThat(page.locator("#response-tool")).containsText("Add a last step");
    form.locator("[name=end]").selectOption("all");
    form.locator("[name=status]").fill("202");
    form.locator("[name=body]").fill("later");
    form.locator("[name=type]").selectOption("text/plain");
    Visitor.button(page, "Add step").click();
    assertThat(steps.last()).hasText("202, with text/plain");
    assertThat(page.locator("#response-tool")).not().containsText("Add a last step");
    page.locator("#response-tool")
        .getByText("Set", new Locator.GetByTextOptions().setExact(true))
        .click();
    assertThat(page.locator("#response-next")).containsText("gets 503, the last time");
    assertEquals(503, send(visitor, scripted(hook)));
    assertEquals(202, send(visitor, scripted(hook)));
  }

  private static String scripted(Client.Hook hook) {
    return hook.url().toString().replace("/h/", "/s/");
  }

  private static int send(Visitor visitor, String url) {
    return visitor
        .client()
        .send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString("x")))
        .statusCode();
  }
}
