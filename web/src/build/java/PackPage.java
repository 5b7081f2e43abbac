import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Packs the page for the class path: every asset gzipped once, a manifest, and HTML files that
 * name the hash of the whole tree. The style sheets are joined into one, in the order of their
 * names. The same sources always give the same bytes.
 *
 * <p>Arguments: the page's folder, the folder with lit-html.js, the folder to write.
 */
final class PackPage {
  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final List<String> PAGES = List.of("index.html", "terms.html");
  private static final String STYLES = "style/";
  private static final String STYLE = "app.css";
  private static final String HASH_PLACEHOLDER = "@hash@";

  private PackPage() {}

  public static void main(String[] arguments) throws IOException {
    Path page = Path.of(arguments[0]);
    Path litHtml = Path.of(arguments[1]);
    Path target = Path.of(arguments[2]);

    SortedMap<String, byte[]> assets = new TreeMap<>();
    SortedMap<String, byte[]> styles = new TreeMap<>();
    for (Path file : files(page)) {
      String name = page.relativize(file).toString().replace('\\', '/');
      if (!PAGES.contains(name)) {
        (name.startsWith(STYLES) ? styles : assets).put(name, Files.readAllBytes(file));
      }
    }
    assets.put(STYLE, joined(styles.values()));
    assets.put(
        "lit/lit-html.js", withoutSourceMap(Files.readAllBytes(litHtml.resolve("lit-html.js"))));

    String hash = hash(assets);

    deleteOld(target.resolve("assets"));
    StringBuilder manifest = new StringBuilder("hash\t" + hash + "\n");
    for (Map.Entry<String, byte[]> asset : assets.entrySet()) {
      String name = asset.getKey();
      Path packed = target.resolve("assets").resolve(name + ".gz");
      Files.createDirectories(packed.getParent());
      Files.write(packed, gzip(asset.getValue()));
      manifest
          .append(name)
          .append('\t')
          .append(contentType(name))
          .append('\t')
          .append(asset.getValue().length)
          .append('\n');
    }
    Files.writeString(target.resolve("assets.tsv"), manifest.toString());
    for (String name : PAGES) {
      Files.writeString(target.resolve(name), withHash(page.resolve(name), hash));
    }
    Files.copy(
        litHtml.resolve("LICENSE"),
        target.resolve("lit-html-LICENSE"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String withHash(Path file, String hash) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(HASH_PLACEHOLDER)) {
      throw new IllegalStateException(file + " does not name its assets by " + HASH_PLACEHOLDER);
    }
    return text.replace(HASH_PLACEHOLDER, hash);
  }

  private static byte[] joined(Collection<byte[]> texts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    texts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static Iterable<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void deleteOld(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String contentType(String name) {
    String type = CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("No content type for " + name);
    }
    return type;
  }

  /** The map is not packed, and a browser's tools would ask for it. */
  private static byte[] withoutSourceMap(byte[] script) {
    String text = new String(script, StandardCharsets.UTF_8);
    return text.replaceFirst("\\n?//# sourceMappingURL=\\S+\\s*$", "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(SortedMap<String, byte[]> assets) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    assets.forEach((name, bytes) -> {
      digest.update((name + "\t" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    });
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** {@code GZIPOutputStream} writes no time and no name, so the same bytes give the same file. */
  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        new GZIPOutputStream(packed) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
