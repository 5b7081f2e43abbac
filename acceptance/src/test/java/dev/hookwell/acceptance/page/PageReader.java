package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.hookwell.local.Client;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Bodies of the largest size are read by a worker, and only their visible part is drawn. How long
 * the page is blocked depends on the machine and is printed. It is compared with the time that the
 * same page takes to parse the same text at once.
 */
@ExtendWith(OnThePage.class)
final class PageReader {
  private static final int LIMIT = 4 * 1024 * 1024;
  private static final String JSON = "application/json";
  private static final String EVENT =
      "{\"id\":\"evt_1234567\",\"type\":\"invoice.paid\",\"created\":1795510867,"
          + "\"customer\":{\"name\":\"Ada\",\"tags\":[\"a\",null]}},";

  /** A PNG of one point. */
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static final String MINIFIED = "[" + EVENT.repeat(LIMIT / EVENT.length() - 1) + "0]";

  /** A screen and the rows drawn around it. */
  private static final int MOST_ROWS = 250;

  private static final int MOST_ELEMENTS = 3_000;

  private static final String WATCH =
      """
      () => {
        globalThis.tasks = [0];
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
          .observe({ type: "longtask" });
      }
      """;

  /**
   * Goes to some places of the body. Gives how many rows and elements there were at most, and the
   * last row in sight at the end.
   */
  private static final String SCROLL_THROUGH =
      """
      async () => {
        const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
        const pane = document.querySelector(".detail-pane");
        let rows = 0;
        let elements = 0;
        for (let step = 0; step <= 10; step += 1) {
          pane.scrollTop = (step / 10) * pane.scrollHeight;
          await drawn();
          rows = Math.max(rows, document.querySelectorAll(".viewer .row").length);
          elements = Math.max(elements, document.querySelectorAll("#app *").length);
          const seen = [...document.querySelectorAll(".viewer .row")].some((row) => {
            const { top, bottom } = row.getBoundingClientRect();
            return bottom > 100 && top < innerHeight;
          });
          if (!seen) return [rows, elements, `nothing in sight at ${step}`];
        }
        return [rows, elements, [...document.querySelectorAll(".viewer .row")].at(-1).textContent.trim().slice(-20)];
      }
      """;

  private static final String PARSE =
      """
      (text) => {
        const before = performance.now();
        JSON.parse(text);
        return performance.now() - before;
      }
      """;

  private record Large(String type, String body, String end) {}

  private static Map<String, Large> bodies() {
    Map<String, Large> bodies = new LinkedHashMap<>();
    bodies.put("minified", new Large(JSON, MINIFIED, "]"));
    bodies.put(
        "pretty",
        new Large(JSON, "[\n" + "  {\n    \"a\": 1\n  },\n".repeat(100_000) + "  0\n]", "]"));
    bodies.put("deep", new Large(JSON, "[".repeat(10_000) + "]".repeat(10_000), "]"));
    bodies.put("wide", new Large(JSON, "[" + "1,".repeat(2_000_000) + "1]", "]"));
    bodies.put("lines", new Large("text/plain", "line\n".repeat(300_000) + "the end", "the end"));
    bodies.put("line", new Large(JSON, "{\"a\":\"" + "x".repeat(LIMIT - 20) + "\"}", "}"));
    bodies.put("hidden", new Large("text/plain", "\u202E".repeat(500_000) + "end", "end"));
    return bodies;
  }

  @Test
  void ofABodyOfAnySizeOnlyWhatIsInSightIsDrawnAndThePageNeverStandsStill(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    int seq = 0;
    for (Map.Entry<String, Large> each : bodies().entrySet()) {
      Large large = each.getValue();
      visitor.client().postKept(hook, large.type(), large.body().getBytes(StandardCharsets.UTF_8));
      seq++;
      visitor.client().await(hook, seq);
      Visitor.row(page, seq).waitFor();
      // With a warm worker, as a reader of more than one request has it.
      page.evaluate("() => { location.hash = location.hash.replace(/\\/\\d+$/, ''); }");
      page.evaluate(WATCH);

      Visitor.openRow(page, seq);
      page.locator(".viewer .row").first().waitFor();
      @SuppressWarnings("unchecked")
      List<Object> seen = (List<Object>) page.evaluate(SCROLL_THROUGH);

      String name = each.getKey();
      assertTrue((int) seen.get(0) <= MOST_ROWS, () -> name + ": " + seen);
      assertTrue((int) seen.get(1) <= MOST_ELEMENTS, () -> name + ": " + seen);
      assertTrue(((String) seen.get(2)).endsWith(large.end()), () -> name + ": " + seen);
      double longest = number(page.evaluate("() => Math.max(...tasks)"));
      double parse = number(page.evaluate(PARSE, MINIFIED));
      System.out.printf(
          Locale.ROOT, "%s: longest task %.0f ms, one parse %.0f ms%n", name, longest, parse);
      // Room for other work of the machine: a reader on the page's own thread would take seconds.
      assertTrue(longest <= Math.max(1_500, 8 * parse), () -> name + ": " + longest);
    }
  }

  @Test
  void aLargeBodyIsSearchedFoldedAndTakenApart(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    String body = "[" + EVENT.repeat(20_000) + "{\"needle\":{\"x/y\":[1,\"Here\"]}}]";
    visitor.client().postKept(hook, JSON, body.getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);
    page.locator(".viewer .row").first().waitFor();

    page.keyboard().press("f");
    page.locator("#find-body").fill("here");
    assertThat(page.locator(".find-line")).containsText("1 of 1 place");
    assertThat(page.locator("mark.now")).hasText("Here");
    assertThat(page.locator("mark.now")).isInViewport();
    page.locator("mark.now").click();
    assertThat(page.locator(".place code")).hasText("/20000/needle/x~1y/1");
    assertEquals(
        "\"Here\"", Visitor.copied(page, () -> Visitor.button(page, "Copy value").click()));
    assertEquals(
        "/20000/needle/x~1y/1",
        Visitor.copied(page, () -> Visitor.button(page, "Copy path").click()));

    Visitor.button(page, "Fold all").click();
    assertThat(page.locator(".viewer .row").nth(1)).containsText("{ 4 … },");
    page.locator("#find-body").fill("");
    page.locator("#find-body").fill("here");
    assertThat(page.locator("mark.now")).hasText("Here");
    assertThat(page.locator("mark.now")).isInViewport();
  }

  @Test
  void whatStopsAJsonIsShownWhereItStands(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    String body = "{\n" + "\"a\": 1,\n".repeat(50_000) + "\"message\": \"Fix\n the build\"}";
    visitor.client().postKept(hook, JSON, body.getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);
    assertThat(page.locator("#tab-panel")).containsText("line 50002, column 16");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show where")).click();
    assertThat(page.locator(".t-error")).hasText("U+000A");
    assertThat(page.locator(".t-error")).isInViewport();
  }

  @Test
  void keysGoThroughJsonAndFoldIt(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor
        .client()
        .postKept(hook, JSON, "{\"a\":[1,2],\"when\":1795510867}".getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);
    page.locator(".viewer").focus();
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    assertThat(page.locator(".place code")).hasText("/a");
    page.keyboard().press("ArrowLeft");
    assertThat(page.locator(".viewer .row.current")).hasText("\"a\": [ 2 … ],");
    page.keyboard().press("ArrowRight");
    assertThat(page.locator(".viewer .row.current")).hasText("\"a\": [");
    assertThat(page.locator(".t-number[title]"))
        .hasAttribute("title", "As a Unix time: 2026-11-24 09:01:07 UTC");
  }

  @Test
  void everyPartIsReadAsABodyIsAndAPictureIsShown(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    String body =
        String.join(
            "\r\n",
            "--b",
            "Content-Disposition: form-data; name=\"order\"",
            "Content-Type: application/json",
            "",
            "{\"id\":17}",
            "--b",
            "Content-Disposition: form-data; name=\"rows\"; filename=\"rows.csv\"",
            "Content-Type: text/csv",
            "",
            "id,name",
            "1,Ada",
            "--b",
            "Content-Disposition: form-data; name=\"chart\"; filename=\"chart.png\"",
            "Content-Type: image/png",
            "Content-Transfer-Encoding: base64",
            "",
            PIXEL,
            "--b--");
    visitor
        .client()
        .postKept(hook, "multipart/form-data; boundary=b", body.getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);
    assertThat(page.locator(".part").nth(0).locator(".row").nth(1)).hasText("\"id\": 17");
    assertThat(page.locator(".part").nth(1).locator("th")).hasText(new String[] {"id", "name"});
    assertThat(page.locator(".part").nth(2)).containsText("1 × 1 points");
    page.waitForFunction("() => document.querySelector('.picture img').naturalWidth === 1");
    Download saved =
        page.waitForDownload(() -> page.locator(".part").nth(2).getByText("Download").click());
    assertTrue(saved.suggestedFilename().endsWith("-part-3-chart.png"), saved.suggestedFilename());
  }

  @Test
  void aRequestIsCopiedInAnyOfItsForms(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, JSON, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);
    Map<String, String> begins =
        Map.of(
            "curl, for POSIX shells", "curl ",
            "PowerShell", "Add-Type ",
            "curl, for Windows (cmd)", "curl.exe ",
            "HTTPie", "printf ",
            "JavaScript (fetch)", "await fetch(",
            "Python", "import http.client");
    begins.forEach((name, begin) -> {
      Visitor.button(page, "Copy as …").click();
      String copied = Visitor.copied(page, () -> Visitor.button(page, name).click());
      assertTrue(copied.startsWith(begin), copied);
      assertTrue(copied.contains(hook.id()), copied);
    });
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
