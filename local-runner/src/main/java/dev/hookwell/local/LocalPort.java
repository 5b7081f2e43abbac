package dev.hookwell.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds out about a port of 127.0.0.1 before whoever will listen on it is started. */
final class LocalPort {
  private LocalPort() {}

  /**
   * The port itself when it is free, or any free one for 0.
   *
   * @throws PortInUseException when it is taken
   */
  static int claim(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (BindException e) {
      throw new PortInUseException(port, e);
    } catch (IOException e) {
      throw new UncheckedIOException("no port to listen on", e);
    }
  }
}
