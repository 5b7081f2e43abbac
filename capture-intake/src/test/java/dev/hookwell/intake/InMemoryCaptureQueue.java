package dev.hookwell.intake;

import dev.hookwell.capture.Envelope;
import java.util.ArrayList;
import java.util.List;

/** A queue for unit tests, which passes the contract of the real one. */
public final class InMemoryCaptureQueue implements CaptureQueue {
  private final List<String> messages = new ArrayList<>();
  private boolean down;

  @Override
  public synchronized Sent send(Envelope envelope) {
    if (down) {
      return new Sent.NotKept("down");
    }
    if (envelope.text().length() > Envelope.MAX_BYTES) {
      return new Sent.NotKept("too-long");
    }
    messages.add(envelope.text());
    return new Sent.Kept();
  }

  public synchronized void goDown() {
    down = true;
  }

  public synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  public synchronized List<String> drain() {
    List<String> all = List.copyOf(messages);
    messages.clear();
    return all;
  }
}
