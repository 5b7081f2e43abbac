package dev.hookwell.local;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Keeps what is written up to a limit, and beyond it only the fact that there was more. */
final class BoundedOutput extends OutputStream {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int limit;
  private boolean exceeded;

  BoundedOutput(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (exceeded || length > limit - kept.size()) {
      exceeded = true;
      kept.reset();
    } else {
      kept.write(bytes, offset, length);
    }
  }

  boolean exceeded() {
    return exceeded;
  }

  /** What was written; nothing once the limit was exceeded. */
  byte[] toByteArray() {
    return kept.toByteArray();
  }
}
