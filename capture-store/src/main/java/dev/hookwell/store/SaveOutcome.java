package dev.hookwell.store;

/** The outcome of one capture of a batch. */
public enum SaveOutcome {
  /** It is in the store, by this call. Done. */
  STORED,
  /** It was in the store already, or stood in the batch before; maybe deleted since. Done. */
  DUPLICATE,
  /** Its hook was deleted, or cleared after it was received: its owner wants it gone. Done. */
  DROPPED,
  /** Its life, or its hook's, was over when it got here. Done. */
  EXPIRED,
  /** The database refuses its data, and always will: set this one capture aside. */
  POISON,
  /** There was no time for it before the deadline: nothing is wrong, it has to come again. */
  RETRY_LATER;

  /** Whether the capture need not come again. */
  public boolean isDone() {
    return switch (this) {
      case STORED, DUPLICATE, DROPPED, EXPIRED -> true;
      case POISON, RETRY_LATER -> false;
    };
  }
}
