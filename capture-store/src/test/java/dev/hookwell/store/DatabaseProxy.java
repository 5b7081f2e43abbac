package dev.hookwell.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and PostgreSQL, counts what goes by, and breaks things when asked. */
public final class DatabaseProxy implements AutoCloseable {
  private static final int SYNC = 'S';
  private static final int READY_FOR_QUERY = 'Z';

  private final int serverPort;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger syncs = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger largestMessage = new AtomicInteger();
  private final AtomicBoolean resetBeforeNextAnswer = new AtomicBoolean();

  public DatabaseProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** The same database, through this proxy. */
  public String through(String databaseUrl) {
    return databaseUrl.replaceFirst(":\\d+/", ":" + listener.getLocalPort() + "/");
  }

  /** The server does what it is asked next, and commits it; the client never learns of it. */
  void resetBeforeNextAnswer() {
    resetBeforeNextAnswer.set(true);
  }

  /** Round trips so far: in the extended protocol each ends with a Sync. */
  public int syncs() {
    return syncs.get();
  }

  int connections() {
    return connections.get();
  }

  /** Bytes of the longest message to the server so far. */
  int largestMessage() {
    return largestMessage.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        connections.incrementAndGet();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> toServer(client, server));
        Thread.ofVirtual().start(() -> toClient(server, client));
      }
    } catch (IOException e) {
      // Closed: the end.
    }
  }

  private void toServer(Socket client, Socket server) {
    try (client;
        server) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(server.getOutputStream());
      // The first message has no type.
      int first = in.readInt();
      out.writeInt(first);
      out.write(in.readNBytes(first - 4));
      out.flush();
      while (true) {
        int type = in.read();
        if (type < 0) {
          return;
        }
        int length = in.readInt();
        largestMessage.accumulateAndGet(length, Math::max);
        if (type == SYNC) {
          syncs.incrementAndGet();
        }
        forward(type, length, in, out);
      }
    } catch (IOException e) {
      // One side has gone, the other is closed too.
    }
  }

  private void toClient(Socket server, Socket client) {
    try (client;
        server) {
      DataInputStream in = new DataInputStream(server.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      while (true) {
        int type = in.read();
        if (type < 0) {
          return;
        }
        int length = in.readInt();
        if (resetBeforeNextAnswer.get()) {
          in.readNBytes(length - 4);
          if (type == READY_FOR_QUERY) {
            resetBeforeNextAnswer.set(false);
            client.setSoLinger(true, 0);
            return;
          }
        } else {
          forward(type, length, in, out);
        }
      }
    } catch (IOException e) {
      // One side has gone, the other is closed too.
    }
  }

  private static void forward(int type, int length, DataInputStream in, DataOutputStream out)
      throws IOException {
    out.write(type);
    out.writeInt(length);
    out.write(in.readNBytes(length - 4));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
