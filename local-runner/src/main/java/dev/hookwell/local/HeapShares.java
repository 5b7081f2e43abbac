package dev.hookwell.local;

/**
 * Who may have which share of the heap: the one table that everything follows which holds what
 * senders and readers send or ask for. What is left over is for the program itself and for its
 * garbage. The reasons and the measurements are in {@code docs/reliability.md}.
 *
 * @param heap bytes, of which each share is so many sixteenths
 */
public record HeapShares(long heap) {
  /** Up to here a body comes out of the share that large bodies cannot take. */
  static final int SMALL_BODY = 64 * 1024;

  /** An idle connection takes 6 KiB, and one with the largest head 34. */
  private static final int CONNECTION = 32 * 1024;

  /** As many as wait to be accepted: with more the machine's own limits would come first. */
  private static final int MOST_CONNECTIONS = 4096;

  /** A list of 500 captures, or one body of 4 MiB, with all that is made of it on its way out. */
  private static final int LIST = 32 * 1024 * 1024;

  private static final int MOST_LISTS = 8;

  /** A body of 64 KiB as an event, a capture and an envelope. */
  private static final int SMALL_INVOCATION = 512 * 1024;

  static HeapShares ofThisProcess() {
    return new HeapShares(Runtime.getRuntime().maxMemory());
  }

  private long sixteenths(int number) {
    return heap / 16 * number;
  }

  /** Bodies that are arriving or wait for their turn: the first 64 KiB of each. */
  long smallBodies() {
    return sixteenths(1);
  }

  /** Bodies that are arriving or wait for their turn: what each has beyond 64 KiB. */
  long largeBodies() {
    return sixteenths(3);
  }

  /** Invocations with bodies of more than 64 KiB. */
  long largeInvocations() {
    return sixteenths(2);
  }

  /** The same on the hook path with scripts, whose senders may have to wait. */
  long largeScriptedInvocations() {
    return sixteenths(1);
  }

  /** Requests under way on the hook path with scripts, waiting for their delay included. */
  int scriptedRequests() {
    return Math.max(1, connections() / 8);
  }

  /** Invocations with bodies of up to 64 KiB, by their number. */
  int smallInvocations() {
    return Math.clamp(sixteenths(1) / SMALL_INVOCATION, 1, Integer.MAX_VALUE);
  }

  /** Calls that read captures, by their number. */
  int lists() {
    return Math.clamp(sixteenths(2) / LIST, 1, MOST_LISTS);
  }

  /** Responses that their readers have not taken yet. */
  long responses() {
    return sixteenths(1);
  }

  /** Connections, by their number. */
  int connections() {
    return Math.clamp(sixteenths(1) / CONNECTION, 1, MOST_CONNECTIONS);
  }

  /** The queue's messages that are under way. */
  long queue() {
    return sixteenths(2);
  }
}
