package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.web.PageFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Serves the page from the class path, or from a folder of its sources: uses neither the store nor
 * a key.
 */
final class StaticPage {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types lit-html hookwell-worker";

  private static final Map<String, String> PAGE_HEADERS =
      Map.of(
          "content-security-policy", CONTENT_SECURITY_POLICY,
          "referrer-policy", "no-referrer",
          "permissions-policy",
              "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
          "cross-origin-opener-policy", "same-origin",
          "cross-origin-resource-policy", "same-origin",
          "strict-transport-security", "max-age=31536000");

  private final Supplier<PageFiles> files;
  private final Map<String, String> ofHtml;
  private final Map<String, String> ofAssets;

  private StaticPage(
      Supplier<PageFiles> files, Map<String, String> ofHtml, Map<String, String> ofAssets) {
    this.files = files;
    this.ofHtml = ofHtml;
    this.ofAssets = ofAssets;
  }

  static StaticPage load() {
    PageFiles packed = PageFiles.load();
    return new StaticPage(
        () -> packed,
        Map.of("cache-control", "no-cache"),
        Map.of(
            "content-encoding", "gzip",
            "cache-control", "public, max-age=31536000, immutable"));
  }

  /** Reads the files again for each request, and forbids caching them. */
  static StaticPage ofFolder(Path folder) {
    return new StaticPage(() -> PageFiles.ofFolder(folder), Map.of(), Map.of());
  }

  GatewayResponse index() {
    return html(files.get().index());
  }

  GatewayResponse terms() {
    return html(files.get().terms());
  }

  private GatewayResponse html(byte[] page) {
    return GatewayResponse.text(200, "text/html; charset=utf-8", Body.copyOf(page))
        .with(PAGE_HEADERS)
        .with(ofHtml);
  }

  GatewayResponse asset(String path) {
    return files
        .get()
        .find(path)
        .map(asset ->
            GatewayResponse.binary(200, asset.contentType(), Body.copyOf(asset.bytes()))
                .with(PAGE_HEADERS)
                .with(ofAssets))
        .orElseGet(() ->
            Problem.of(ProblemType.ROUTE_NOT_FOUND, "This page has been replaced; load it again.")
                .response());
  }
}
