package dev.hookwell.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes JSON into memory, where writing cannot fail. */
public final class JsonBytes {
  private static final int LIKELY_BYTES = 512;

  private static final JsonFactory JSON = new JsonFactory();

  private JsonBytes() {}

  /** Writes the members of an object that is open. */
  @FunctionalInterface
  public interface Members {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** An object of these members, in UTF-8. */
  public static byte[] object(Members members) {
    return object(JSON, LIKELY_BYTES, members);
  }

  /**
   * An object of these members as this factory writes it, in UTF-8.
   *
   * @param likely how many bytes it will likely have
   */
  public static byte[] object(JsonFactory factory, int likely, Members members) {
    return write(factory, likely, members).toByteArray();
  }

  /** The same as a string. */
  static String text(JsonFactory factory, int likely, Members members) {
    return write(factory, likely, members).toString(StandardCharsets.UTF_8);
  }

  private static ByteArrayOutputStream write(JsonFactory factory, int likely, Members members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(likely);
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      members.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return out;
  }
}
