package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.hookwell.acceptance.support.HostileRequest;
import dev.hookwell.capture.Body;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.gateway.RawConnection;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Heads are shown as they read, with names for invisible characters, and copied as they came. */
@ExtendWith(OnThePage.class)
final class PageHeads {
  private static final String TURNED = "\u202Egpj.exe";

  @Test
  @Shows("H78c")
  void aHeadInUtf8IsShownAsItReadsAndCopiedAsItCame(Visitor visitor) throws IOException {
    String raw = bytesOf("Smørrebrød");
    Page page = opened(visitor, "/" + raw + "?q=" + raw, "x-shop: " + raw, "cookie: a=" + raw);

    assertThat(Visitor.row(page, 1)).containsText("/Smørrebrød?q=Smørrebrød");
    assertThat(page.locator(".detail-path")).hasText("/Smørrebrød?q=Smørrebrød");
    assertThat(page.locator(".detail-pane")).containsText("Shown as UTF-8");
    assertThat(Visitor.pair(Visitor.tab(page, "Headers"), "x-shop")).hasText("Smørrebrød");
    assertThat(Visitor.pair(Visitor.tab(page, "Headers"), "a")).hasText("Smørrebrød");
    assertThat(Visitor.pair(Visitor.tab(page, "Query"), "q")).hasText("Smørrebrød");
    assertThat(Visitor.tab(page, "Raw").locator("pre")).containsText("x-shop: Sm\u00C3\u00B8r");
    String line = Visitor.copied(page, () -> page.keyboard().press("u"));
    assertTrue(line.contains("x-shop: Sm\\303\\270rrebr\\303\\270d"), line);
    assertTrue(line.contains("/Sm\\303\\270rrebr\\303\\270d\\077q=Sm\\303\\270r"), line);
  }

  @Test
  @Shows({"H78b", "S16b"})
  void whatNobodyWouldSeeIsNamedWhereverItIsShown(Visitor visitor) throws IOException {
    String turned = bytesOf(TURNED);
    Page page =
        opened(
            visitor,
            "/" + turned + "?q=" + turned,
            "x-turned: " + turned,
            "content-type: " + turned);

    assertThat(Visitor.row(page, 1)).containsText("/U+202Egpj.exe?q=U+202Egpj.exe");
    assertThat(Visitor.row(page, 1).locator(".row-about")).hasText("U+202Egpj.exe");
    assertThat(page.locator(".detail-path")).hasText("/U+202Egpj.exe?q=U+202Egpj.exe");
    assertThat(page.locator(".facts-grid")).containsText("U+202Egpj.exe");
    assertThat(Visitor.pair(Visitor.tab(page, "Headers"), "x-turned")).hasText("U+202Egpj.exe");
    assertThat(Visitor.pair(Visitor.tab(page, "Query"), "q")).hasText("U+202Egpj.exe");
    Visitor.tab(page, "Body");
    assertThat(page.locator("#tab-panel pre")).hasText("a U+202Eb U+200B");
    for (String tab : Visitor.tabs(page)) {
      Visitor.tab(page, tab);
      assertEquals(
          false,
          page.evaluate(
              "() => /[\\u202e\\u200b\\u0080-\\u009f]/.test(document.documentElement.outerHTML)"),
          tab);
    }
    assertEquals(
        "\\u202Egpj.exe",
        Visitor.copied(
            page,
            () -> {
              Visitor.tab(page, "Headers");
              page.getByLabel("Copy the value of x-turned").click();
            }));
  }

  private static Page opened(Visitor visitor, String tail, String... headers) throws IOException {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    HostileRequest request =
        new HostileRequest(
            "1", "POST", tail, List.of(headers), Body.copyOf("a \u202Eb \u200B".getBytes(UTF_8)));
    try (RawConnection connection = new RawConnection(visitor.system().address())) {
      String answer = connection.sendBytes(request.wire(hook.id())).receiveHead();
      assertTrue(answer.contains(" 200 "), answer);
    }
    visitor.client().await(hook, 1);
    Visitor.openRow(page, 1);
    return page;
  }

  /** As they go over the wire, a character each. */
  private static String bytesOf(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }
}
