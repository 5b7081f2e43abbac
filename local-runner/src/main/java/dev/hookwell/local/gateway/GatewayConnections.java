package dev.hookwell.local.gateway;

import dev.hookwell.local.machine.HeapShares;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All connections of a gateway, and the shares of the heap that they have together. When a share is
 * used up, the connection that has been idle longest is ended. Runs on the event loop of the
 * connections; only bytes that were taken are given back from other threads.
 */
final class GatewayConnections {
  /**
   * The gateway holds this many times its connections, so that those too many still get a refusal.
   * Beyond that they are closed without one.
   */
  private static final int REFUSED_TOO = 2;

  private final Set<GatewayConnection> all = new LinkedHashSet<>();
  private final HeapShares shares;
  private final Duration spare;
  private final HeapShare smallBodies;
  private final HeapShare largeBodies;
  private final HeapShare responses;
  private volatile boolean closing;

  GatewayConnections(HeapShares shares, Duration spare) {
    this.shares = shares;
    this.spare = spare;
    this.smallBodies = new HeapShare(shares.smallBodies());
    this.largeBodies = new HeapShare(shares.largeBodies());
    this.responses = new HeapShare(shares.responses());
  }

  /** Adds a connection; false when there is no room for it. */
  boolean admit(GatewayConnection connection) {
    boolean room = all.size() < shares.connections() || makeRoom(_ -> true);
    all.add(connection);
    if (all.size() > REFUSED_TOO * shares.connections()) {
      connection.abort();
    }
    return room;
  }

  void remove(GatewayConnection connection) {
    all.remove(connection);
  }

  /** Ends the connections whose phase has taken too long. */
  void check() {
    Set.copyOf(all).forEach(GatewayConnection::check);
  }

  /** From now on connections are closed at once. */
  void close() {
    closing = true;
    for (GatewayConnection connection : Set.copyOf(all)) {
      if (connection.isRefused()) {
        connection.abort();
      }
    }
  }

  boolean isClosing() {
    return closing;
  }

  /** Room for one body. */
  BodyRoom bodyRoom() {
    return new BodyRoom();
  }

  /** Takes room for a response; false when there is none. */
  boolean takeResponse(long bytes) {
    while (!responses.take(bytes)) {
      if (!makeRoom(connection -> connection.phase() == GatewayConnection.Phase.RESPONSE)) {
        return false;
      }
    }
    return true;
  }

  void giveResponse(long bytes) {
    responses.give(bytes);
  }

  /** Ends the connection that has been idle longest; false when none has been for long enough. */
  private boolean makeRoom(Predicate<GatewayConnection> useful) {
    Optional<GatewayConnection> idlest =
        all.stream()
            .filter(useful)
            .filter(this::canGo)
            .max(Comparator.comparing(GatewayConnection::idle));
    idlest.ifPresent(GatewayConnection::giveUp);
    return idlest.isPresent();
  }

  /**
   * Whether it may be ended for others. Between two requests it may at once: its peer has to expect
   * that anyway.
   */
  private boolean canGo(GatewayConnection connection) {
    return switch (connection.phase()) {
      case IDLE, CLOSING -> true;
      case HEAD, BODY, RESPONSE, REFUSED -> connection.idle().compareTo(spare) > 0;
      case WORK -> false;
    };
  }

  /**
   * The bytes that one body has taken of the shares. They are taken on the event loop, and given
   * back once, by any thread.
   */
  final class BodyRoom implements RequestBody.Room {
    private int small;
    private int large;
    private boolean over;

    private BodyRoom() {}

    @Override
    public boolean take(int held, int bytes) {
      boolean isSmall = held < HeapShares.SMALL_BODY;
      HeapShare share = isSmall ? smallBodies : largeBodies;
      while (!share.take(bytes)) {
        if (!makeRoom(connection -> connection.hasBody(isSmall))) {
          return false;
        }
      }
      synchronized (this) {
        if (over) {
          share.give(bytes);
          return false;
        }
        if (isSmall) {
          small += bytes;
        } else {
          large += bytes;
        }
        return true;
      }
    }

    synchronized boolean has(boolean isSmall) {
      return isSmall ? small > 0 : large > 0;
    }

    synchronized void give() {
      over = true;
      smallBodies.give(small);
      largeBodies.give(large);
      small = 0;
      large = 0;
    }
  }
}
