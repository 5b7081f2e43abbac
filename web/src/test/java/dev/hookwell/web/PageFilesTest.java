package dev.hookwell.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class PageFilesTest {
  private final PageFiles page = PageFiles.load();

  @Test
  void assetIsFoundUnderTheHashOnly() {
    assertTrue(page.find(page.hash() + "/app.js").isPresent());
    assertEquals(Optional.empty(), page.find("app.js"));
    assertEquals(Optional.empty(), page.find("0000000000000000/app.js"));
    assertEquals(Optional.empty(), page.find(page.hash() + "/../index.html"));
    assertEquals(Optional.empty(), page.find(page.hash() + "/missing.js"));
    assertEquals(Optional.empty(), page.find(""));
  }

  @Test
  void assetIsTheSourceGzipped() throws IOException {
    PageFiles.Asset asset = page.find(page.hash() + "/poller.js").orElseThrow();
    byte[] source = Files.readAllBytes(Path.of("src/main/page/poller.js"));
    assertEquals("text/javascript; charset=utf-8", asset.contentType());
    assertEquals(source.length, asset.size());
    assertArrayEquals(source, gunzip(asset));
  }

  @Test
  void theStyleIsAllSheetsInOrder() throws IOException {
    StringBuilder sheets = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("src/main/page/style"))) {
      for (Path file : files.sorted().toList()) {
        sheets.append(Files.readString(file));
      }
    }
    byte[] style = gunzip(page.find(page.hash() + "/app.css").orElseThrow());
    assertEquals(sheets.toString(), new String(style, StandardCharsets.UTF_8));
  }

  @Test
  void gzipCarriesNoTime() {
    page.assets()
        .forEach((name, asset) -> {
          byte[] gzipped = asset.gzipped();
          assertEquals(0, gzipped[4] | gzipped[5] | gzipped[6] | gzipped[7], name + " has a time");
        });
  }

  @Test
  void indexNamesTheHashAndNoPlaceholder() {
    String index = new String(page.index(), StandardCharsets.UTF_8);
    assertTrue(index.contains("/assets/" + page.hash() + "/app.js"));
    assertTrue(!index.contains("@hash@"));
  }

  @Test
  void nobodyCanChangeWhatIsServed() {
    page.index()[0] = 0;
    assertEquals('<', page.index()[0]);
    PageFiles.Asset asset = page.find(page.hash() + "/app.css").orElseThrow();
    asset.gzipped()[0] = 0;
    assertEquals((byte) 0x1f, asset.gzipped()[0]);
  }

  @Test
  void twoLoadsAreEqual() {
    PageFiles again = PageFiles.load();
    assertEquals(page.hash(), again.hash());
    assertEquals(page.assets(), again.assets());
  }

  @Test
  void wholePageWeighsLessThan150KilobytesGzipped() {
    int weight =
        page.assets().values().stream().mapToInt(asset -> asset.gzipped().length).sum()
            + page.index().length;
    assertTrue(weight < 150_000, weight + " bytes");
  }

  private static byte[] gunzip(PageFiles.Asset asset) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(asset.gzipped())).readAllBytes();
  }
}
