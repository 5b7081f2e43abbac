package dev.hookwell.bodies;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A proxy to a server that delays every part of the data, each by less than a client's timeout. */
final class SlowWay implements AutoCloseable {
  private final int server;
  private final int part;
  private final int pauseMillis;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * @param part the number of bytes that are passed on together
   * @param pauseMillis the pause before each part
   */
  SlowWay(URI server, int part, int pauseMillis) throws IOException {
    this.server = server.getPort();
    this.part = part;
    this.pauseMillis = pauseMillis;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
        sockets.add(client);
        sockets.add(behind);
        Thread.ofVirtual().start(() -> copy(client, behind));
        Thread.ofVirtual().start(() -> copy(behind, client));
      } catch (IOException _) {
        // The proxy was closed, or the client has gone.
      }
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] bytes = new byte[part];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
        out.write(bytes, 0, read);
      }
    } catch (IOException _) {
      // One side has gone, the other is closed too.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
