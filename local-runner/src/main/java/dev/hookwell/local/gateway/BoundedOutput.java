package dev.hookwell.local.gateway;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Keeps what is written up to a limit, and beyond it only the fact that there was more. What it
 * holds is read where it lies, without a copy.
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

  /** What was written, in the first {@link #size} bytes; the array itself. */
  byte[] array() {
    return kept;
  }

  /** How much was written; nothing once the limit was exceeded. */
  int size() {
    return count;
  }

  /** What was written, given up here: the stream alone holds it, until it was read. */
  InputStream release() {
    InputStream stream = new Released(kept, count);
    kept = new byte[0];
    count = 0;
    return stream;
  }

  /** Once it is read whole, it holds nothing any more. */
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
