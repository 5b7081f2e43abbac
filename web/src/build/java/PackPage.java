import dev.hookwell.web.PageSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Packs the page for the class path: every asset of {@link PageSources} gzipped once, a manifest, and
 * HTML files that name the hash of the whole tree. The same sources always give the same bytes.
 *
 * <p>Arguments: the page's folder, the folder with lit-html.js, the folder to write.
 */
final class PackPage {
  private PackPage() {}

  public static void main(String[] arguments) throws IOException {
    PageSources page = new PageSources(Path.of(arguments[0]));
    Path litHtml = Path.of(arguments[1]);
    Path target = Path.of(arguments[2]);

    SortedMap<String, byte[]> assets = page.assets();
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
    for (String name : PageSources.PAGES) {
      Files.writeString(target.resolve(name), page.html(name, hash));
    }
    Files.copy(
        litHtml.resolve("LICENSE"),
        target.resolve("lit-html-LICENSE"),
        StandardCopyOption.REPLACE_EXISTING);
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
    return PageSources.contentType(name)
        .orElseThrow(() -> new IllegalStateException("No content type for " + name));
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
