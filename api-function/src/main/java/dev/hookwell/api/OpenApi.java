package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The API's own description, {@code openapi.json}; a test checks every response against it. */
final class OpenApi {
  private static final String FILE = "openapi.json";

  private OpenApi() {}

  static GatewayResponse response() {
    return GatewayResponse.text(200, GatewayResponse.APPLICATION_JSON, Body.copyOf(document()));
  }

  /** The version of the form of all responses, a hash of the document: 8 hexadecimal digits. */
  static String form() {
    return Form.NAME;
  }

  /** Read when it is first needed. */
  private static final class Form {
    private static final String NAME = Sha256.of(Body.copyOf(document())).hex().substring(0, 8);
  }

  private static byte[] document() {
    try (InputStream in =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream(FILE), "it is in the jar")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
