package dev.hookwell.intake;

import java.util.List;

final class InMemoryCaptureQueueTest implements CaptureQueueContract {
  private final InMemoryCaptureQueue queue = new InMemoryCaptureQueue();

  @Override
  public CaptureQueue queue() {
    return queue;
  }

  @Override
  public List<String> drain() {
    return queue.drain();
  }
}
