package dev.hookwell.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class PageFilesTest {
  private static final Pattern IMPORT =
      Pattern.compile("^(?:import|export) [^;]*?from \"([^\"]+)\";", Pattern.MULTILINE);

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
          byte[] gzipped = asset.bytes();
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
    asset.bytes()[0] = 0;
    assertEquals((byte) 0x1f, asset.bytes()[0]);
  }

  @Test
  void twoLoadsAreEqual() {
    PageFiles again = PageFiles.load();
    assertEquals(page.hash(), again.hash());
    assertEquals(page.assets(), again.assets());
  }

  @Test
  void theFirstLoadWeighsAtMost100KilobytesInAtMost12Files() throws IOException {
    Set<String> files = firstLoad();
    int weight = page.index().length + weight(files.stream());
    assertTrue(weight <= 100_000, weight + " bytes");
    assertTrue(files.size() + 1 <= 12, files::toString);
  }

  @Test
  void allThatComesLaterWeighsAtMost250Kilobytes() throws IOException {
    Set<String> first = firstLoad();
    int weight = weight(page.assets().keySet().stream().filter(name -> !first.contains(name)));
    assertTrue(weight <= 250_000, weight + " bytes");
  }

  private PageFiles.Asset asset(String name) {
    return page.find(page.hash() + "/" + name).orElseThrow();
  }

  private int weight(Stream<String> names) {
    return names.mapToInt(name -> asset(name).bytes().length).sum();
  }

  /** The style, the icon, and the script with all that it imports before it runs. */
  private Set<String> firstLoad() throws IOException {
    Set<String> files = new TreeSet<>(Set.of("app.css", "icon.svg"));
    Deque<String> left = new ArrayDeque<>(List.of("app.js"));
    while (!left.isEmpty()) {
      String name = left.remove();
      if (files.add(name)) {
        String text = new String(gunzip(asset(name)), StandardCharsets.UTF_8);
        URI place = URI.create("/" + name);
        IMPORT
            .matcher(text)
            .results()
            .map(found -> place.resolve(found.group(1)).getPath().substring(1))
            .forEach(left::add);
      }
    }
    return files;
  }

  private static byte[] gunzip(PageFiles.Asset asset) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(asset.bytes())).readAllBytes();
  }
}
