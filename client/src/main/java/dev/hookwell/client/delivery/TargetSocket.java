package dev.hookwell.client.delivery;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Connects to a target, at the first of its addresses that takes the connection. */
final class TargetSocket {
  /** A server of one's own machine takes far less. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private TargetSocket() {}

  /** The target can't be connected to. */
  static final class NotConnectedException extends IOException {
    private static final long serialVersionUID = 1;
    final Delivery.Cause reason;

    NotConnectedException(Delivery.Cause reason, String message, IOException cause) {
      super(message, cause);
      this.reason = reason;
    }
  }

  /**
   * A connection.
   *
   * @param plain the socket below TLS, or the same one. Closing it never waits, unlike closing TLS
   */
  record Connected(Socket socket, Socket plain) {
    void close() {
      TargetSocket.close(plain);
    }
  }

  static Connected connect(Target target, Trust trust, Duration timeout)
      throws NotConnectedException {
    Socket socket = connect(target, shorter(timeout, CONNECT_TIMEOUT));
    if (!target.tls()) {
      return new Connected(socket, socket);
    }
    try {
      SSLSocket secure =
          (SSLSocket) trust.sockets().createSocket(socket, target.host(), target.port(), true);
      SSLParameters parameters = secure.getSSLParameters();
      trust.nameCheck().ifPresent(parameters::setEndpointIdentificationAlgorithm);
      if (target.host().matches(".*[A-Za-z].*") && !target.host().contains(":")) {
        parameters.setServerNames(List.of(new SNIHostName(target.host())));
      }
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      secure.setSSLParameters(parameters);
      secure.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      secure.startHandshake();
      return new Connected(secure, socket);
    } catch (IOException e) {
      close(socket);
      throw untrusted(target, e);
    }
  }

  private static NotConnectedException untrusted(Target target, IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return new NotConnectedException(
            Delivery.Cause.UNTRUSTED,
            "the certificate of "
                + target
                + " is not trusted: give --cacert FILE, or --insecure to accept any",
            failure);
      }
    }
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SSLException && message.startsWith("Unsupported or unrecognized")) {
      return new NotConnectedException(
          Delivery.Cause.UNTRUSTED, target + " doesn't speak TLS: give http://", failure);
    }
    return new NotConnectedException(
        Delivery.Cause.NOT_CONNECTED, target + " broke off TLS", failure);
  }

  private static Socket connect(Target target, Duration timeout) throws NotConnectedException {
    String reason = "no address";
    IOException last = new IOException(reason);
    for (InetAddress address : addresses(target)) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(
            new InetSocketAddress(address, target.port()), Math.toIntExact(timeout.toMillis()));
        return socket;
      } catch (IOException e) {
        close(socket);
        last = e;
        reason =
            e instanceof SocketTimeoutException
                ? "doesn't accept a connection"
                : e instanceof ConnectException ? "refuses connections" : "can't be reached";
      }
    }
    throw new NotConnectedException(Delivery.Cause.NOT_CONNECTED, target + " " + reason, last);
  }

  /** The addresses of a target: for localhost both of loopback, without asking the resolver. */
  private static List<InetAddress> addresses(Target target) throws NotConnectedException {
    try {
      if (target.host().equalsIgnoreCase("localhost")) {
        List<InetAddress> both = new ArrayList<>();
        both.add(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}));
        byte[] six = new byte[16];
        six[15] = 1;
        both.add(InetAddress.getByAddress("localhost", six));
        return both;
      }
      return List.of(InetAddress.getAllByName(target.host()));
    } catch (UnknownHostException e) {
      throw new NotConnectedException(
          Delivery.Cause.NOT_CONNECTED, "the name of " + target + " is not known here", e);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
