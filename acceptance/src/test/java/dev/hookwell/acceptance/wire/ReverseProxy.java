package dev.hookwell.acceptance.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hookwell.acceptance.support.TlsFiles;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.folder.PrivateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A proxy with TLS in front of a runner, as docs/selfhosting.md sets it up. */
final class ReverseProxy implements AutoCloseable {
  private static final List<String> FOLDERS =
      List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin");

  private final Process process;

  private ReverseProxy(Process process) {
    this.process = process;
  }

  /** The path of an installed program; without it the test is skipped, with the reason. */
  static Path program(String name) {
    Optional<Path> program =
        FOLDERS.stream()
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      System.out.println("Hookwell: ProxyIT was SKIPPED in part; it needs " + name);
    }
    assumeTrue(program.isPresent(), name + " is not installed");
    return program.orElseThrow();
  }

  /**
   * Starts nginx.
   *
   * @param location the guide's configuration of Hookwell's location
   */
  static ReverseProxy nginx(Path program, Path folder, TlsFiles tls, int port, String location)
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
    return start(
        List.of(
            program.toString(),
            "-p",
            folder.toString(),
            "-e",
            log.toString(),
            "-c",
            file.toString()),
        folder,
        port);
  }

  /**
   * Starts Caddy with a certificate of its own, so that nothing leaves this machine.
   *
   * @param directives the guide's directives of the site
   */
  static ReverseProxy caddy(Path program, Path folder, TlsFiles tls, int port, String directives)
      throws Exception {
    String configuration =
        """
        {
          admin off
          auto_https off
        }
        https://127.0.0.1:%1$d {
          bind 127.0.0.1
          tls %2$s/server.crt %2$s/server.key
        %3$s
        }
        """
            .formatted(port, tls.key().getParent(), directives);
    Path file = Files.writeString(folder.resolve("Caddyfile"), configuration);
    return start(
        List.of(program.toString(), "run", "--config", file.toString(), "--adapter", "caddyfile"),
        folder,
        port);
  }

  private static ReverseProxy start(List<String> command, Path folder, int port) throws Exception {
    Path output = folder.resolve("proxy.out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("XDG_DATA_HOME", folder.toString());
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    Process process = builder.start();
    Deadline deadline = Deadline.inSeconds(30);
    while (!listens(port)) {
      assertTrue(process.isAlive(), () -> read(output));
      deadline.check("the proxy does not listen");
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return new ReverseProxy(process);
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
