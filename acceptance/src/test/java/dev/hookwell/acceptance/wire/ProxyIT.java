package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hookwell.acceptance.support.TlsFiles;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import dev.hookwell.local.Deadline;
import dev.hookwell.local.LocalSystem;
import dev.hookwell.local.command.Reach;
import dev.hookwell.local.gateway.TrustedProxies;
import dev.hookwell.local.machine.ListenAddresses;
import dev.hookwell.local.machine.LocalPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner behind proxies, which alone are believed about the sender. */
final class ProxyIT {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String PROXY = "127.0.0.2";

  @TempDir static Path data;

  private static String publicUrl = "";
  private static int publicPort;
  private static int metricsPort;
  private static LocalSystem system;
  private static JsonNode hook;

  @BeforeAll
  static void start() throws Exception {
    publicPort = LocalPort.claim();
    metricsPort = freePort();
    publicUrl = "https://127.0.0.1:" + publicPort;
    system =
        LocalSystem.start(
            new LocalSystem.Settings(
                0,
                data,
                Optional.empty(),
                false,
                false,
                Map.of(),
                new Reach(
                    ListenAddresses.parse(List.of("localhost")),
                    Optional.of(publicUrl),
                    TrustedProxies.parse(List.of(PROXY, "127.0.0.1")),
                    Optional.of(KEY),
                    Optional.of(metricsPort)),
                false));
    HttpResponse<String> made = makeHook("Bearer " + KEY);
    assertEquals(201, made.statusCode(), made.body());
    hook = Client.json(made.body());
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  void makingAHookNeedsTheKey() throws Exception {
    assertEquals(401, makeHook("Bearer " + KEY.replace('0', '1')).statusCode());
    assertEquals(201, makeHook("Bearer " + KEY).statusCode());
  }

  @Test
  @Shows("S43")
  void urlsAreThoseOfTheProxyWhateverTheHostSays() {
    assertTrue(hook.get("url").textValue().startsWith(publicUrl + "/h/"), hook::toString);
    assertTrue(hook.get("apiUrl").textValue().startsWith(publicUrl + "/api/"), hook::toString);
  }

  @Test
  void theTrustedProxyIsBelievedAboutTheSender() throws Exception {
    JsonNode capture =
        recorded(
            PROXY,
            "X-Forwarded-For",
            "198.51.100.1, 203.0.113.7",
            "X-Forwarded-Proto",
            "https",
            "X-Forwarded-Port",
            "8443");

    assertEquals("203.0.113.7", capture.get("sourceIp").textValue());
    assertEquals("https", header(capture, "x-forwarded-proto"));
    assertEquals("8443", header(capture, "x-forwarded-port"));
    assertEquals("198.51.100.1, 203.0.113.7, " + PROXY, header(capture, "x-forwarded-for"));
  }

  @Test
  @Shows("S43")
  void nobodyElseIs() throws Exception {
    JsonNode capture =
        recorded(
            "127.0.0.3",
            "X-Forwarded-For",
            "203.0.113.7",
            "X-Forwarded-Proto",
            "https",
            "X-Forwarded-Port",
            "8443");

    assertEquals("127.0.0.3", capture.get("sourceIp").textValue());
    assertEquals("http", header(capture, "x-forwarded-proto"));
    assertEquals(String.valueOf(system.address().getPort()), header(capture, "x-forwarded-port"));
    assertEquals("203.0.113.7, 127.0.0.3", header(capture, "x-forwarded-for"));
  }

  @Test
  void bothAddressesOfLoopbackAnswer() throws Exception {
    assumeTrue(ListenAddresses.loopback().all().size() == 2, "this machine has no IPv6");
    for (String host : List.of("127.0.0.1", "[::1]")) {
      URI url = URI.create("http://" + host + ":" + system.address().getPort() + "/api/health");
      assertEquals(200, send(HttpRequest.newBuilder(url)).statusCode(), host);
    }
  }

  @Test
  @Shows("S43")
  void prometheusReadsWhatHappenedOnAPortOfItsOwn() throws Exception {
    recorded(PROXY, "X-Test", "metrics");
    HttpResponse<String> metrics =
        send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics")));

    assertEquals(200, metrics.statusCode());
    for (String name :
        List.of(
            "hookwell_accepted_total",
            "hookwell_stored_total",
            "hookwell_lag_millis",
            "hookwell_events_total\\{event=\"ingest.kept\"}",
            "hookwell_outbox_waiting",
            "hookwell_outbox_bytes",
            "hookwell_outbox_oldest_seconds",
            "hookwell_database_up",
            "hookwell_disk_free_bytes")) {
      assertTrue(
          Pattern.compile("(?m)^" + name + " \\d+$").matcher(metrics.body()).find(),
          () -> name + " is missing in\n" + metrics.body());
    }
    assertEquals(
        404,
        send(HttpRequest.newBuilder(system.address().resolve("/metrics"))).statusCode(),
        "not on the port that others reach");
    assertEquals(
        405,
        send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"))
                .POST(BodyPublishers.noBody()))
            .statusCode());
  }

  @Test
  void aDatabaseThatIsAwayAndWhatWaitsForItAreTold() throws Exception {
    system.ownDatabase().orElseThrow().stopServer();
    try {
      assertEquals(
          200,
          send(HttpRequest.newBuilder(local(hook.get("url").textValue()))
                  .POST(BodyPublishers.ofString("x")))
              .statusCode());
      TimeUnit.MILLISECONDS.sleep(1100);
      Deadline deadline = Deadline.inSeconds(30);
      while (!metrics().contains("\nhookwell_database_up 0\n")) {
        deadline.check(metrics());
      }
      assertTrue(
          Pattern.compile("(?m)^hookwell_outbox_oldest_seconds [1-9]").matcher(metrics()).find(),
          "nothing waits");
    } finally {
      system.ownDatabase().orElseThrow().startServer();
    }
    Deadline deadline = Deadline.inSeconds(60);
    while (!metrics().contains("\nhookwell_database_up 1\n")
        || !metrics().contains("\nhookwell_outbox_oldest_seconds 0\n")) {
      deadline.check(metrics());
    }
  }

  private static String metrics() throws Exception {
    return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics")))
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void nginxWithTlsShowsTheSendersAddress(@TempDir Path folder) throws Exception {
    Path program = ReverseProxy.program("nginx");
    TlsFiles tls = TlsFiles.make(folder);
    String location = ofTheGuide("nginx", "    location / \\{.*?\n    }");
    try (ReverseProxy _ = ReverseProxy.nginx(program, folder, tls, publicPort, location)) {
      assertTheSenderIsShown(tls);
    }
  }

  @Test
  void caddyWithTlsShowsTheSendersAddress(@TempDir Path folder) throws Exception {
    Path program = ReverseProxy.program("caddy");
    TlsFiles tls = TlsFiles.make(folder);
    String directives = ofTheGuide("caddy", "    reverse_proxy [^\n]*");
    try (ReverseProxy _ = ReverseProxy.caddy(program, folder, tls, publicPort, directives)) {
      assertTheSenderIsShown(tls);
    }
  }

  private static void assertTheSenderIsShown(TlsFiles tls) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(trusting(tls))
            .localAddress(InetAddress.ofLiteral("127.0.0.9"))
            .build()) {
      byte[] body = "through a proxy".getBytes(UTF_8);
      HttpResponse<String> sent =
          client.send(
              HttpRequest.newBuilder(URI.create(hook.get("url").textValue() + "/a%2Fb?c=%20"))
                  .header("X-Forwarded-For", "203.0.113.99")
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofString());
      assertEquals(200, sent.statusCode(), sent.body());
      String id = Client.json(sent.body()).get("id").textValue();
      JsonNode capture = read(client, hook.get("apiUrl").textValue(), id);

      assertEquals("127.0.0.9", capture.get("sourceIp").textValue());
      assertEquals("https", header(capture, "x-forwarded-proto"));
      assertEquals("127.0.0.1:" + publicPort, header(capture, "host"));
      assertEquals("c=%20", capture.get("query").textValue());
      assertEquals(Client.sha256(body), capture.get("bodySha256").textValue());

      // nginx lets one megabyte through unless it is configured.
      HttpResponse<String> large =
          client.send(
              HttpRequest.newBuilder(URI.create(hook.get("url").textValue()))
                  .header("Content-Type", "text/plain")
                  .POST(BodyPublishers.ofString("a".repeat(3 << 20)))
                  .build(),
              BodyHandlers.ofString());
      assertEquals(200, large.statusCode(), large.body());
    }
  }

  /** The very lines of the guide, with this runner's port. */
  private static String ofTheGuide(String language, String lines) throws Exception {
    String guide = Files.readString(Path.of("../docs/selfhosting.md"));
    Matcher matcher =
        Pattern.compile("(?s)```" + language + "\n.*?(" + lines + ").*?```").matcher(guide);
    assertTrue(matcher.find(), "the guide has no lines for " + language);
    return matcher.group(1).replace("127.0.0.1:8080", "127.0.0.1:" + system.address().getPort());
  }

  private static SSLContext trusting(TlsFiles tls) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(tls.certificate())) {
      trusted.setCertificateEntry(
          "proxy", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<String> makeHook(String authorization) throws Exception {
    return send(
        HttpRequest.newBuilder(system.address().resolve("/api/hooks"))
            .header("Authorization", authorization)
            .POST(BodyPublishers.noBody()));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  /** Sends from this address, and reads the capture. */
  private static JsonNode recorded(String from, String... headers) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(from)).build()) {
      HttpResponse<String> sent =
          client.send(
              HttpRequest.newBuilder(local(hook.get("url").textValue()))
                  .headers(headers)
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      assertEquals(200, sent.statusCode(), sent.body());
      return read(
          client,
          local(hook.get("apiUrl").textValue()).toString(),
          Client.json(sent.body()).get("id").textValue());
    }
  }

  private static URI local(String url) {
    return system.address().resolve(URI.create(url).getRawPath());
  }

  private static JsonNode read(HttpClient client, String apiUrl, String id) throws Exception {
    Deadline deadline = Deadline.inSeconds(60);
    while (true) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(apiUrl + "/captures/" + id))
                  .header("Authorization", "Bearer " + hook.get("viewKey").textValue())
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        return Client.json(answer.body());
      }
      deadline.check(answer.body());
      Thread.sleep(100);
    }
  }

  private static String header(JsonNode capture, String name) {
    for (JsonNode header : capture.get("headers")) {
      if (header.get(0).textValue().equals(name)) {
        return header.get(1).textValue();
      }
    }
    return "";
  }
}
