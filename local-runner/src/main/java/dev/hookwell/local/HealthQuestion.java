package dev.hookwell.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * {@code ./run health}: asks a running Hookwell whether it is well, for a container's health check.
 * It uses few classes, since it runs every few seconds.
 */
final class HealthQuestion {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int ANSWER_LIMIT = 64 * 1024;

  private HealthQuestion() {}

  /** The exit status: 0 when Hookwell is well, else 1. */
  static int ask(String url, PrintStream err) {
    URI place = URI.create(url);
    try (Socket socket = new Socket()) {
      int patience = (int) PATIENCE.toMillis();
      String host = place.getHost().replaceAll("[\\[\\]]", "");
      socket.connect(new InetSocketAddress(host, place.getPort()), patience);
      socket.setSoTimeout(patience);
      OutputStream out = socket.getOutputStream();
      String request =
          "GET /api/health HTTP/1.1\r\nHost: "
              + place.getRawAuthority()
              + "\r\nConnection: close\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readNBytes(ANSWER_LIMIT), StandardCharsets.ISO_8859_1);
      if (answer.startsWith("HTTP/1.1 200 ")) {
        return 0;
      }
      err.println(
          "hookwell: " + url + " is not well: " + answer.lines().findFirst().orElse("no answer"));
    } catch (IOException e) {
      err.println("hookwell: " + url + " does not answer: " + e.getMessage());
    }
    return 1;
  }
}
