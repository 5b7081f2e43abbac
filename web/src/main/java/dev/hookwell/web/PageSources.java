package dev.hookwell.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The page's sources in a folder, and what is served of them: HTML files that name the assets by a
 * hash, and assets, of which the style sheets are joined into one. Each is a cascade layer of its
 * name; {@code layers.css} comes first and has their order.
 */
public final class PageSources {
  /** The HTML files; a folder without one of them is not the page's. */
  public static final List<String> PAGES = List.of("index.html", "terms.html");

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final String STYLES = "style/";
  private static final String CSS = ".css";
  private static final String LAYERS = STYLES + "layers.css";
  private static final String STYLE = "app.css";
  private static final String HASH_PLACEHOLDER = "@hash@";

  private final Path folder;

  public PageSources(Path folder) {
    this.folder = folder;
  }

  /** All assets by their names, but lit-html, which is nobody's source here. */
  public SortedMap<String, byte[]> assets() throws IOException {
    SortedMap<String, byte[]> assets = new TreeMap<>();
    StringBuilder layers = new StringBuilder();
    StringBuilder sheets = new StringBuilder();
    for (Path file : files()) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      if (name.equals(LAYERS)) {
        layers.append(Files.readString(file));
      } else if (name.startsWith(STYLES) && name.endsWith(CSS)) {
        String layer = name.substring(STYLES.length(), name.length() - CSS.length());
        sheets.append("@layer " + layer + " {\n" + Files.readString(file) + "}\n");
      } else if (!PAGES.contains(name)) {
        assets.put(name, Files.readAllBytes(file));
      }
    }
    assets.put(STYLE, layers.append(sheets).toString().getBytes(StandardCharsets.UTF_8));
    return assets;
  }

  /** One of {@link #PAGES}, with the hash that the assets are found under. */
  public String html(String page, String hash) throws IOException {
    Path file = folder.resolve(page);
    String text = Files.readString(file);
    if (!text.contains(HASH_PLACEHOLDER)) {
      throw new IllegalStateException(file + " does not name its assets by " + HASH_PLACEHOLDER);
    }
    return text.replace(HASH_PLACEHOLDER, hash);
  }

  /** Empty for a file that is no asset, as an editor's backup. */
  public static Optional<String> contentType(String name) {
    return Optional.ofNullable(CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
