package dev.hookwell.capture;

import java.util.zip.Deflater;

/** Estimates how far a body can be compressed, from samples of it. */
final class Compressibility {
  private static final int PARTS = 16;
  private static final int PART_BYTES = 4096;

  /** A whole body compresses better than its samples, since it repeats itself more. */
  private static final double REPETITION = 0.8;

  private Compressibility() {}

  /** Whether the compressed body may fit into {@code bytes}. An estimate, and deterministic. */
  static boolean mayFit(Body body, long bytes) {
    byte[] all = body.array();
    if (all.length <= PARTS * PART_BYTES) {
      return true;
    }
    long packed = 0;
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      byte[] out = new byte[2 * PART_BYTES];
      for (int i = 0; i < PARTS; i++) {
        int start = (int) ((long) (all.length - PART_BYTES) * i / (PARTS - 1));
        deflater.reset();
        deflater.setInput(all, start, PART_BYTES);
        deflater.finish();
        packed += deflater.deflate(out);
      }
    } finally {
      deflater.end();
    }
    return (double) packed / (PARTS * PART_BYTES) * all.length * REPETITION <= bytes;
  }
}
