package dev.hookwell.store;

import dev.hookwell.capture.BodyEncoding;
import dev.hookwell.capture.Capture;
import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.StoredHead;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A capture in the bytes of its columns. */
final class EncodedCapture {
  /** Bodies above this are kept apart from their rows. */
  static final int LARGEST_INLINE_BODY = 8 * 1024;

  /**
   * The bytes that a row takes beside its own data: ids, numbers, times, SHA-256, lengths, its
   * index.
   */
  static final int ROW_OVERHEAD = 256;

  private final Capture capture;
  private final byte[] method;
  private final byte[] path;
  private final byte[] query;
  private final byte[] head;
  private final byte[] data;

  private EncodedCapture(Capture capture) {
    this.capture = capture;
    this.method = capture.request().method().getBytes(StandardCharsets.UTF_8);
    this.path = StoredPath.of(capture).getBytes(StandardCharsets.UTF_8);
    this.query = capture.request().query().getBytes(StandardCharsets.UTF_8);
    this.head = StoredHead.of(capture).toBytes();
    this.data = capture.body().data().toByteArray();
  }

  static EncodedCapture of(Capture capture) {
    return new EncodedCapture(capture);
  }

  Capture capture() {
    return capture;
  }

  HookUid hook() {
    return capture.hook().uid();
  }

  UUID id() {
    return capture.id();
  }

  long receivedMicros() {
    return Utc.micros(capture.receivedAt());
  }

  byte[] method() {
    return method;
  }

  byte[] path() {
    return path;
  }

  byte[] query() {
    return query;
  }

  byte[] head() {
    return head;
  }

  byte[] data() {
    return data;
  }

  boolean isLarge() {
    return data.length > LARGEST_INLINE_BODY;
  }

  /** Whether the body lies apart from the database. */
  boolean isObject() {
    return capture.body().encoding() == BodyEncoding.OBJECT;
  }

  /** About how many bytes it takes, in a statement and as a row. */
  int size() {
    return ROW_OVERHEAD + method.length + path.length + query.length + head.length + data.length;
  }

  /** The same with the object. */
  long storedSize() {
    return size() + (isObject() ? capture.body().size() : 0);
  }
}
