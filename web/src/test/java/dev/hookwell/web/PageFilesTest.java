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
  void theStyleIsTheOrderOfTheLayersAndEachSheetInItsOwn() throws IOException {
    Path folder = Path.of("src/main/page/style");
    StringBuilder sheets = new StringBuilder(Files.readString(folder.resolve("layers.css")));
    for (String layer : sheets(folder)) {
      String sheet = Files.readString(folder.resolve(layer + ".css"));
      sheets.append("@layer " + layer + " {\n" + sheet + "}\n");
    }
    byte[] style = gunzip(page.find(page.hash() + "/app.css").orElseThrow());
    assertEquals(sheets.toString(), new String(style, StandardCharsets.UTF_8));
  }

  @Test
  void everySheetHasItsPlaceInTheOrderOfTheLayersAndNoOther() throws IOException {
    Path folder = Path.of("src/main/page/style");
    String layers = Files.readString(folder.resolve("layers.css"));
    int start = layers.indexOf("@layer") + "@layer".length();
    String order = layers.substring(start, layers.indexOf(';', start));
    List<String> named = Stream.of(order.split(",")).map(String::strip).sorted().toList();
    assertEquals(sheets(folder), named);
    named.forEach(layer -> assertTrue(layer.matches("[a-z]+"), layer + " is no name of a layer"));
  }

  private static List<String> sheets(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString().replace(".css", ""))
          .filter(name -> !name.equals("layers"))
          .sorted()
          .toList();
    }
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
