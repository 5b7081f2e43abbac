package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The file of all requests, or of those that the filter shows. */
@ExtendWith(OnThePage.class)
final class PageExport {
  /** Above 256 KiB a body does not travel in a list. */
  private static final int LARGE = 300_000;

  private static final int SMALL = 120;

  @Test
  @Shows("H78")
  void theExportHoldsEveryByteOldestFirst(Visitor visitor) throws Exception {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    Map<String, byte[]> bodies = new TreeMap<>();
    for (byte[] body : bodies()) {
      bodies.put(visitor.client().postKept(hook, "application/octet-stream", body), body);
    }
    String empty =
        visitor
            .client()
            .send(
                HttpRequest.newBuilder(URI.create(hook.url() + "/a%20b?c=%3Cd%3E&c="))
                    .header("cookie", "e=f; g=\"h\"")
                    .header("x-twice", "1")
                    .header("x-twice", "2"))
            .body();
    bodies.put(Client.json(empty).get("id").textValue(), new byte[0]);
    bodies.putAll(postAtOnce(visitor.client(), hook));
    assertThat(page.locator(".trust")).containsText(bodies.size() + " requests, all shown");
    // A small one, so that the page has no other body to fetch when it comes back to it.
    Visitor.openRow(page, bodies.size());
    // A list that was opened just now holds only the newest.
    page.reload();
    assertThat(page.locator(".trust")).containsText("newest 100 shown");
    page.locator(".tabs").waitFor();
    int before = visitor.requests().size();

    List<JsonNode> lines = export(page);

    List<String> requests = visitor.requests().subList(before, visitor.requests().size());
    assertEquals(2, requests.stream().filter(url -> url.endsWith("/body")).count());
    assertTrue(
        requests.stream().filter(url -> url.contains("include=")).count() <= 2, requests::toString);
    assertEquals(bodies.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      assertEquals(i + 1, line.get("seq").intValue());
      byte[] body = Objects.requireNonNull(bodies.get(line.get("id").textValue()));
      assertEquals(Client.sha256(body), Client.sha256(bytes(line.get("body"))));
      JsonNode capture = visitor.client().read(hook, "/captures/" + (i + 1));
      if (body.length >= LARGE) {
        ((ObjectNode) line.get("body")).remove(List.of("encoding", "data"));
      }
      assertEquals(capture, line);
    }
  }

  @Test
  void whatTheFilterHidesIsNotExported(Visitor visitor) throws IOException {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    for (String type : List.of("text/csv", "text/plain", "text/csv")) {
      visitor.client().postKept(hook, type, "=1+1".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Visitor.rows(page)).hasCount(3);
    page.locator("#filter").fill("csv");
    assertThat(Visitor.rows(page)).hasCount(2);

    List<JsonNode> lines = export(page);

    assertEquals(
        List.of("text/csv", "text/csv"),
        lines.stream().map(line -> line.get("contentType").textValue()).toList());
    Visitor.awaitTold(page, "Exported 2 requests.");
  }

  @Test
  void anExportThatCannotBeFinishedSavesNothingAndSaysSo(Visitor visitor) {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    visitor.client().postKept(visitor.hookOf(page), "text/plain", new byte[] {'x'});
    assertThat(Visitor.rows(page)).hasCount(1);
    page.route("**/captures?*include=*", route -> route.abort());

    Visitor.button(page, "More").click();
    page.locator("#more").getByText("Export as NDJSON").click();

    page.waitForFunction("() => told.some((said) => said.endsWith(' Nothing was saved.'))");
  }

  /** Bytes that are most easily lost or changed on the way through text. */
  private static List<byte[]> bodies() {
    byte[] random = new byte[LARGE];
    new Random(17).nextBytes(random);
    return List.of(
        "{\"n\":1.10,\"n\":12345678901234567890}".getBytes(StandardCharsets.UTF_8),
        "\uFEFFa\r\nb\rc\n\u0000\u2028\u2029\uD83D\uDE00\u001B".getBytes(StandardCharsets.UTF_8),
        new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF, 0},
        "=1+1\n".repeat(LARGE / 5).getBytes(StandardCharsets.UTF_8),
        random);
  }

  private static List<JsonNode> export(Page page) throws IOException {
    Visitor.button(page, "More").click();
    Download download =
        page.waitForDownload(() -> page.locator("#more").getByText("Export as NDJSON").click());
    assertTrue(download.suggestedFilename().matches("hookwell-[A-Za-z0-9_-]{8}\\.ndjson"));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readString(download.path()).split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(Client.json(line));
      }
    }
    return lines;
  }

  private static byte[] bytes(JsonNode body) {
    String data = body.path("data").asText();
    return body.path("encoding").asText().equals("base64")
        ? Base64.getDecoder().decode(data)
        : data.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> postAtOnce(Client client, Client.Hook hook) throws Exception {
    byte[] body = {'.'};
    Callable<String> post = () -> client.postKept(hook, "text/plain", body);
    Map<String, byte[]> sent = new TreeMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<String> id : threads.invokeAll(Collections.nCopies(SMALL, post))) {
        sent.put(id.get(), body);
      }
    }
    return sent;
  }
}
