package dev.hookwell.acceptance.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import dev.hookwell.acceptance.support.Shell;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bodies that lie apart from their rows: the page shows, copies and saves every byte. */
@ExtendWith(OnThePage.class)
final class PageLargeBodies {
  private static final String BINARY = "application/octet-stream";
  private static final int WIDTH = 1170;

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(22).nextBytes(bytes);
    return bytes;
  }

  /** A picture of nearly 4 MiB, which nothing makes smaller. */
  private static byte[] noise() throws IOException {
    Random random = new Random(22);
    BufferedImage image = new BufferedImage(WIDTH, WIDTH, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < WIDTH; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static byte[] downloaded(Page page) throws IOException {
    Download saved = page.waitForDownload(() -> Visitor.button(page, "Download").first().click());
    return Files.readAllBytes(saved.path());
  }

  @Test
  void aPictureOfNearlyFourMebibytesIsSeenAndSavedAsItWasSent(Visitor visitor) throws IOException {
    Page page = visitor.open();
    byte[] png = noise();
    assertTrue(png.length > 4_000_000 && png.length <= CapturedBody.MAX_BYTES, png.length + "");
    visitor.client().postKept(visitor.hookOf(page), "image/png", png);

    Visitor.openRow(page, 1);

    page.waitForFunction(
        "width => document.querySelector('.picture img')?.naturalWidth === width", WIDTH);
    assertThat(page.locator(".digest")).containsText(Client.sha256(png));
    assertEquals(Client.sha256(png), Client.sha256(downloaded(page)));
  }

  @Test
  void fourMebibytesOfRandomBytesAreSavedExportedAndCopiedAsCurl(Visitor visitor)
      throws IOException {
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    byte[] body = random(CapturedBody.MAX_BYTES);
    visitor.client().postKept(hook, BINARY, body);
    Visitor.openRow(page, 1);

    assertEquals(Client.sha256(body), Client.sha256(downloaded(page)));

    Visitor.button(page, "More").click();
    Download export =
        page.waitForDownload(() -> page.locator("#more").getByText("Export as NDJSON").click());
    JsonNode line = Client.json(Files.readString(export.path()).strip());
    assertEquals("base64", line.at("/body/encoding").textValue());
    assertEquals(
        Client.sha256(body),
        Client.sha256(Base64.getDecoder().decode(line.at("/body/data").textValue())));

    Visitor.button(page, "Copy as …").click();
    String curl =
        Visitor.copied(page, () -> Visitor.button(page, "curl, for POSIX shells").click());
    assertTrue(Shell.run(curl).contains("\"id\""), "the copied line was not acknowledged");
    JsonNode again = visitor.client().await(hook, 2).get(1);
    assertEquals(body.length, again.get("bodySize").intValue());
    assertEquals(Client.sha256(body), again.get("bodySha256").textValue());
  }

  @Test
  @Shows("F64")
  void aBodyThatIsNotWhatWasReceivedIsSaidAndNotShown(Visitor visitor) throws IOException {
    visitor.expectFailedLoads();
    Page page = visitor.open();
    Client.Hook hook = visitor.hookOf(page);
    byte[] body = random(900_000);
    String id = visitor.client().postKept(hook, BINARY, body);
    visitor.client().await(hook, 1);
    Path object = visitor.object(hook, id);
    byte[] altered = body.clone();
    altered[450_000] ^= 1;
    Files.write(object, altered);

    Visitor.openRow(page, 1);

    assertThat(page.locator(".detail-note.warn"))
        .containsText("This body was kept, and what is kept now is not what was received.");
    assertThat(page.locator(".digest")).containsText(Client.sha256(body));
    assertThat(Visitor.button(page, "Download").first()).isDisabled();

    Files.write(object, body);
    page.reload();
    page.locator(".tabs").waitFor();
    assertEquals(Client.sha256(body), Client.sha256(downloaded(page)));
  }
}
