package dev.hookwell.capture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A request's body as it travels and is stored.
 *
 * @param encoding the encoding of {@code data}
 * @param data the encoded bytes; empty when they were not kept, or lie apart
 * @param size bytes that were delivered, before any encoding of ours
 * @param sha256 of the delivered bytes
 */
public record CapturedBody(BodyEncoding encoding, Body data, long size, Sha256 sha256) {
  /** The longest body that is kept, in bytes: any such body fits one response of the API. */
  public static final int MAX_BYTES = 4 * 1024 * 1024;

  /** The delivered bytes, uncompressed. */
  public static CapturedBody of(Body delivered) {
    return new CapturedBody(BodyEncoding.PLAIN, delivered, delivered.size(), Sha256.of(delivered));
  }

  /** The same body compressed. Only for a body that is {@link BodyEncoding#PLAIN}. */
  CapturedBody gzipped() {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(data.size() / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed, 8192)) {
      data.writeTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException("compressing in memory cannot fail", e);
    }
    return new CapturedBody(BodyEncoding.GZIP, Body.owning(compressed.toByteArray()), size, sha256);
  }

  /** The number of delivered bytes that were kept: all or none. A hook's quota counts them. */
  public long keptBytes() {
    return encoding == BodyEncoding.NONE ? 0 : size;
  }

  /** The same body without its bytes. */
  CapturedBody withoutBytes() {
    return new CapturedBody(BodyEncoding.NONE, Body.EMPTY, size, sha256);
  }

  /** The same body with its bytes apart. */
  CapturedBody apart() {
    return new CapturedBody(BodyEncoding.OBJECT, Body.EMPTY, size, sha256);
  }

  /**
   * The delivered bytes, or nothing when they were not kept or lie apart. Decompresses at most
   * {@code size} bytes.
   *
   * @throws CorruptBodyException when the data does not give exactly {@code size} bytes
   */
  public Optional<Body> delivered() {
    return switch (encoding) {
      case NONE, OBJECT -> Optional.empty();
      case PLAIN -> Optional.of(data);
      case GZIP -> Optional.of(gunzip());
    };
  }

  private Body gunzip() {
    if (size < 0 || size > MAX_BYTES) {
      throw new CorruptBodyException("a kept body of " + size + " bytes");
    }
    try (InputStream gzip = new GZIPInputStream(data.open(), 8192)) {
      byte[] bytes = gzip.readNBytes((int) size);
      if (bytes.length != size || gzip.read() != -1) {
        throw new CorruptBodyException("a compressed body of another size than recorded");
      }
      return Body.owning(bytes);
    } catch (IOException e) {
      throw new CorruptBodyException("a compressed body that cannot be read", e);
    }
  }
}
