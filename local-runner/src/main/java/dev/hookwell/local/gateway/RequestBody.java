package dev.hookwell.local.gateway;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A request's body in blocks, so that it grows without being copied, and takes little more than its
 * bytes, however small the pieces in which it arrives. Used by one thread at a time.
 */
final class RequestBody {
  private static final int FIRST_BLOCK = 1024;
  private static final int LARGEST_BLOCK = 64 * 1024;

  private final List<byte[]> blocks = new ArrayList<>(1);
  private int capacity;
  private int size;

  /** The room in memory that blocks take. */
  interface Room {
    /**
     * Takes bytes, if there is room for them.
     *
     * @param held bytes that the body has taken before
     */
    boolean take(int held, int bytes);
  }

  /** A body that needs no room. */
  static RequestBody of(byte[] bytes) {
    RequestBody body = new RequestBody();
    body.append(Buffer.buffer(bytes), (_, _) -> true);
    return body;
  }

  /** Appends a piece; false when there was no room for all of it. */
  boolean append(Buffer piece, Room room) {
    int taken = 0;
    while (taken < piece.length()) {
      if (size == capacity && !grow(room)) {
        return false;
      }
      byte[] block = blocks.getLast();
      int free = capacity - size;
      int length = Math.min(free, piece.length() - taken);
      piece.getBytes(taken, taken + length, block, block.length - free);
      taken += length;
      size += length;
    }
    return true;
  }

  /** Doubles the capacity, by at most the largest block. */
  private boolean grow(Room room) {
    int block = Math.clamp(capacity, FIRST_BLOCK, LARGEST_BLOCK);
    if (!room.take(capacity, block)) {
      return false;
    }
    blocks.add(new byte[block]);
    capacity += block;
    return true;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  InputStream open() {
    List<InputStream> parts = new ArrayList<>(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      parts.add(new ByteArrayInputStream(blocks.get(i), 0, used(i)));
    }
    return parts.size() == 1
        ? parts.getFirst()
        : new SequenceInputStream(Collections.enumeration(parts));
  }

  /** The body as UTF-8; invalid bytes become U+FFFD. */
  String text() {
    if (blocks.size() == 1) {
      return new String(blocks.getFirst(), 0, size, StandardCharsets.UTF_8);
    }
    byte[] whole = new byte[size];
    int position = 0;
    for (int i = 0; i < blocks.size(); i++) {
      System.arraycopy(blocks.get(i), 0, whole, position, used(i));
      position += used(i);
    }
    return new String(whole, StandardCharsets.UTF_8);
  }

  /**
   * The bytes that it takes between the quotes of a JSON string, at least: invalid UTF-8, and
   * characters of four bytes, take more.
   */
  long jsonLength() {
    long length = size;
    for (int i = 0; i < blocks.size(); i++) {
      byte[] block = blocks.get(i);
      int used = used(i);
      for (int position = 0; position < used; position++) {
        length += jsonLength(block[position]) - 1;
      }
    }
    return length;
  }

  private static int jsonLength(byte b) {
    return switch (b) {
      case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> 2;
      default -> b >= 0 && b < ' ' ? "\\u0000".length() : 1;
    };
  }

  private int used(int block) {
    byte[] bytes = blocks.get(block);
    return block == blocks.size() - 1 ? bytes.length - (capacity - size) : bytes.length;
  }

  /** Frees its bytes. */
  void clear() {
    blocks.clear();
    capacity = 0;
    size = 0;
  }
}
