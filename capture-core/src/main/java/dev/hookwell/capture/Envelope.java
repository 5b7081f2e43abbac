package dev.hookwell.capture;

/**
 * A capture as it travels in an SQS message.
 *
 * @param capture as it was written: its body perhaps compressed, apart, or without its bytes
 * @param text one line of ASCII JSON, so its length is its size in bytes
 */
public record Envelope(Capture capture, String text) {
  /** The largest message that SQS takes, in bytes. */
  public static final int MAX_BYTES = 1_048_576;

  /** SQS bills a message in units of 64 KiB. */
  static final int BILLING_UNIT_BYTES = 65_536;

  /** Whether the body's bytes are kept, with it or apart. */
  public boolean keepsBody() {
    return capture.body().encoding() != BodyEncoding.NONE;
  }

  /** Whether the body is an object. The object has to be stored before the envelope is sent. */
  public boolean hasBodyApart() {
    return capture.body().encoding() == BodyEncoding.OBJECT;
  }

  /**
   * Whether it fits an SQS message. Only a head over 1 MiB does not, and the gateway passes none.
   */
  public boolean fits() {
    return text.length() <= MAX_BYTES;
  }
}
