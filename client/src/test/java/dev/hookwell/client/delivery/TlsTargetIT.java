package dev.hookwell.client.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.client.Bytes;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.client.TestCaptures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries to a server with a certificate that nobody else trusts. */
final class TlsTargetIT {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;

  private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1);
  private static RecordingTarget server;

  @BeforeAll
  static void start() throws Exception {
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
    keytool("-exportcert", "-rfc", "-file", folder.resolve("cert.pem").toString());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server = RecordingTarget.on(context.getServerSocketFactory().createServerSocket(0));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    TIMER.shutdownNow();
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias",
            "test",
            "-keystore",
            folder.resolve("store.p12").toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            String.valueOf(PASSWORD)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }

  private static Delivery send(String host, Trust trust) {
    Target target = Target.parse("https://" + host + ":" + server.port());
    try (TargetConnection connection =
        new TargetConnection(target, trust, Duration.ofSeconds(30), Clock.systemUTC(), TIMER)) {
      return connection.send(
          DeliveryRequest.of(
              TestCaptures.capture("POST", "", "", "[]"),
              Bytes.NONE,
              TestCaptures.HOOK,
              target,
              List.of()));
    }
  }

  @Test
  void aCertificateOfNobodysIsRefusedAndTheWayOutIsNamed() {
    Delivery.Failed failed =
        assertInstanceOf(Delivery.Failed.class, send("localhost", Trust.ofJava()));

    assertEquals(Delivery.Cause.UNTRUSTED, failed.cause());
    assertTrue(failed.message().contains("--cacert FILE, or --insecure"), failed.message());
  }

  @Test
  void itIsTakenWhereItIsTheOneThatWasGiven() throws IOException {
    Trust trust = Trust.of(folder.resolve("cert.pem"));

    assertEquals(new Delivery.Responded(200, Optional.empty()), send("localhost", trust));
    // Its name is another.
    assertEquals(
        Delivery.Cause.UNTRUSTED,
        assertInstanceOf(Delivery.Failed.class, send("127.0.0.1", trust)).cause());
  }

  @Test
  void insecureTakesAnyOfAnyName() {
    assertEquals(
        new Delivery.Responded(200, Optional.empty()), send("127.0.0.1", Trust.ofAnything()));
  }

  @Test
  void aFileWithoutACertificateIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("none.pem"), "no certificate");

    assertThrows(IOException.class, () -> Trust.of(file));
  }
}
