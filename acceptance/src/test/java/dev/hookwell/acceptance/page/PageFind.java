package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.hookwell.local.Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Finding one request among all that are kept, by its headers and its body. */
@ExtendWith(OnThePage.class)
final class PageFind {
  private static final int MANY = 130;

  @Test
  void oneFailedPaymentAmongMoreThanTheListHasLoaded(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    postPayments(visitor, hook);
    Page page = visitor.open(hook);
    assertThat(Visitor.rows(page)).hasCount(100);

    page.locator("#filter").fill("card_declined");

    assertThat(Visitor.rows(page)).hasCount(1);
    Locator row = Visitor.row(page, 2);
    assertThat(row.locator("mark")).hasText("card_declined");
    assertThat(row.locator(".row-second")).containsText("body: ");
    assertThat(page.locator(".list-count")).hasText("1 of 130");
    assertThat(page.locator(".searched")).hasText("1 in the body · searched 130 of 130");
    Visitor.openRow(page, 2);
    assertThat(page.locator("#tab-panel mark")).hasText("card_declined");
    assertThat(page.locator("#find-body")).hasValue("card_declined");
  }

  @Test
  void whatASenderPackedIsFoundToo(Visitor visitor) throws IOException {
    Client.Hook hook = visitor.client().createHook();
    postPacked(visitor, hook, "{\"id\":\"needle-5512\"}");
    visitor.client().await(hook, 1);
    postPacked(visitor, hook, "{\"id\":\"another\"}");
    visitor.client().await(hook, 2);
    Page page = visitor.open(hook);
    assertThat(Visitor.rows(page)).hasCount(2);

    page.locator("#filter").fill("NEEDLE-5512");

    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(Visitor.row(page, 1).locator("mark")).hasText("needle-5512");
    assertThat(page.locator(".searched")).hasText("1 in the body · searched 2 of 2");
  }

  private static void postPacked(Visitor visitor, Client.Hook hook, String text)
      throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(UTF_8));
    }
    visitor
        .client()
        .send(
            HttpRequest.newBuilder(hook.url())
                .header("content-encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));
  }

  @Test
  void aValueThatIsOpenIsOneToFilterBy(Visitor visitor) {
    Client.Hook hook = visitor.client().createHook();
    postPayments(visitor, hook);
    Page page = visitor.open(hook);
    page.locator("#filter").fill("-paid");
    assertThat(Visitor.rows(page)).hasCount(1);
    Visitor.openRow(page, 2);
    page.locator("#filter").fill("");
    page.locator(".viewer .row").filter(new Locator.FilterOptions().setHasText("status")).click();

    page.locator(".place").getByText("Filter by this").click();

    assertThat(page.locator("#filter")).hasValue("json:/data/object/status=failed");
    assertThat(Visitor.rows(page)).hasCount(1);
    assertThat(page.locator(".searched")).hasText("Searched 130 of 130");

    visitor.client().postKept(hook, "application/json", payment(131, "paid"));
    visitor.client().postKept(hook, "application/json", payment(132, "failed"));
    assertThat(Visitor.rows(page)).hasCount(2);
    assertThat(page.locator(".searched")).hasText("Searched 132 of 132 · 1 new without a match");

    Visitor.tab(page, "Headers")
        .getByRole(AriaRole.ROW)
        .filter(new Locator.FilterOptions().setHasText("content-type"))
        .getByLabel("Filter by this")
        .click();
    assertThat(page.locator("#filter"))
        .hasValue("json:/data/object/status=failed header:content-type:application/json");
    assertThat(Visitor.rows(page)).hasCount(2);
  }

  @Test
  void aFilterThatIsWrongSaysWhy(Visitor visitor) {
    visitor.expectFailedLoads();
    Client.Hook hook = visitor.client().createHook();
    visitor.client().postKept(hook, "application/json", utf8("{}"));
    Page page = visitor.open(hook);

    page.locator("#filter").fill("json:status");

    assertThat(page.locator(".searched")).hasText("json: It must be /pointer=value.");
    assertThat(page.locator(".list-scroll")).not().containsText("Nothing matches");
    page.locator("#filter").fill("json:/status=");
    assertThat(page.locator(".list-scroll")).containsText("Nothing matches the filter.");
  }

  /** The second has failed; all others are paid. Numbers are given when captures are stored. */
  private static void postPayments(Visitor visitor, Client.Hook hook) {
    for (int number = 1; number <= MANY; number++) {
      byte[] payment = payment(number, number == 2 ? "failed" : "paid");
      visitor.client().postKept(hook, "application/json", payment);
      if (number <= 2) {
        visitor.client().await(hook, number);
      }
    }
    visitor.client().await(hook, MANY);
  }

  private static byte[] payment(int number, String status) {
    String reason = status.equals("failed") ? "\"card_declined\"" : "null";
    return utf8(
        """
        {"id":"evt_%d","type":"payment","data":{"object":{"amount":2000,"padding":"%s",\
        "status":"%s","reason":%s}}}\
        """
            .formatted(number, "x".repeat(200), status, reason));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
