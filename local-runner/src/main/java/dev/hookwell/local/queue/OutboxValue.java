package dev.hookwell.local.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A message as a value of the outbox's file. H2 has no checksums over the contents of its pages, so
 * each value has two: of its key, and of its text. The text's own is needed where the text is found
 * without its key, in a file that H2 cannot read.
 *
 * <p>Bytes: CRC-32C of the key (4), {@link #MARK} (1), CRC-32C of the text (4), the text. In format
 * 1: CRC-32C of key and text together (4), the text.
 */
final class OutboxValue {
  /** Format 1 has the end of a length here, which is less than 128. */
  private static final byte MARK = (byte) 0xC2;

  private static final int CHECKSUM_BYTES = 4;
  private static final int HEAD_BYTES = CHECKSUM_BYTES + 1 + CHECKSUM_BYTES;

  /** Where the mark stands, so many bytes before the text. */
  private static final int MARK_BEFORE = 1 + CHECKSUM_BYTES;

  private OutboxValue() {}

  static byte[] of(byte[] key, byte[] text) {
    return ByteBuffer.allocate(HEAD_BYTES + text.length)
        .putInt(checksum(key))
        .put(MARK)
        .putInt(checksum(text))
        .put(text)
        .array();
  }

  /**
   * The text of a value.
   *
   * @throws IllegalStateException when key or value are damaged
   */
  static byte[] text(byte[] key, byte[] value) {
    ByteBuffer head = ByteBuffer.wrap(value);
    byte[] text = textBehind(HEAD_BYTES, value);
    if (head.getInt() != checksum(key) || head.get() != MARK || head.getInt() != checksum(text)) {
      throw damaged();
    }
    return text;
  }

  static byte[] ofFormat1(byte[] key, byte[] text) {
    return ByteBuffer.allocate(CHECKSUM_BYTES + text.length)
        .putInt(checksum(key, text))
        .put(text)
        .array();
  }

  /** As {@link #text}, of a value in format 1. */
  static byte[] textOfFormat1(byte[] key, byte[] value) {
    byte[] text = textBehind(CHECKSUM_BYTES, value);
    if (ByteBuffer.wrap(value).getInt() != checksum(key, text)) {
      throw damaged();
    }
    return text;
  }

  private static byte[] textBehind(int head, byte[] value) {
    if (value.length < head) {
      throw damaged();
    }
    return Arrays.copyOfRange(value, head, value.length);
  }

  /**
   * Whether a text that was found in the bytes of a file is as it was written. A write that broke
   * off is followed by older bytes, so its checksum is wrong. A text of format 1 has no checksum of
   * its own, and counts as whole.
   *
   * @param bytes of the file, each a character
   */
  static boolean mayBeWhole(String bytes, int start, int end) {
    if (start < MARK_BEFORE || bytes.charAt(start - MARK_BEFORE) != Byte.toUnsignedInt(MARK)) {
      return true;
    }
    byte[] checksum =
        bytes.substring(start - CHECKSUM_BYTES, start).getBytes(StandardCharsets.ISO_8859_1);
    byte[] text = bytes.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.wrap(checksum).getInt() == checksum(text);
  }

  private static int checksum(byte[]... parts) {
    CRC32C checksum = new CRC32C();
    for (byte[] part : parts) {
      checksum.update(part);
    }
    return (int) checksum.getValue();
  }

  private static IllegalStateException damaged() {
    return new IllegalStateException("a message of the outbox is damaged");
  }
}
