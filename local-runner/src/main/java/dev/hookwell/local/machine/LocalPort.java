package dev.hookwell.local.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out whether a port is free before the server that will listen on it is started. */
public final class LocalPort {
  /** How often another free port is tried, when it is taken on a second address. */
  private static final int TRIES = 20;

  /** Ports that were given out, on which their callers may not listen yet. */
  private static final Set<Integer> CLAIMED = ConcurrentHashMap.newKeySet();

  private LocalPort() {}

  /** A free port of 127.0.0.1 that this process has not claimed before. */
  public static int claim() {
    return claim(0, ListenAddresses.loopback());
  }

  /**
   * The port itself when it is free on all of the addresses; for 0, any that is and that this
   * process has not claimed before.
   *
   * @throws PortInUseException when it is taken
   */
  public static int claim(int port, ListenAddresses addresses) {
    for (int tries = 1; ; tries++) {
      try {
        int free = port;
        for (InetAddress address : addresses.all()) {
          free = free(free, address);
        }
        if (CLAIMED.add(free) || port != 0) {
          return free;
        }
      } catch (PortInUseException e) {
        if (port != 0 || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static int free(int port, InetAddress address) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.getLocalPort();
    } catch (BindException e) {
      throw new PortInUseException(port, ListenAddresses.text(address), e);
    } catch (IOException e) {
      throw new UncheckedIOException("no port to listen on", e);
    }
  }
}
