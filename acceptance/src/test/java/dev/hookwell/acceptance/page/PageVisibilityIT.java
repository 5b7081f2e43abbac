package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How long it takes from a sender's 200 to a row that can be seen, in real time: the browser notes
 * when it has drawn each row, by the same clock by which the sender notes its response. That time
 * depends on the machine, and is printed. On any machine a page's first check after a capture can
 * be read must show it. How often a page checks is held by {@code poller.test.mjs}.
 */
@Tag("long")
@EnabledIfSystemProperty(
    named = "hookwell.visibility",
    matches = "true",
    disabledReason = "takes three minutes: run by hand, see docs/benchmarks.md")
@ExtendWith(OnThePage.class)
final class PageVisibilityIT {
  private static final int ACTIVE_PAGES = 6;
  private static final int ACTIVE_ROUNDS = 10;
  private static final int ACTIVE_MILLIS = 1_000;
  private static final int IDLE_PAGES = 30;

  /** After 30 s in which nothing happened a page counts as idle. */
  private static final int IDLE_AFTER_MILLIS = 33_000;

  private static final int STEADY_MILLIS = 10_000;

  private static final String NOTE_ROWS =
      """
      () => {
        globalThis.shownAt = {};
        globalThis.drawnAt = {};
        const note = () => {
          for (const link of document.querySelectorAll("#captures a")) {
            const seq = link.hash.split("/").at(-1);
            if (!(seq in drawnAt) && link.checkVisibility()) {
              drawnAt[seq] = 0;
              shownAt[seq] = Date.now();
              // After the frame that shows it.
              requestAnimationFrame(() => setTimeout(() => { drawnAt[seq] = Date.now(); }));
            }
          }
        };
        new MutationObserver(note).observe(document.querySelector("#app"), { childList: true, subtree: true });
      }
      """;

  /**
   * How many checks began after a time and ended before a row was there. The question for the words
   * of rows is no check.
   */
  private static final String CHECKS_WITHOUT =
      """
      ([seq, since]) => performance.getEntriesByType("resource")
        .filter(({ name }) => name.includes("/captures?") && !name.includes("include="))
        .map(({ startTime, responseEnd }) => [performance.timeOrigin + startTime, performance.timeOrigin + responseEnd])
        .filter(([began, ended]) => began > since && ended < shownAt[seq]).length
      """;

  /** Not the same at every run, so that no rhythm of the page's is hit by design. */
  private final Random random = new Random();

  /**
   * The outcome of a request.
   *
   * @param delay from the sender's 200 to the drawn row, in milliseconds
   * @param checks of the page from when the capture could be read until it was shown
   */
  private record Seen(long delay, int checks) {}

  @Test
  void whileSomethingHappensTheNextCheckShowsARow(Visitor visitor) throws Exception {
    Map<Page, Client.Hook> pages = open(visitor, ACTIVE_PAGES);
    List<Seen> seen = new ArrayList<>();
    for (int seq = 1; seq <= ACTIVE_ROUNDS; seq++) {
      seen.addAll(round(visitor, pages, seq, ACTIVE_MILLIS));
    }

    assertShownByTheNextCheck("active", seen);
  }

  @Test
  void onAnIdlePageTheNextCheckShowsARow(Visitor visitor) throws Exception {
    Map<Page, Client.Hook> pages = open(visitor, IDLE_PAGES);
    Thread.sleep(IDLE_AFTER_MILLIS);
    for (Page page : pages.keySet()) {
      assertThat(page.locator(".status")).containsText("next check in");
    }
    // All over the time between two checks.
    assertShownByTheNextCheck("idle", round(visitor, pages, 1, STEADY_MILLIS));
  }

  private static Map<Page, Client.Hook> open(Visitor visitor, int pages) {
    Map<Page, Client.Hook> opened = new LinkedHashMap<>();
    for (int i = 0; i < pages; i++) {
      Client.Hook hook = visitor.client().createHook();
      Page page = visitor.open(hook);
      page.evaluate(NOTE_ROWS);
      opened.put(page, hook);
    }
    return opened;
  }

  /** Sends one request to each page's hook, spread over a time, and gives their outcomes. */
  private List<Seen> round(Visitor visitor, Map<Page, Client.Hook> pages, int seq, int millis)
      throws Exception {
    Map<Page, Sent> sent = new LinkedHashMap<>();
    List<Seen> seen = new ArrayList<>();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Map.Entry<Page, Client.Hook> each : pages.entrySet()) {
        Thread.sleep(random.nextInt(2 * millis / pages.size()));
        sent.put(each.getKey(), send(visitor.client(), each.getValue(), seq, readers));
      }
      for (Map.Entry<Page, Sent> each : sent.entrySet()) {
        seen.add(seen(each.getKey(), seq, each.getValue()));
      }
    }
    return seen;
  }

  /**
   * @param answered when the sender had its 200
   * @param readable when a program had read the capture
   */
  private record Sent(long answered, Future<Long> readable) {}

  private static Sent send(Client client, Client.Hook hook, int seq, ExecutorService readers) {
    client.postKept(hook, "text/plain", new byte[] {'x'});
    long answered = System.currentTimeMillis();
    return new Sent(
        answered,
        readers.submit(() -> {
          client.await(hook, seq);
          return System.currentTimeMillis();
        }));
  }

  private static Seen seen(Page page, int seq, Sent sent) throws Exception {
    page.waitForFunction("(seq) => globalThis.drawnAt[seq] > 0", seq);
    double drawn = ((Number) page.evaluate("(seq) => globalThis.drawnAt[seq]", seq)).doubleValue();
    int checks =
        ((Number) page.evaluate(CHECKS_WITHOUT, List.of(seq, sent.readable().get().doubleValue())))
            .intValue();
    return new Seen((long) drawn - sent.answered(), checks);
  }

  private static void assertShownByTheNextCheck(String rhythm, List<Seen> seen) {
    List<Long> delays = seen.stream().map(Seen::delay).sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "200 to visible row, %s page: %d requests, p50 %d ms, p95 %d ms, longest %d ms%n",
        rhythm,
        delays.size(),
        percentile(delays, 50),
        percentile(delays, 95),
        delays.getLast());
    assertTrue(seen.stream().allMatch(one -> one.checks() <= 1), seen::toString);
    // And they were counted at all.
    assertTrue(seen.stream().anyMatch(one -> one.checks() == 1), seen::toString);
  }

  private static long percentile(List<Long> sorted, int percent) {
    return sorted.get((int) Math.ceil(sorted.size() * percent / 100.0) - 1);
  }
}
