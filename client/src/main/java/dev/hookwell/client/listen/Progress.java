package dev.hookwell.client.listen;

import java.util.TreeSet;

/**
 * The captures that are finished, and the cursor that follows from them. For several threads.
 *
 * <p>The file is written before a delivery begins and after it ended. So only captures that were
 * under way at a kill are delivered again, and the next run can name them.
 */
final class Progress {
  /** Finished captures above one that isn't; further ones wait for it. Bounds the file. */
  private static final int MOST_AHEAD = 60;

  private final CursorFile file;
  private final TreeSet<Long> pending = new TreeSet<>();
  private final TreeSet<Long> ahead;
  private final TreeSet<Long> begun;
  private long looked;

  /**
   * @param start where to go on
   */
  Progress(CursorFile file, Cursor start) {
    this.file = file;
    this.looked = start.done();
    this.ahead = new TreeSet<>(start.ahead());
    this.begun = new TreeSet<>(start.begun());
    write();
  }

  /** Whether an earlier run finished it. */
  synchronized boolean isFinished(long seq) {
    return ahead.contains(seq);
  }

  /** A capture that is to be delivered. Numbers come in ascending order. */
  synchronized void expect(long seq) {
    pending.add(seq);
    looked = seq;
  }

  /** Up to this number no captures are to be delivered but those that are expected already. */
  synchronized void pass(long seq) {
    looked = Math.max(looked, seq);
  }

  /** Writes the effect of {@link #pass}; with thousands of captures passed over, once is enough. */
  synchronized void save() {
    write();
  }

  /** Begins a capture. Waits first while too many are finished above one that isn't. */
  synchronized void begin(long seq) throws InterruptedException {
    while (ahead.size() >= MOST_AHEAD && seq != pending.first()) {
      wait();
    }
    begun.add(seq);
    write();
  }

  /** Takes {@link #begin} back: nothing of the capture was sent. */
  synchronized void undo(long seq) {
    begun.remove(seq);
    write();
  }

  synchronized void finish(long seq) {
    begun.remove(seq);
    pending.remove(seq);
    ahead.add(seq);
    write();
    notifyAll();
  }

  private long done() {
    return pending.isEmpty() ? looked : pending.first() - 1;
  }

  /** How many are expected and not finished. */
  synchronized int open() {
    return pending.size();
  }

  private void write() {
    ahead.headSet(done() + 1).clear();
    begun.headSet(done() + 1).clear();
    file.write(new Cursor(done(), ahead, begun));
  }
}
