package dev.hookwell.acceptance.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.TlsFiles;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.PrivateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An nginx with TLS in front of a runner, as docs/selfhosting.md sets it up. */
final class Nginx implements AutoCloseable {
  private final Process process;

  private Nginx(Process process) {
    this.process = process;
  }

  /** Where it is installed, if it is. */
  static Optional<Path> program() {
    return Stream.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it.
   *
   * @param location what the guide says of the place where Hookwell is
   */
  static Nginx start(Path program, Path folder, TlsFiles tls, int port, String location)
      throws Exception {
    Path log = folder.resolve("nginx.log");
    String configuration =
        """
        daemon off;
        %5$s
        pid %1$s/nginx.pid;
        error_log %2$s;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%3$d ssl;
            ssl_certificate %4$s/server.crt;
            ssl_certificate_key %4$s/server.key;
        %6$s
          }
        }
        """
            .formatted(
                folder,
                log,
                port,
                tls.key().getParent(),
                PrivateFiles.ownUser() == 0 ? "user root;" : "",
                location);
    Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
    Process process =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    "-p",
                    folder.toString(),
                    "-e",
                    log.toString(),
                    "-c",
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.out").toFile())
            .start();
    Deadline deadline = Deadline.inSeconds(30);
    while (!listens(port)) {
      assertTrue(process.isAlive(), () -> read(folder.resolve("nginx.out")));
      deadline.check("nginx does not listen");
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return new Nginx(process);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
