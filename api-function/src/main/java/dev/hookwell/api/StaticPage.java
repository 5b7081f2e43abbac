package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import dev.hookwell.web.PageFiles;
import java.util.Map;

/** Serves the page from the class path: touches neither the store nor a key. */
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

  private static final Map<String, String> ASSET_HEADERS =
      Map.of(
          "content-encoding", "gzip",
          "cache-control", "public, max-age=31536000, immutable");

  private final PageFiles files;

  private StaticPage(PageFiles files) {
    this.files = files;
  }

  static StaticPage load() {
    return new StaticPage(PageFiles.load());
  }

  GatewayResponse index() {
    return html(files.index());
  }

  GatewayResponse terms() {
    return html(files.terms());
  }

  private static GatewayResponse html(byte[] page) {
    return GatewayResponse.text(200, "text/html; charset=utf-8", Body.copyOf(page))
        .with(PAGE_HEADERS)
        .with(Map.of("cache-control", "no-cache"));
  }

  GatewayResponse asset(String path) {
    return files
        .find(path)
        .map(asset ->
            GatewayResponse.binary(200, asset.contentType(), Body.copyOf(asset.gzipped()))
                .with(PAGE_HEADERS)
                .with(ASSET_HEADERS))
        .orElseGet(() ->
            Problem.of(ProblemType.ROUTE_NOT_FOUND, "This page has been replaced; load it again.")
                .response());
  }
}
