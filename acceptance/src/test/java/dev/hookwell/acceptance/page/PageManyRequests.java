package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Header;
import dev.hookwell.capture.HookCheck;
import dev.hookwell.capture.HookId;
import dev.hookwell.capture.HookKeys;
import dev.hookwell.capture.RequestHead;
import dev.hookwell.local.Client;
import dev.hookwell.store.CaptureWriter;
import dev.hookwell.store.Database;
import dev.hookwell.store.HookLimits;
import dev.hookwell.store.Retries;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Thousands of requests in one list: each action costs as much as with a few. */
@ExtendWith(OnThePage.class)
final class PageManyRequests {
  private static final int MANY = 5_000;
  private static final int BATCH = 500;

  private static final String COUNT_CHANGES =
      """
      () => {
        globalThis.changedRows = new Set();
        new MutationObserver((changes) => {
          for (const { target, addedNodes, removedNodes } of changes) {
            const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
            const row = element?.closest("#captures > li");
            if (row) changedRows.add(row);
            else for (const node of [...addedNodes, ...removedNodes]) changedRows.add(node);
          }
        }).observe(document.querySelector("#captures"), {
          attributes: true, childList: true, characterData: true, subtree: true,
        });
      }
      """;

  /** Milliseconds from a change of the filter to the frame that shows it. */
  private static final String FILTER =
      """
      async (words) => {
        const filter = document.querySelector("#filter");
        const start = performance.now();
        filter.value = words;
        filter.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        return performance.now() - start;
      }
      """;

  @Test
  void fiveThousandAreFilteredScrolledAndOpenedLikeFive(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    store(visitor, hook);
    // Ten lists of 500, one after the other: how long they take is not the point here.
    assertThat(page.locator(".trust"))
        .containsText(
            "5,000 requests, all shown",
            new LocatorAssertions.ContainsTextOptions().setTimeout(90_000));
    assertThat(page.locator("#captures > li")).hasCount(MANY);

    // The words of the newest 1,000 come after the rows.
    assertThat(Visitor.row(page, MANY - 999).locator(".row-title")).hasCount(1);
    page.evaluate("() => document.querySelector('.list-scroll').scrollTo(0, 1e9)");
    assertThat(Visitor.row(page, 1)).isInViewport();
    // They slid in, and do so no more when a filter shows them again.
    assertThat(page.locator("#captures .fresh")).hasCount(0);
    page.evaluate(COUNT_CHANGES);
    Visitor.openRow(page, 1);
    Visitor.openRow(page, 2);
    visitor.client().postKept(hook, "text/plain", new byte[] {'x'});
    assertThat(Visitor.row(page, MANY + 1)).hasCount(1);
    assertThat(Visitor.row(page, 2)).isInViewport();

    // The two that were opened, the one that was open before, and the new one.
    int changed = (int) page.evaluate("() => changedRows.size");
    assertTrue(changed <= 4, () -> changed + " rows were changed");
    report(page);
    page.locator("#filter").fill("/orders/4321");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(Visitor.rows(page)).containsText("/orders/4321");
    page.locator("#filter").fill("");
    assertThat(page.locator("#captures > li:not([hidden])")).hasCount(MANY + 1);
  }

  private static void report(Page page) {
    System.out.printf(
        Locale.ROOT,
        "%d rows: to one of them by the filter %.0f ms, back to all %.0f ms, to a tenth %.0f ms,"
            + " back %.0f ms%n",
        MANY,
        filter(page, "/orders/4321"),
        filter(page, ""),
        filter(page, "/orders/4"),
        filter(page, ""));
  }

  private static double filter(Page page, String words) {
    return ((Number) page.evaluate(FILTER, words)).doubleValue();
  }

  /** Straight into the database: sending them would take longer than looking at them. */
  private static void store(Visitor visitor, Client.Hook hook) {
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    CaptureIds ids = new CaptureIds(clock, random);
    HookId hookId = idOf(visitor, hook);
    // In the middle of an hour, so that their age in words stays the same meanwhile.
    Instant received = clock.instant().minusSeconds(9_000);
    try (Database database =
        new Database(
            visitor.system().ownDatabase().orElseThrow().databaseUrl(),
            Database.Settings.forFunction("page-test"),
            true)) {
      CaptureWriter writer =
          new CaptureWriter(
              database, HookLimits.DEFAULT, clock, new Retries(clock, random, Thread::sleep));
      for (int first = 1; first <= MANY; first += BATCH) {
        List<Capture> batch = new ArrayList<>();
        for (int number = first; number < first + BATCH; number++) {
          batch.add(capture(ids, hookId, received.plusMillis(number), number));
        }
        assertEquals(BATCH, writer.save(batch, clock.instant().plusSeconds(30)).size());
      }
    }
  }

  private static HookId idOf(Visitor visitor, Client.Hook hook) {
    HookCheck check = HookKeys.parse(visitor.keys().hookKeys()).check(hook.id(), Instant.now());
    return ((HookCheck.Valid) check).id();
  }

  private static Capture capture(CaptureIds ids, HookId hook, Instant received, int number) {
    return new Capture(
        ids.next(),
        hook,
        received,
        new RequestHead(
            "apigw-http-2.0",
            "POST",
            "/h/" + hook.text() + "/orders/" + number,
            "",
            "HTTP/1.1",
            "192.0.2.7",
            List.of(new Header("content-type", "application/json")),
            List.of()),
        CapturedBody.of(
            Body.copyOf("{\"order\":%d}".formatted(number).getBytes(StandardCharsets.UTF_8))),
        List.of());
  }
}
