package dev.hookwell.acceptance.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Stands in front of a server, on a port of its own, and breaks the way to it when asked. */
public final class TcpProxy implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;

  private final int serverPort;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Fault fault = new Fault.None();

  /** The faults of the connections. */
  public sealed interface Fault {
    record None() implements Fault {}

    /** Connections are closed as soon as they are made, and those that exist are cut. */
    record Refuse() implements Fault {}

    /** Connections are taken, and nothing ever comes back. */
    record Blackhole() implements Fault {}

    /** Every part of a response is late. */
    record Delay(int millis) implements Fault {}

    /** Each connection ends, by a reset, after so many bytes of responses. */
    record Reset(int bytes) implements Fault {}
  }

  public TcpProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** From now on, on connections that exist too. */
  public void set(Fault next) {
    fault = next;
    if (next instanceof Fault.Refuse) {
      cut();
    }
  }

  /** Back to normal; connections that hang are cut. */
  public void heal() {
    set(new Fault.None());
    cut();
  }

  private void cut() {
    sockets.forEach(TcpProxy::reset);
    sockets.clear();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        if (fault instanceof Fault.Refuse) {
          reset(client);
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> copy(client, server, false));
        Thread.ofVirtual().start(() -> copy(server, client, true));
      } catch (IOException _) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private void copy(Socket from, Socket to, boolean answers) {
    byte[] chunk = new byte[CHUNK];
    long passed = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        passed += read;
        Fault now = fault;
        if (now instanceof Fault.Blackhole) {
          continue;
        }
        if (answers && now instanceof Fault.Delay delay) {
          TimeUnit.MILLISECONDS.sleep(delay.millis());
        }
        if (answers && now instanceof Fault.Reset reset && passed > reset.bytes()) {
          reset(to);
          return;
        }
        out.write(chunk, 0, read);
      }
    } catch (IOException _) {
      // One side has gone, the other is closed too.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // It is gone already.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
