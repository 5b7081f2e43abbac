package dev.hookwell.local.queue;

import dev.hookwell.capture.HookUid;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A message's place in the outbox. The messages of a hook lie together, the oldest first.
 *
 * @param hook the message's hook, {@link #NO_HOOK} if it names none
 * @param number grows with each message; its upper bits are the time at which it was sent
 */
public record OutboxKey(HookUid hook, long number) {
  /** The hook of messages that name none. */
  public static final HookUid NO_HOOK = new HookUid(new UUID(0, 0));

  /** A place before all messages. */
  static final OutboxKey BEFORE_ALL = before(NO_HOOK);

  /** Bits for the messages of one millisecond: 65,536 are more than any machine keeps. */
  private static final int NUMBER_BITS = 16;

  /** The number of a message that is sent now. */
  static long number(long last, Instant now) {
    return Math.max(last + 1, now.toEpochMilli() << NUMBER_BITS);
  }

  static OutboxKey of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new OutboxKey(
        new HookUid(new UUID(buffer.getLong(), buffer.getLong())), buffer.getLong());
  }

  /** Before all messages of a hook. */
  static OutboxKey before(HookUid hook) {
    return new OutboxKey(hook, 0);
  }

  /** Behind all messages of a hook. */
  static OutboxKey after(HookUid hook) {
    return new OutboxKey(hook, Long.MAX_VALUE);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(24)
        .putLong(hook.value().getMostSignificantBits())
        .putLong(hook.value().getLeastSignificantBits())
        .putLong(number)
        .array();
  }

  Instant sentAt() {
    return Instant.ofEpochMilli(number >>> NUMBER_BITS);
  }

  /** The message's id, which does not reveal its hook. */
  String messageId() {
    return new UUID(0, number).toString();
  }

  public String receipt() {
    return HexFormat.of().formatHex(bytes());
  }

  public static OutboxKey ofReceipt(String receipt) {
    return of(HexFormat.of().parseHex(receipt));
  }
}
