package dev.hookwell.local.gateway;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Keeps the bytes that are written, up to a limit. Once there are more it keeps none, only the fact
 * that there were more. Its bytes are read in place, without a copy.
 */
final class BoundedOutput extends OutputStream {
  private final int limit;
  private byte[] kept;
  private int count;
  private boolean exceeded;

  /**
   * @param expected about how many bytes will be written
   */
  BoundedOutput(int limit, long expected) {
    this.limit = limit;
    this.kept = new byte[Math.clamp(expected, 512, Math.max(512, limit))];
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (exceeded || length > limit - count) {
      exceeded = true;
      kept = new byte[0];
      count = 0;
      return;
    }
    if (length > kept.length - count) {
      long doubled = Math.max(2L * kept.length, (long) count + length);
      kept = Arrays.copyOf(kept, (int) Math.min(doubled, limit));
    }
    System.arraycopy(bytes, offset, kept, count, length);
    count += length;
  }

  boolean exceeded() {
    return exceeded;
  }

  /** The array itself; the bytes written are its first {@link #size}. */
  byte[] array() {
    return kept;
  }

  /** How many bytes were written; 0 once the limit was exceeded. */
  int size() {
    return count;
  }

  /** Moves the bytes written into a stream, which alone holds them until they are read. */
  InputStream release() {
    InputStream stream = new Released(kept, count);
    kept = new byte[0];
    count = 0;
    return stream;
  }

  /** A stream that frees its bytes once {@link #readAllBytes} has read them. */
  private static final class Released extends ByteArrayInputStream {
    Released(byte[] bytes, int length) {
      super(bytes, 0, length);
    }

    @Override
    public synchronized byte[] readAllBytes() {
      byte[] rest = pos == 0 && count == buf.length ? buf : Arrays.copyOfRange(buf, pos, count);
      buf = new byte[0];
      pos = 0;
      count = 0;
      return rest;
    }
  }
}
