package dev.hookwell.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out about a port of 127.0.0.1 before whoever will listen on it is started. */
final class LocalPort {
  /** Whoever asked for one may not listen on it yet. */
  private static final Set<Integer> CLAIMED = ConcurrentHashMap.newKeySet();

  private LocalPort() {}

  /**
   * The port itself when it is free; for 0, any free one that this process has not claimed before.
   *
   * @throws PortInUseException when it is taken
   */
  static int claim(int port) {
    int claimed = free(port);
    while (!CLAIMED.add(claimed) && port == 0) {
      claimed = free(port);
    }
    return claimed;
  }

  private static int free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (BindException e) {
      throw new PortInUseException(port, e);
    } catch (IOException e) {
      throw new UncheckedIOException("no port to listen on", e);
    }
  }
}
