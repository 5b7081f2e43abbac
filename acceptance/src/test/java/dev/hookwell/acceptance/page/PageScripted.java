package dev.hookwell.acceptance.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A scripted response is inert in a browser, on the origin that hooks share with the page. */
@ExtendWith(OnThePage.class)
final class PageScripted {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String XHTML =
      """
      <html xmlns="http://www.w3.org/1999/xhtml"><head><title>shown</title><script>SCRIPT</script>\
      <meta http-equiv="refresh" content="0;url=REPORT"/></head>\
      <body onload="SCRIPT"><img src="x" onerror="SCRIPT"/><form action="REPORT" method="post">\
      <input type="password" name="p"/><button>Sign in</button></form>\
      <iframe src="REPORT"/></body></html>
      """;

  private static final String SVG =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"SCRIPT\"><script>SCRIPT</script></svg>";

  private static final String HTML =
      "<!doctype html><script>SCRIPT</script><img src=x onerror=\"SCRIPT\">";

  @Test
  @Shows("S18")
  void whatIsOpenedRunsLoadsAndSubmitsNothing(Visitor visitor) {
    Client client = visitor.client();
    Client.Hook hook = client.createHook();
    Client.Hook report = client.createHook();
    Map<String, String> bodies =
        Map.of(
            "text/xml", XHTML,
            "application/xml", SVG,
            "text/plain", HTML,
            "application/json", HTML,
            "application/problem+json", HTML);
    bodies.forEach((type, body) -> {
      String url = report.url().toString();
      URI scripted =
          set(
              client,
              hook,
              type,
              body.replace(
                      "SCRIPT",
                      "fetch('%s',{method:'POST',body:'ran'});new Image().src='%s';"
                          .formatted(url, url))
                  .replace("REPORT", url));
      Page page = visitor.elsewhere();

      page.navigate(scripted.toString());
      page.waitForTimeout(300);
      page.locator("button").all().forEach(button -> button.click());
      page.waitForTimeout(200);

      assertEquals(scripted.toString(), page.url(), type);
    });

    client.postKept(report, "text/plain", new byte[] {1});
    assertEquals(1, client.await(report, 1).size(), "something told that it ran");
    assertEquals(1, client.read(report, "").at("/counts/stored").asInt());
  }

  @Test
  @Shows("S18")
  void thePageTakesNothingOfAHookForItsOwnCode(Visitor visitor) {
    Page page = visitor.elsewhere();
    page.navigate(visitor.origin() + "/");
    Client client = visitor.client();
    Client.Hook hook = client.createHook();
    for (String type : List.of("text/plain", "application/json", "application/octet-stream")) {
      String url = set(client, hook, type, "globalThis.ran = true;").toString();
      for (String attempt :
          List.of(
              "navigator.serviceWorker.register('URL/worker.js')",
              "navigator.serviceWorker.register('URL')",
              "new Promise((done, fail) => { const worker = new Worker('URL');"
                  + " worker.onerror = fail; })",
              "import('URL')",
              "new Promise((done, fail) => { const script = document.createElement('script');"
                  + " script.onload = done; script.onerror = fail; script.src = 'URL';"
                  + " document.head.append(script); })",
              "new Promise((done, fail) => { const link = document.createElement('link');"
                  + " link.rel = 'stylesheet'; link.onload = done; link.onerror = fail;"
                  + " link.href = 'URL'; document.head.append(link); })")) {
        assertEquals(
            "refused",
            page.evaluate(
                "async () => { try { await %s; return 'taken'; } catch { return 'refused'; } }"
                    .formatted(attempt.replace("URL", url))),
            type + " " + attempt);
      }
    }
    assertEquals(false, page.evaluate("() => 'ran' in globalThis"));
  }

  @Test
  void aStatusThatAsksForASignInAsksNobody(Visitor visitor) {
    Client client = visitor.client();
    Client.Hook hook = client.createHook();
    HttpResponse<String> set =
        put(client, hook, Map.of("steps", List.of(Map.of("status", 401, "body", "no"))));
    Page page = visitor.elsewhere();

    var response = page.navigate(Client.json(set.body()).get("url").asText());

    assertEquals(401, response.status());
    assertTrue(page.content().contains("no"), page.content());
  }

  private static URI set(Client client, Client.Hook hook, String type, String body) {
    HttpResponse<String> set =
        put(
            client,
            hook,
            Map.of(
                "steps",
                List.of(
                    Map.of(
                        "status",
                        200,
                        "headers",
                        List.of(List.of("Content-Type", type)),
                        "body",
                        body))));
    assertEquals(200, set.statusCode(), set.body());
    return URI.create(Client.json(set.body()).get("url").asText());
  }

  private static HttpResponse<String> put(
      Client client, Client.Hook hook, Map<String, Object> script) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(hook.apiUrl() + "/response"))
              .header("authorization", "Bearer " + hook.ownerKey())
              .header("content-type", "application/json")
              .PUT(BodyPublishers.ofString(JSON.writeValueAsString(script))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
