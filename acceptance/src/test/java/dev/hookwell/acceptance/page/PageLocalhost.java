package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.hookwell.local.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The lines that bring captures to the reader's own machine, and the client that they run. */
@ExtendWith(OnThePage.class)
final class PageLocalhost {
  private static final Path JAR = Path.of("..", "client", "target", "hookwell.jar");

  @Test
  void theLinesToPasteKeepTheKeyOffTheCommandLine(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);

    Visitor.button(page, "To localhost").click();
    Locator dialog = page.locator("#localhost");
    dialog.locator("#target").fill("http://localhost:4000/hooks");
    String[] lines = lines(page).split("\n", -1);

    assertEquals(
        "export HOOKWELL_API=" + hook.apiUrl() + " HOOKWELL_KEY=" + hook.viewKey(), lines[0]);
    assertEquals("java -jar hookwell.jar listen http://localhost:4000/hooks", lines[1]);
    Visitor.button(page, "PowerShell").click();
    assertEquals(
        "$env:HOOKWELL_API='%s'; $env:HOOKWELL_KEY='%s'".formatted(hook.apiUrl(), hook.viewKey()),
        lines(page).split("\n", -1)[0]);
    assertThat(dialog).containsText("curl.exe -fsSO ");
    Visitor.button(page, "cmd").click();
    assertEquals(
        "set \"HOOKWELL_API=%s\" & set \"HOOKWELL_KEY=%s\""
            .formatted(hook.apiUrl(), hook.viewKey()),
        lines(page).split("\n", -1)[0]);
    Visitor.button(page, "File").click();
    assertEquals(
        "java -jar hookwell.jar listen http://localhost:4000/hooks --hook-file hook.env",
        lines(page));
    assertFalse(dialog.textContent().contains(hook.viewKey()));
  }

  @Test
  void oneRequestCanBeSentAgain(Visitor visitor) {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    visitor.client().postKept(hook, "text/plain", "x".getBytes(StandardCharsets.UTF_8));
    Visitor.openRow(page, 1);

    Visitor.button(page, "Send again to …").click();

    assertThat(page.locator("#localhost h2")).hasText("Send #1 again");
    assertEquals("java -jar hookwell.jar replay 1 --to 3000", lines(page).split("\n", -1)[1]);
  }

  @Test
  void theClientIsServedWithTheDigestThatThePageShows(Visitor visitor)
      throws IOException, InterruptedException {
    byte[] jar = Files.readAllBytes(JAR);
    HttpResponse<byte[]> served = get(visitor, "/hookwell.jar");

    assertEquals(200, served.statusCode());
    assertArrayEquals(jar, served.body());
    assertTrue(served.headers().firstValue("cache-control").orElseThrow().contains("max-age"));
    Page page = visitor.open();
    Visitor.button(page, "To localhost").click();
    assertThat(page.locator("#client-digest")).hasText(Client.sha256(jar));
    assertThat(page.locator("#localhost"))
        .containsText("curl -fsSO " + visitor.origin() + "/hookwell.jar");
  }

  /** The last lines of the dialog, by way of the clipboard. */
  private static String lines(Page page) {
    return Visitor.copied(
        page, () -> page.locator("#localhost .try").last().locator("button").click());
  }

  private static HttpResponse<byte[]> get(Visitor visitor, String path)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(visitor.origin() + path)).build(),
          BodyHandlers.ofByteArray());
    }
  }
}
