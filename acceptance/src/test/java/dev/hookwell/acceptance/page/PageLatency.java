package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How soon the first request shows where the way to the server is long. It prints figures. */
@ExtendWith(OnThePage.class)
final class PageLatency {
  private static final int LATENCY_MILLIS = 500;

  @Test
  void theFirstRowNeedsNoMoreThanWhatIsThere(Visitor visitor) {
    Page page = visitor.browse(new Browser.NewContextOptions());
    CDPSession browser = page.context().newCDPSession(page);
    browser.send("Network.enable");
    browser.send("Network.emulateNetworkConditions", slow());
    long opened = System.nanoTime();
    page.navigate(visitor.origin() + "/");
    assertThat(page.locator("#url")).containsText("/h/");
    long shown = System.nanoTime();
    Client.Hook hook = visitor.hookOf(page);

    long sent = System.nanoTime();
    visitor
        .client()
        .postKept(hook, "application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    Visitor.row(page, 1).waitFor();

    System.out.printf(
        Locale.ROOT,
        "At %d ms of latency the URL stood after %.1f s, and the first row %.1f s after it was sent.%n",
        LATENCY_MILLIS,
        seconds(shown - opened),
        seconds(System.nanoTime() - sent));
  }

  private static JsonObject slow() {
    JsonObject conditions = new JsonObject();
    conditions.addProperty("offline", false);
    conditions.addProperty("latency", LATENCY_MILLIS);
    conditions.addProperty("downloadThroughput", -1);
    conditions.addProperty("uploadThroughput", -1);
    return conditions;
  }

  private static double seconds(long nanos) {
    return Duration.ofNanos(nanos).toMillis() / 1_000.0;
  }
}
