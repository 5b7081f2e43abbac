package dev.hookwell.local.machine;

/**
 * The shares of the heap. Every part that holds requests or responses takes its bound from this one
 * table. The rest is for the program itself and for its garbage. The reasons and the measurements
 * are in {@code docs/reliability.md}.
 *
 * @param heap bytes, of which each share is so many sixteenths
 */
public record HeapShares(long heap) {
  /**
   * Bytes of a body that count against {@link #smallBodies}; the rest counts against {@link
   * #largeBodies}.
   */
  public static final int SMALL_BODY = 64 * 1024;

  /** An idle connection takes 6 KiB, and one with the largest head 34. */
  private static final int CONNECTION = 32 * 1024;

  /**
   * As many as the listening socket's backlog: with more, the machine's own limits would come
   * first.
   */
  private static final int MOST_CONNECTIONS = 4096;

  /**
   * Bytes for a list of 500 captures, or for one body of 4 MiB, with all copies up to the response.
   */
  private static final int LIST = 32 * 1024 * 1024;

  private static final int MOST_LISTS = 8;

  /** Bytes for a body of 64 KiB as an event, a capture and an envelope. */
  private static final int SMALL_INVOCATION = 512 * 1024;

  public static HeapShares ofThisProcess() {
    return new HeapShares(Runtime.getRuntime().maxMemory());
  }

  private long sixteenths(int number) {
    return heap / 16 * number;
  }

  /** Bodies that are arriving or wait for their turn: the first 64 KiB of each. */
  public long smallBodies() {
    return sixteenths(1);
  }

  /** Bodies that are arriving or wait for their turn: the part of each beyond 64 KiB. */
  public long largeBodies() {
    return sixteenths(3);
  }

  /** Invocations with bodies of more than 64 KiB. */
  public long largeInvocations() {
    return sixteenths(2);
  }

  /** The same on the hook path with scripts, whose senders may have to wait. */
  public long largeScriptedInvocations() {
    return sixteenths(1);
  }

  /** Requests under way on the hook path with scripts, waiting for their delay included. */
  public int scriptedRequests() {
    return Math.max(1, connections() / 8);
  }

  /** Invocations with bodies of up to 64 KiB, by their number. */
  public int smallInvocations() {
    return Math.clamp(sixteenths(1) / SMALL_INVOCATION, 1, Integer.MAX_VALUE);
  }

  /** Calls that read captures, by their number. */
  public int lists() {
    return Math.clamp(sixteenths(2) / LIST, 1, MOST_LISTS);
  }

  /** Responses that their readers have not taken yet. */
  public long responses() {
    return sixteenths(1);
  }

  /** Connections, by their number. */
  public int connections() {
    return Math.clamp(sixteenths(1) / CONNECTION, 1, MOST_CONNECTIONS);
  }

  /** The queue's messages that are under way. */
  public long queue() {
    return sixteenths(2);
  }
}
