package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import dev.hookwell.acceptance.support.HostileRequest;
import dev.hookwell.acceptance.support.HostileRequests;
import dev.hookwell.acceptance.support.Shell;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.gateway.RawConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing that a sender sends does anything, in the page or in a copied line. */
@ExtendWith(OnThePage.class)
final class PageHostile {
  /** Elements and attributes that no capture may become, wherever it is shown. */
  private static final String FORBIDDEN =
      """
      #app :is(script, iframe, object, embed, style, link, base, meta),
      #app :is([onload], [onerror], [style], [srcdoc]),
      #app :is(img, [src]):not(.picture img[src^="blob:"]),
      #app a:not([href^="#/"]):not(.brand)\
      """;

  private static final String EVERYTHING =
      """
      async () => {
        const drawn = () => new Promise((done) => setTimeout(done));
        const there = async (selector) => {
          for (const end = performance.now() + 15_000; performance.now() < end; await drawn()) {
            const found = document.querySelector(selector);
            if (found) return found;
          }
          throw new Error(`no ${selector} in ${document.querySelector("#app").innerText.slice(0, 2000)}`);
        };
        const shown = [];
        await there(".tabs");
        for (const { id } of [...document.querySelectorAll(".tabs button")].reverse()) {
          (await there(`#${id}`)).click();
          await drawn();
          await there(`#${id}[aria-selected=true]`);
          shown.push(id);
          for (const view of document.querySelectorAll("#tab-panel .segments button")) {
            view.click();
            await drawn();
          }
          if (document.querySelector(FORBIDDEN)) return `something in ${id}`;
        }
        await new Promise(requestAnimationFrame);
        return shown.join();
      }
      """
          .replace("FORBIDDEN", "`" + FORBIDDEN + "`");

  /** Headers that the network adds, and those that curl has to make by itself. */
  private static final Set<String> NOT_REPEATED =
      Set.of(
          "host",
          "content-length",
          "expect",
          "x-forwarded-for",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-amzn-trace-id",
          "cf-connecting-ip");

  @Test
  @Shows({"H54", "H78d"})
  void theLargestBodiesAreShownInPart(Visitor visitor) throws IOException {
    List<HostileRequest> requests = HostileRequests.large();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);

    List<JsonNode> captures = send(visitor, hook, requests);

    for (JsonNode capture : captures) {
      lookThrough(page, capture.get("seq").longValue());
      int shown = (int) page.evaluate("() => document.querySelector('#app').innerText.length");
      assertTrue(shown < 300_000, () -> shown + " characters for " + capture.get("path"));
    }
  }

  @Test
  @Shows({"H73", "S16", "S16c"})
  void everythingIsInertInEveryTabAndInACopiedLine(Visitor visitor) throws Exception {
    List<HostileRequest> requests = HostileRequests.all();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Client.Hook again = visitor.client().createHook();
    List<Callable<String>> lines = new ArrayList<>();
    List<JsonNode> captures = send(visitor, hook, requests);
    // Repeated deliveries are there too, behind the last one.
    assertThat(page.locator("#captures > li")).hasCount(requests.size());

    for (JsonNode capture : captures) {
      lookThrough(page, capture.get("seq").longValue());
      String line =
          Visitor.copied(page, () -> page.keyboard().press("u")).replace(hook.id(), again.id());
      lines.add(() -> Shell.run(line));
    }
    try (ExecutorService shells = Executors.newFixedThreadPool(4)) {
      for (Future<String> shell : shells.invokeAll(lines)) {
        shell.get();
      }
    }

    assertFalse((boolean) page.evaluate("() => 'polluted' in {}"));

    Map<String, JsonNode> repeated = byRow(visitor.client(), again, captures.size());
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> actual = new TreeMap<>();
    byRow(visitor.client(), hook, captures.size())
        .forEach((row, capture) -> expected.put(row, line(capture, hook)));
    repeated.forEach((row, capture) -> actual.put(row, line(capture, again)));
    assertEquals(String.join("\n", expected.values()), String.join("\n", actual.values()));
  }

  /** Sends them one after the other and waits until all are stored. */
  private static List<JsonNode> send(
      Visitor visitor, Client.Hook hook, List<HostileRequest> requests) throws IOException {
    for (HostileRequest request : requests) {
      try (RawConnection connection = new RawConnection(visitor.system().address())) {
        String answer = connection.sendBytes(request.wire(hook.id())).receiveHead();
        boolean taken = answer.contains(" 200 ") || answer.contains(" 413 ");
        // The interim response to a request that expects it before its body.
        assertTrue(taken || answer.contains(" 100 "), () -> request + ": " + answer);
      }
    }
    return visitor.client().await(hook, requests.size());
  }

  /** Opens a capture, and shows every tab and every view of its body. */
  private static void lookThrough(Page page, long seq) {
    Visitor.openRow(page, seq);
    assertThat(page.locator("#tab-panel")).isVisible();
    assertThat(page.locator("#tab-panel")).not().containsText("Fetching the body");
    List<String> tabs = Visitor.tabs(page).reversed();
    assertEquals("tab-" + String.join(",tab-", tabs), page.evaluate(EVERYTHING));
  }

  private static Map<String, JsonNode> byRow(Client client, Client.Hook hook, int count) {
    client.await(hook, count);
    Map<String, JsonNode> captures = new HashMap<>();
    for (JsonNode capture :
        client.read(hook, "/captures?limit=500&include=headers").get("captures")) {
      for (JsonNode header : capture.get("headers")) {
        if (header.get(0).textValue().equals("x-row")) {
          captures.put(header.get(1).textValue(), capture);
        }
      }
    }
    assertEquals(count, captures.size());
    return captures;
  }

  /** The content of a request, but for its hook and the headers that the network adds. */
  private static String line(JsonNode capture, Client.Hook hook) {
    List<String> headers = new ArrayList<>();
    for (JsonNode header : capture.get("headers")) {
      if (!NOT_REPEATED.contains(header.get(0).textValue())) {
        headers.add(header.get(0).textValue() + ": " + header.get(1).textValue());
      }
    }
    headers.sort(null);
    return String.join(
        "\n",
        capture.get("method").textValue(),
        capture.get("path").textValue().replace(hook.id(), "HOOK"),
        capture.get("query").textValue(),
        capture.get("cookies").toString(),
        capture.get("bodySize").asText(),
        capture.get("bodySha256").textValue(),
        String.join("\n", headers));
  }
}
