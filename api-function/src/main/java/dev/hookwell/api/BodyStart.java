package dev.hookwell.api;

import dev.hookwell.api.find.SearchedBody;
import dev.hookwell.capture.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The first bytes of a body: as many as are searched. */
final class BodyStart {
  private BodyStart() {}

  static byte[] of(Body body) {
    try (InputStream in = body.open()) {
      return in.readNBytes(SearchedBody.MOST_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException("reading memory cannot fail", e);
    }
  }
}
