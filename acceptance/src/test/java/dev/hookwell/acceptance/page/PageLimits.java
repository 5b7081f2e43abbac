package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import dev.hookwell.acceptance.support.HostileRequest;
import dev.hookwell.acceptance.support.HostileRequests;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.gateway.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No content of a request freezes the page for its reader. */
@ExtendWith(OnThePage.class)
final class PageLimits {
  /** How much of a document a request may make; both are laid out in a second or two. */
  private static final int MOST_ELEMENTS = 20_000;

  private static final int MOST_CHARACTERS = 1_500_000;

  /** Every view of a body, at first and with all that is offered: the largest document seen. */
  private static final String LOOK_THROUGH =
      """
      async () => {
        const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const most = { elements: 0, characters: 0 };
        const note = () => {
          most.elements = Math.max(most.elements, document.querySelectorAll("#app *").length);
          most.characters = Math.max(most.characters, document.querySelector("#app").textContent.length);
        };
        for (const end = performance.now() + 15_000; !document.querySelector(".tabs") && performance.now() < end; ) await drawn();
        for (const { id } of [...document.querySelectorAll(".tabs button")].reverse()) {
          document.querySelector(`#${id}`).click();
          await drawn();
          note();
        }
        for (const { innerText: name } of document.querySelectorAll("#tab-panel .segments button")) {
          for (const button of document.querySelectorAll("#tab-panel .segments button")) {
            if (button.innerText === name) button.click();
          }
          await drawn();
          note();
          document.querySelector("#tab-panel .list-end button")?.click();
          await drawn();
          note();
        }
        return [most.elements, most.characters];
      }
      """;

  @Test
  @Shows({"H78d", "S16d"})
  void whateverItIsMadeOfARequestOpensAtOnceAndInBounds(Visitor visitor) throws IOException {
    List<HostileRequest> requests = HostileRequests.costly();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    for (HostileRequest request : requests) {
      try (RawConnection connection = new RawConnection(visitor.system().address())) {
        String answer = connection.sendBytes(request.wire(hook.id())).receiveHead();
        assertTrue(answer.contains(" 200 "), () -> request + ": " + answer);
      }
    }

    Map<String, Duration> opened = new HashMap<>();
    for (JsonNode capture : visitor.client().await(hook, requests.size())) {
      String name = capture.get("path").textValue();
      // Each step has the patience of a test and no more, so a page that freezes fails it.
      long start = System.nanoTime();
      Visitor.openRow(page, capture.get("seq").longValue());
      assertThat(page.locator("#tab-panel")).not().containsText("Fetching the body");
      opened.put(name, Duration.ofNanos(System.nanoTime() - start));
      List<Integer> most = lookThrough(page, name);
      assertTrue(most.get(0) < MOST_ELEMENTS, () -> most + " for " + name);
      assertTrue(most.get(1) < MOST_CHARACTERS, () -> most + " for " + name);
    }
    System.out.println(
        "Hookwell: the longest of " + opened.size() + " openings: " + longest(opened));
  }

  private static Map.Entry<String, Duration> longest(Map<String, Duration> opened) {
    return Collections.max(opened.entrySet(), Map.Entry.comparingByValue());
  }

  @SuppressWarnings("unchecked")
  private static List<Integer> lookThrough(Page page, String name) {
    try {
      return (List<Integer>) page.evaluate(LOOK_THROUGH);
    } catch (PlaywrightException e) {
      // In one line, which is all that a build's summary has.
      throw new AssertionError(name + ": " + String.valueOf(e.getMessage()).replace('\n', ' '), e);
    }
  }
}
