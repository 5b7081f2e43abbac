package dev.hookwell.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;

/**
 * A bare socket: the gateway reads the bytes that the test writes. Latin-1, so a char is a byte.
 */
public final class RawConnection implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 20_000;

  private final Socket socket;

  public RawConnection(URI gateway) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
    socket.setSoTimeout(DEADLINE_MILLIS);
  }

  /** Sends a text block: its line ends become CR LF. */
  public RawConnection send(String wire) throws IOException {
    return sendBytes(wire.replace("\n", "\r\n").getBytes(ISO_8859_1));
  }

  public RawConnection sendBytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** One response: its head, and its body by content-length. Line ends are LF in it. */
  public String receive() throws IOException {
    String head = receiveHead();
    int length = 0;
    for (String line : head.split("\n", -1)) {
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    byte[] body = socket.getInputStream().readNBytes(length);
    return head + "\n" + new String(body, ISO_8859_1);
  }

  /** A response's head alone, up to and without its empty line. */
  public String receiveHead() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) b);
    }
    return head.toString().replace("\r\n", "\n").stripTrailing() + "\n";
  }

  /** The same to a gateway that may have closed its end by now. */
  public void trySend(String wire) {
    try {
      send(wire);
    } catch (IOException _) {
      // Then it has.
    }
  }

  /** Reads the connection to its end; false when the gateway does not end it in time. */
  boolean isBroken() {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  /** Whether the gateway closed the connection; waits for it. */
  boolean isClosedByPeer() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
