package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Takes the README's pictures. It is in no suite: CONTRIBUTING says how to run it. */
@ExtendWith(OnThePage.class)
final class PagePictures {
  private static final Path IMAGES = Path.of("..", "docs", "images");
  private static final int GITHUB_PUSH = 6;

  @Test
  void ofADesktopInTheLight(Visitor visitor) throws IOException {
    take(
        visitor,
        new Browser.NewContextOptions()
            .setViewportSize(1280, 860)
            .setDeviceScaleFactor(1.25)
            .setColorScheme(ColorScheme.LIGHT),
        "page-light.png");
  }

  @Test
  void ofAPhoneInTheDark(Visitor visitor) throws IOException {
    take(
        visitor,
        new Browser.NewContextOptions()
            .setViewportSize(390, 844)
            .setDeviceScaleFactor(2)
            .setIsMobile(true)
            .setHasTouch(true)
            .setColorScheme(ColorScheme.DARK),
        "page-dark-phone.png");
  }

  private static void take(Visitor visitor, Browser.NewContextOptions options, String name)
      throws IOException {
    Client client = visitor.client();
    Page page = visitor.open(options);
    Client.Hook hook = visitor.hookOf(page);
    List<HttpRequest.Builder> requests = requests(hook);
    for (int i = 0; i < requests.size(); i++) {
      // One after the other, so that their order is theirs.
      client.send(requests.get(i));
      client.await(hook, i + 1);
    }

    assertThat(Visitor.rows(page)).hasCount(requests.size());
    assertThat(page.locator(".status.live")).isVisible();
    Visitor.openRow(page, GITHUB_PUSH);
    assertThat(page.locator("#tab-panel pre")).containsText("\"refs/heads/main\"");
    page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve(name)));
  }

  private static List<HttpRequest.Builder> requests(Client.Hook hook) throws IOException {
    return List.of(
        request(hook, "/stock/4711?warehouse=north", "curl/8.14.1")
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString("{\"sku\":\"4711\",\"left\":12}")),
        request(hook, "/contact", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0)")
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("name=Ada+Lovelace&topic=Order+10017&message=Thanks%21")),
        request(hook, "/health?from=uptime", "UptimeProbe/2.3").GET(),
        request(hook, "/shopify", "Shopify-Captain-Hook")
            .header("content-type", "application/json")
            .header("x-shopify-topic", "orders/create")
            .header("x-shopify-hmac-sha256", "vZ1l2zJ0m3Yf4Qk5Xw6Rb7Tn8Us9Vo0Wp1Xq2Yr3Zs4=")
            .header("x-shopify-webhook-id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")
            .POST(BodyPublishers.ofString("{\"id\":820982911946154508,\"total_price\":\"42.00\"}")),
        request(hook, "/stripe", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header("content-type", "application/json; charset=utf-8")
            .header(
                "stripe-signature",
                "t=1795510867,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd")
            .POST(BodyPublishers.ofString(resource("stripe-event.json"))),
        request(hook, "/github", "GitHub-Hookshot/8f2f4c1")
            .header("content-type", "application/json")
            .header("x-github-event", "push")
            .header("x-github-delivery", "5f3c5e80-c923-11f0-9a8b-6d2f1e0c7b42")
            .header("x-github-hook-id", "451234567")
            .header(
                "x-hub-signature-256",
                "sha256=2d5ef1b1ad0a9b2c7c7b2f1e6b9a3f0d5c4e8a7b6f1d2c3e4a5b6c7d8e9f0a1b")
            .POST(BodyPublishers.ofString(resource("github-push.json"))),
        request(hook, "/subscriptions/81", "orders-service/4.2").DELETE());
  }

  private static HttpRequest.Builder request(Client.Hook hook, String tail, String sender) {
    return HttpRequest.newBuilder(URI.create(hook.url() + tail)).header("user-agent", sender);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PagePictures.class.getResourceAsStream("/pictures/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
