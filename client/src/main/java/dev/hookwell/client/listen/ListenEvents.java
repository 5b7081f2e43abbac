package dev.hookwell.client.listen;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.Capture;
import java.time.Duration;
import java.util.Collection;

/**
 * Takes the events while a hook is followed, from several threads. An exception of a method ends
 * the listening, and the capture of that event counts as not finished.
 */
public interface ListenEvents {
  /**
   * It begins.
   *
   * @param after the number that it goes on from
   * @param waiting captures that are there already
   * @param earlier captures that are there and are not delivered
   */
  void ready(long after, long waiting, long earlier);

  /** These were under way when the last run was killed, and may be delivered twice. */
  void repeating(Collection<Long> numbers);

  void delivered(Delivered delivered);

  /** A capture before it is delivered, with its body. */
  void received(Capture capture, Bytes body);

  /** Captures from one number to another can no longer be read. */
  void gone(long from, long to, String reason);

  /** A capture that can't be delivered as it was sent, and so isn't. */
  void skipped(Capture capture, String reason);

  /** The API can't be used for now. */
  void disconnected(String reason);

  void connected();

  /** The target can't be connected to; everything waits for it. */
  void targetDown(String reason);

  void targetUp();

  /** This process, or the machine, stood still. */
  void resumed(Duration standstill);

  /** The progress with the backlog. */
  void progress(long delivered, long open, double perSecond);
}
