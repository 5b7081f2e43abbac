package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page's marks on handshakes: answered, to be done, or not passed. */
@ExtendWith(OnThePage.class)
final class PageHandshakes {
  private static final String NOTION_TOKEN = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl";
  private static final String ASANA_SECRET = "b537207f20cbfa02357cf448134da559";

  @Test
  void rowAndDetailNameTheHandshakeThatWasAnswered(Visitor visitor) {
    Page page = visitor.open();
    send(
        visitor,
        post(
            visitor.hookOf(page),
            "{\"token\":\"t\",\"challenge\":\"c1\",\"type\":\"url_verification\"}"));

    assertThat(Visitor.row(page, 1)).containsText("slack handshake");
    Visitor.openRow(page, 1);

    assertThat(page.locator(".detail-note"))
        .hasText("Slack’s and Feishu’s test: it got back its challenge as JSON. Status 200.");
  }

  @Test
  void aLinkToVisitIsTextToCopyAndItsHostIsChecked(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    String link =
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37";
    send(visitor, subscription(hook, link));
    visitor.client().await(hook, 1);
    send(visitor, subscription(hook, "https://amazonaws.com.example.org/?Token=2336412f37"));

    Visitor.openRow(page, 1);
    Locator todo = page.locator(".todo");
    assertThat(todo).containsText("Amazon SNS waits for you to confirm");
    assertThat(todo).containsText("It leads to sns.eu-west-1.amazonaws.com.");
    assertThat(todo.locator("a")).hasCount(0);
    assertEquals(
        link, Visitor.copied(page, () -> Visitor.button(page, "Copy link").last().click()));
    Visitor.openRow(page, 2);
    assertThat(todo)
        .containsText(
            "It leads to amazonaws.com.example.org, which is not amazonaws.com: do not open it.");
  }

  @Test
  void aTokenThatSignsIsShownOnDemand(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    send(visitor, post(hook, "{\"verification_token\":\"" + NOTION_TOKEN + "\"}"));
    Visitor.openRow(page, 1);

    assertThat(page.locator(".todo")).containsText("Notion sent its verification token");
    assertThat(page.locator(".curtain")).isVisible();
    Visitor.tab(page, "Raw");
    assertNowhere(page, NOTION_TOKEN);
    Visitor.tab(page, "Body");
    assertNowhere(page, NOTION_TOKEN);
    Visitor.button(page, "Show it").click();

    assertThat(page.locator("#tab-panel pre")).containsText(NOTION_TOKEN);
    assertThat(page.locator(".todo code")).hasText(NOTION_TOKEN);
  }

  @Test
  void asanasSecretIsShownOnDemand(Visitor visitor) {
    Page page = visitor.open();
    send(visitor, post(visitor.hookOf(page), "{}").header("x-hook-secret", ASANA_SECRET));
    Visitor.openRow(page, 1);

    assertThat(page.locator("#tab-panel pre")).hasText("{}");
    Visitor.tab(page, "Headers");
    assertNowhere(page, ASANA_SECRET);
    Visitor.button(page, "Show it").click();

    assertThat(Visitor.pair(page.locator("#tab-panel"), "x-hook-secret")).hasText(ASANA_SECRET);
  }

  @Test
  void aTestThatNeedsASecretIsSaidToHaveFailed(Visitor visitor) {
    Page page = visitor.open();
    send(
        visitor,
        post(
            visitor.hookOf(page),
            "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"plain-91ab\"}}"));
    Visitor.openRow(page, 1);

    assertThat(page.locator(".todo"))
        .containsText("This looks like Zoom’s test of the URL, and it did not pass");
    assertThat(page.locator(".todo")).containsText("this hook cannot pass by itself");
  }

  private static void assertNowhere(Page page, String secret) {
    assertThat(page.locator(".curtain")).isVisible();
    assertFalse(page.content().contains(secret));
  }

  private static HttpRequest.Builder subscription(Client.Hook hook, String link) {
    return HttpRequest.newBuilder(hook.url())
        .header("content-type", "text/plain; charset=UTF-8")
        .header("x-amz-sns-message-type", "SubscriptionConfirmation")
        .POST(
            BodyPublishers.ofString(
                "{\"Type\":\"SubscriptionConfirmation\",\"SubscribeURL\":\"" + link + "\"}"));
  }

  private static HttpRequest.Builder post(Client.Hook hook, String json) {
    return HttpRequest.newBuilder(URI.create(hook.url() + "/check"))
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  private static void send(Visitor visitor, HttpRequest.Builder request) {
    assertEquals(200, visitor.client().send(request).statusCode());
  }
}
