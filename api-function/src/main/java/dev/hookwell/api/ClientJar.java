package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Problem;
import dev.hookwell.capture.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The command line client as a file to download. A build of some modules alone may lack it. Read at
 * each request. Thread-safe.
 */
final class ClientJar {
  static final String NAME = "hookwell.jar";

  /** It changes with a deployment alone, and its digest is served beside it. */
  private static final Map<String, String> HEADERS = Map.of("cache-control", "public, max-age=600");

  private final ClassLoader classPath;

  ClientJar(ClassLoader classPath) {
    this.classPath = classPath;
  }

  /** The jar itself. */
  GatewayResponse file() {
    return read()
        .map(bytes ->
            GatewayResponse.binary(200, "application/java-archive", Body.copyOf(bytes))
                .with(HEADERS)
                .with(Map.of("content-disposition", "attachment; filename=\"" + NAME + "\"")))
        .orElseGet(ClientJar::absent);
  }

  /** Its SHA-256, as {@code sha256sum --check} reads it. */
  GatewayResponse digest() {
    return read()
        .map(bytes ->
            GatewayResponse.text(
                    200, "text/plain; charset=utf-8", sha256(bytes) + "  " + NAME + "\n")
                .with(HEADERS))
        .orElseGet(ClientJar::absent);
  }

  private static GatewayResponse absent() {
    return Problem.of(
            ProblemType.ROUTE_NOT_FOUND,
            "This system does not carry the client; ./hookwell in the repository builds it.")
        .response();
  }

  private Optional<byte[]> read() {
    try (InputStream in = classPath.getResourceAsStream(NAME)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
