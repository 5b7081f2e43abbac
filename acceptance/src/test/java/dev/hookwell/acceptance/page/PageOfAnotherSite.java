package dev.hookwell.acceptance.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Senders that are pages of another site, in each way in which a browser lets a page send. */
@ExtendWith(OnThePage.class)
final class PageOfAnotherSite {
  private HttpServer site;

  @BeforeEach
  void start() throws IOException {
    byte[] html = "<!doctype html><title>a shop</title>".getBytes(StandardCharsets.UTF_8);
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
          }
        });
    site.start();
  }

  @AfterEach
  void stop() {
    site.stop(0);
  }

  /** By its other name, so that it is another site as well as another origin. */
  private String origin() {
    return "http://localhost:" + site.getAddress().getPort();
  }

  private Page shop(Visitor visitor) {
    Page page = visitor.elsewhere();
    page.navigate(origin() + "/");
    return page;
  }

  /** Method and body of each, in no order: a beacon waits for nothing. */
  private static List<String> received(Visitor visitor, Client.Hook hook, int count) {
    return visitor.client().await(hook, count).stream()
        .map(capture -> visitor.client().read(hook, "/captures/" + capture.get("seq").asText()))
        .map(capture ->
            capture.get("method").textValue() + " " + capture.at("/body/data").asText(""))
        .sorted()
        .toList();
  }

  @Test
  @Shows("H36")
  void aBeaconOfJsonArrives(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();

    Object taken =
        shop(visitor)
            .evaluate(
                """
                url => navigator.sendBeacon(url, new Blob(['{"n":1}'], { type: "application/json" }))
                """,
                hook.url().toString());

    assertEquals(true, taken);
    assertEquals(List.of("OPTIONS ", "POST {\"n\":1}"), received(visitor, hook, 2));
  }

  @Test
  @Shows("H36")
  void aFetchWithCredentialsArrivesAndReadsTheResponse(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();

    Object ids =
        shop(visitor)
            .evaluate(
                """
                async url => {
                  const ids = [];
                  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
                    const response = await fetch(url, {
                      method, credentials: "include", keepalive: method === "PATCH", body: method,
                      headers: { "content-type": "application/json", authorization: "Basic YTpi", "x-own": "1" }
                    });
                    ids.push([(await response.json()).id, response.headers.get("x-hookwell-capture")]);
                  }
                  return ids;
                }
                """,
                hook.url().toString());

    List<String> sent = List.of("POST POST", "PUT PUT", "PATCH PATCH", "DELETE DELETE");
    List<String> received = received(visitor, hook, 8);
    assertTrue(received.containsAll(sent), received.toString());
    assertEquals(4, received.stream().filter("OPTIONS "::equals).count());
    Map<String, String> methods =
        visitor.client().await(hook, 8).stream()
            .collect(
                Collectors.toMap(c -> c.get("id").textValue(), c -> c.get("method").textValue()));
    List<?> answered = (List<?>) ids;
    assertEquals(
        List.of("POST", "PUT", "PATCH", "DELETE"),
        answered.stream().map(pair -> methods.get(((List<?>) pair).getFirst())).toList());
    answered.forEach(pair -> assertEquals(((List<?>) pair).getFirst(), ((List<?>) pair).getLast()));
  }

  @Test
  void aFetchWithCredentialsOfASandboxedFrameArrives(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    Page page = shop(visitor);

    page.evaluate(
        """
        url => {
          const frame = document.createElement("iframe");
          frame.setAttribute("sandbox", "allow-scripts");
          frame.srcdoc = `<script>fetch("${url}", { method: "PUT", credentials: "include", body: "boxed" })</script>`;
          document.body.append(frame);
        }
        """,
        hook.url().toString());

    assertEquals(List.of("OPTIONS ", "PUT boxed"), received(visitor, hook, 2));
    for (JsonNode capture : visitor.client().await(hook, 2)) {
      JsonNode whole = visitor.client().read(hook, "/captures/" + capture.get("seq").asText());
      assertTrue(whole.get("headers").toString().contains("[\"origin\",\"null\"]"));
    }
  }

  @Test
  void whatNeedsNoPreflightArrives(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    Page page = shop(visitor);

    page.evaluate(
        """
        url => {
          new Image().src = url + "?pixel";
          fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "opaque" });
          const frame = document.createElement("iframe");
          frame.name = "target";
          const form = document.createElement("form");
          Object.assign(form, { action: url, method: "post", target: "target" });
          const field = document.createElement("input");
          Object.assign(field, { name: "a", value: "1" });
          form.append(field);
          document.body.append(frame, form);
          form.submit();
        }
        """,
        hook.url().toString());

    assertEquals(List.of("GET ", "POST a=1", "POST opaque"), received(visitor, hook, 3));
  }

  @Test
  void aRefusalIsReadToo(Visitor visitor) {
    String nothing = visitor.origin() + "/h/" + "A".repeat(44);

    Object status =
        shop(visitor)
            .evaluate(
                "async url => (await fetch(url, { credentials: 'include' })).status", nothing);

    assertEquals(404, status);
  }

  @Test
  @Shows("S20")
  void theApiTakesNoCredentials(Visitor visitor) {
    Page page = shop(visitor);
    String health = visitor.origin() + "/api/health";

    assertEquals(200, page.evaluate("async url => (await fetch(url)).status", health));
    assertEquals(
        "TypeError",
        page.evaluate(
            "url => fetch(url, { credentials: 'include' }).then(r => r.status, e => e.name)",
            health));
  }
}
