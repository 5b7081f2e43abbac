package dev.hookwell.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A developer's server on a bare socket: keeps the bytes of each request as they came. */
public final class RecordingTarget implements AutoCloseable {
  public static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  private final ServerSocket listener;
  private final Thread acceptor;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Function<Received, Reaction> behaviour = _ -> new Reaction.Respond(OK);

  /** Its reaction to a request that it has read. */
  public sealed interface Reaction {
    /** Writes this and goes on. */
    record Respond(String wire) implements Reaction {}

    /** Writes this and closes. */
    record RespondAndClose(String wire) implements Reaction {}

    /** Resets the connection. */
    record Reset() implements Reaction {}

    /** Sends nothing, and keeps the connection. */
    record Hang() implements Reaction {}
  }

  /** The bytes of a request's head, its empty line included, and of its body. */
  public record Received(String head, Bytes body) {
    /** The value of a header, by its name in lower case; empty when it is missing. */
    public String header(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }

    public long seq() {
      return Long.parseLong(header("hookwell-seq"));
    }

    public String requestLine() {
      return head.lines().findFirst().orElse("");
    }
  }

  private RecordingTarget(ServerSocket listener) {
    this.listener = listener;
    this.acceptor = Thread.ofVirtual().start(this::accept);
  }

  /** 127.0.0.1, without asking a resolver. */
  public static InetAddress address() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /** On a free port of 127.0.0.1. */
  public static RecordingTarget start() throws IOException {
    return on(new ServerSocket(0, 200, address()));
  }

  /** On a port that was used before. */
  public static RecordingTarget startOn(int port) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(address(), port), 200);
    return on(listener);
  }

  /** On a listening socket of any kind. */
  public static RecordingTarget on(ServerSocket listener) {
    return new RecordingTarget(listener);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public void react(Function<Received, Reaction> next) {
    behaviour = next;
  }

  /** Its response to every request from now on. */
  public void respond(String wire) {
    behaviour = _ -> new Reaction.Respond(wire);
  }

  public List<Received> received() {
    return new ArrayList<>(received);
  }

  public List<Long> seqs() {
    return received.stream().map(Received::seq).toList();
  }

  public int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // It is closed, or the client has gone.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        Received request = read(in);
        Reaction reaction = behaviour.apply(request);
        received.add(request);
        switch (reaction) {
          case Reaction.Respond respond -> write(socket, respond.wire());
          case Reaction.RespondAndClose respond -> {
            write(socket, respond.wire());
            return;
          }
          case Reaction.Reset _ -> {
            socket.setSoLinger(true, 0);
            return;
          }
          case Reaction.Hang _ -> in.read();
        }
      }
    } catch (IOException _) {
      // The client has gone.
    } finally {
      open.remove(socket);
    }
  }

  private static void write(Socket socket, String wire) throws IOException {
    socket.getOutputStream().write(wire.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Received read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed");
      }
      head.write(b);
      text = b == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
    }
    Received request = new Received(text, Bytes.NONE);
    String length = request.header("content-length");
    byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    return new Received(text, Bytes.copyOf(body));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      // The port takes connections until the thread that waits for one has gone.
      acceptor.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : open) {
      socket.close();
    }
  }
}
