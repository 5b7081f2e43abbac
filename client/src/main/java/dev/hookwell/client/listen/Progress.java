package dev.hookwell.client.listen;

import java.util.TreeSet;

/**
 * Which captures are finished, and the cursor that follows from it. For several threads.
 *
 * <p>The file is written before a delivery begins and after it ended. So what is delivered again
 * after a kill is what was under way, and no more, and the next run can say which.
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

  /** Up to this number nothing more is to be delivered than what is expected already. */
  synchronized void pass(long seq) {
    looked = Math.max(looked, seq);
  }

  /** Writes what {@link #pass} did; with thousands of captures passed over, once is enough. */
  synchronized void save() {
    write();
  }

  /** Waits while too much is finished above something that isn't. */
  synchronized void begin(long seq) throws InterruptedException {
    while (ahead.size() >= MOST_AHEAD && seq != pending.first()) {
      wait();
    }
    begun.add(seq);
    write();
  }

  /** It has not begun after all: nothing of it was sent. */
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
