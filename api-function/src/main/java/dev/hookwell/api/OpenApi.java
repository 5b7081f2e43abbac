package dev.hookwell.api;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The API's own description, {@code openapi.json}; a test holds every answer against it. */
final class OpenApi {
  private static final String FILE = "openapi.json";

  private OpenApi() {}

  static GatewayResponse answer() {
    try (InputStream in =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream(FILE), "it is in the jar")) {
      return GatewayResponse.text(
          200, GatewayResponse.APPLICATION_JSON, Body.copyOf(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
