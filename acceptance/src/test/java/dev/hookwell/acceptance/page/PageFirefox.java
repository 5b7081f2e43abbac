package dev.hookwell.acceptance.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.local.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main path in a second browser, where one is installed. */
@ExtendWith(OnThePage.class)
final class PageFirefox {
  private static final String BODY = "(document.querySelector('#tab-panel')?.innerText ?? '')";

  @Test
  void theMainPathIsTheSameInFirefox(Visitor visitor) throws IOException {
    Optional<Path> executable = Firefox.find(System.getenv());
    assumeTrue(executable.isPresent(), "no Firefox is installed");
    try (Firefox firefox = Firefox.start(executable.get())) {
      Client.Hook hook = visitor.client().createHook();
      firefox.open(visitor.link(hook) + "/" + hook.ownerKey());
      firefox.await("document.querySelector('.card')?.innerText.includes('makes you an owner')");
      firefox.evaluate("document.querySelector('.card .primary').click()");
      firefox.await("document.querySelector('.waiting h2')?.innerText.includes('first request')");

      keep(visitor, hook, "{\"type\":\"order.paid\",\"total\":17}");
      firefox.await("document.querySelector('#captures a')?.innerText.includes('order.paid')");
      keep(visitor, hook, "{\"type\":\"order.failed\",\"total\":18}");
      firefox.await("document.querySelectorAll('#captures > li').length === 2");
      firefox.press("gj");
      firefox.await(BODY + ".includes('\"total\": 17')");
      firefox.press("2");
      firefox.await(BODY + ".includes('content-type')");
      firefox.press("/");
      firefox.press("failed");
      firefox.await(
          "[...document.querySelectorAll('#captures > li')].filter(row => !row.hidden).length === 1");
      firefox.evaluate("document.activeElement.blur()");
      firefox.press("1n");
      firefox.await("document.activeElement?.id === 'note'");
      firefox.press("the first one\uE007");
      firefox.await("document.querySelector('.own-note')?.innerText.includes('the first one')");
      firefox.reload();
      firefox.await("document.querySelector('.own-note')?.innerText.includes('the first one')");
      firefox.await("document.querySelector('#filter').value === 'failed'");

      String script = "document.querySelector('script[type=module]').src";
      String link =
          firefox.evaluate(
              "import(%s.replace('app.js', 'links.js')).then(links => links.captureLink({id: '%s', viewKey: '%s'}, 2, location.origin))"
                  .formatted(script, hook.id(), hook.viewKey()));
      firefox.open("about:blank");
      firefox.open(link);
      firefox.await(BODY + ".includes('\"total\": 18')");
      firefox.await("document.querySelector('.alone-words').innerText.includes('Only #2')");
      assertEquals("0", firefox.evaluate("document.querySelectorAll('.list-pane').length"));
      assertEquals(List.of(), firefox.errors());
    }
  }

  private static void keep(Visitor visitor, Client.Hook hook, String json) {
    visitor.client().postKept(hook, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
