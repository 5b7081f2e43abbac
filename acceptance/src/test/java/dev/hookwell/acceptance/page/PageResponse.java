package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.postgres.LocalDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The tool that sets the responses of a hook's second URL. */
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
    assertThat(form).hasCSS("text-indent", "0px");
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

  /** Only the last step is for all requests, so those that end go before it. */
  @Test
  void aStepIsAddedToThoseThatAreSetAndAnotherIsTakenAway(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.script(hook, "{\"status\":503,\"times\":1},{\"status\":201}");
    Visitor.button(page, "Response").click();
    Locator dialog = page.locator("#response-tool");
    Locator steps = dialog.locator(".steps li");
    assertThat(steps).hasCount(2);
    assertThat(dialog).containsText("Failing ends by itself");
    assertThat(dialog.locator(".detail-note.warn")).containsText("GitLab pauses after 4");
    Locator form = page.locator("#step");
    form.locator("[name=status]").fill("429");
    form.locator("[name=end]").selectOption("times");
    form.locator("[name=times]").fill("1");
    Visitor.button(page, "Add step").click();
    assertThat(steps.nth(1)).containsText("429, for 1 request");
    assertThat(steps.nth(2)).containsText("201");
    Visitor.button(page, "Remove step 1").click();
    assertThat(steps).hasCount(2);

    // Unsaved steps stay while the dialog is closed.
    Visitor.button(page, "Close").click();
    Visitor.button(page, "Response").click();
    assertThat(steps.first()).containsText("429, for 1 request");
    dialog.getByText("Set", new Locator.GetByTextOptions().setExact(true)).click();
    assertThat(page.locator("#response-next")).containsText("gets 429, the last time");
    assertEquals(429, send(visitor, scripted(hook)));
    assertEquals(201, send(visitor, scripted(hook)));
  }

  @Test
  void testsOfTheUrlArePassedAsStravaWantsItOrNotAtAll(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Visitor.button(page, "Response").click();
    Locator dialog = page.locator("#response-tool");
    Locator tests = dialog.locator("#handshakes");
    Locator set = dialog.getByText("Set", new Locator.GetByTextOptions().setExact(true));

    tests.selectOption("are passed, Meta’s as Strava wants it");
    assertThat(dialog.locator(".steps li")).hasText("200");
    set.click();
    assertThat(page.locator("#response-next")).containsText("gets 200");
    assertEquals("{\"hub.challenge\":\"c1\"}", handshake(visitor, hook));
    tests.selectOption("get the steps, as all requests");
    set.click();
    assertThat(set).hasCount(0);
    assertEquals("", handshake(visitor, hook));
    Page guest = visitor.open(hook);
    Visitor.button(guest, "Response").click();
    assertThat(guest.locator("#response-tool"))
        .containsText("Tests of the URL get the steps, as all requests.");
  }

  private static String handshake(Visitor visitor, Client.Hook hook) {
    URI url = URI.create(scripted(hook) + "?hub.mode=subscribe&hub.challenge=c1");
    return visitor.client().send(HttpRequest.newBuilder(url)).body();
  }

  @Test
  void rowAndDetailTellWhatAScriptSentBackAndThatItCouldNotBeRead(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.script(hook, "{\"status\":503,\"times\":1},{\"status\":200,\"body\":\"ok\"}");
    assertEquals(503, send(visitor, scripted(hook) + "/orders"));
    visitor.client().await(hook, 1);
    assertEquals(200, send(visitor, scripted(hook)));
    visitor.client().await(hook, 2);
    assertThat(Visitor.row(page, 1).locator(".row-response")).hasText("503");
    assertThat(Visitor.row(page, 2).locator(".row-response")).hasText("scripted 200");
    // The hook's id is left out, as it is of the other URL.
    assertThat(Visitor.row(page, 1).locator(".row-path")).hasText("/orders");
    Visitor.openRow(page, 1);
    assertThat(page.locator(".detail-note"))
        .hasText("The sender got 503, as step 1 of the script says it.");

    LocalDatabase database = visitor.system().ownDatabase().orElseThrow();
    database.stopServer();
    try {
      assertEquals(200, send(visitor, scripted(hook)));
    } finally {
      database.startServer();
    }
    Visitor.openRow(page, 3);
    assertThat(page.locator(".detail-note").last())
        .containsText("could not be read within a second");
  }

  @Test
  void whoMayOnlyLookSeesWhatIsSetAndNothingToChangeIt(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    visitor.script(hook, "{\"status\":503,\"times\":3},{\"status\":200}");
    Page page = visitor.open(hook);
    Visitor.button(page, "Response").click();

    Locator dialog = page.locator("#response-tool");
    assertThat(dialog.locator("#response-next")).containsText("gets 503, and so do the 2 after it");
    assertThat(dialog.locator(".steps li")).hasText(new String[] {"503, for 3 requests", "200"});
    assertThat(dialog).containsText("Opened with a view-only link: only the owner changes");
    assertThat(dialog.locator("select, input, textarea")).hasCount(0);
    assertThat(dialog.getByText("Start again")).hasCount(0);
    assertThat(dialog.locator(".steps button")).hasCount(0);
  }

  @Test
  void offlineNothingThatWasWrittenIsLost(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Visitor.button(page, "Response").click();
    Locator dialog = page.locator("#response-tool");
    Locator set = dialog.getByText("Set", new Locator.GetByTextOptions().setExact(true));
    dialog.locator("#preset").selectOption("410");

    page.context().setOffline(true);
    set.click();
    assertThat(dialog.locator("[role=alert]"))
        .hasText("The server could not be reached. Try again.");
    assertThat(dialog.locator("#response-next")).containsText("Not set yet");
    page.context().setOffline(false);
    set.click();

    assertThat(dialog.locator("#response-next")).containsText("gets 410");
    assertThat(dialog.locator("[role=alert]")).isEmpty();
    assertEquals(410, send(visitor, scripted(hook)));
  }

  @Test
  void offlineItSaysSoAndAsksAgainWhenItIsOpenedAgain(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Visitor.button(page, "Response").click();
    Locator dialog = page.locator("#response-tool");
    assertThat(dialog.locator("#response-next")).containsText("the plain response");
    Visitor.button(page, "Close").click();
    page.context().setOffline(true);
    Visitor.button(page, "Response").click();
    assertThat(dialog.locator("[role=alert]")).containsText("could not be reached");
    Visitor.button(page, "Close").click();
    page.context().setOffline(false);
    Visitor.button(page, "Response").click();

    assertThat(dialog.locator("[role=alert]")).isEmpty();
  }

  @Test
  void anExpiredHookOffersNoResponses(Visitor visitor) {
    visitor.expectFailedLoads();

    Page page = visitor.open(visitor.expired());

    assertThat(page.locator(".status")).containsText("Expired");
    assertThat(Visitor.button(page, "Response")).hasCount(0);
  }

  @Test
  void aHookThatEndsWhileItsResponsesAreWrittenSaysSo(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Visitor.button(page, "Response").click();
    Locator dialog = page.locator("#response-tool");
    dialog.locator("#preset").selectOption("410");
    assertEquals(
        204,
        visitor
            .client()
            .send(
                HttpRequest.newBuilder(hook.apiUrl())
                    .header("authorization", "Bearer " + hook.ownerKey())
                    .DELETE())
            .statusCode());

    dialog.getByText("Set", new Locator.GetByTextOptions().setExact(true)).click();

    assertThat(dialog.locator("[role=alert]")).containsText("deleted");
  }

  @Test
  void anOperatorWithoutScriptsIsNamed(Visitor visitor, @TempDir Path data) {
    LocalSystem.Settings settings =
        new LocalSystem.Settings(
            0, data, Optional.empty(), false, false, Map.of("RESPONSE_SCRIPTS", "off"));
    try (LocalSystem without = LocalSystem.start(settings)) {
      Page page = visitor.elsewhere();
      page.navigate(without.address().toString());
      assertThat(page.locator("#url")).containsText("/h/");

      Visitor.button(page, "Response").click();

      assertThat(page.locator("#response-tool [role=alert]"))
          .hasText("The operator's setting RESPONSE_SCRIPTS is off.");
      assertThat(page.locator("#response-tool #preset")).hasCount(0);
    }
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
