package dev.hookwell.acceptance.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.slack.api.app_backend.SlackSignature;
import com.stripe.net.Webhook;
import com.twilio.security.RequestValidator;
import dev.hookwell.acceptance.support.HookwellProcess;
import dev.hookwell.acceptance.support.RunningSystem;
import dev.hookwell.client.RecordingTarget;
import dev.hookwell.client.RecordingTarget.Received;
import dev.hookwell.local.Client;
import dev.hookwell.local.gateway.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The requests that reach a developer's server by {@code hookwell listen}, byte for byte. */
final class ListenIT {
  @RegisterExtension static final RunningSystem RUNNING = new RunningSystem();

  private static final String SECRET = "whsec_c2VjcmV0LW9mLWEtdGVzdC1vbmx5";

  @TempDir Path folder;

  private Client.Hook hook;

  @BeforeEach
  void createHook() {
    hook = RUNNING.client().createHook();
  }

  private HookwellProcess.Setting setting() {
    return HookwellProcess.Setting.of(folder, hook);
  }

  /** Everything that is there, delivered. */
  private List<Received> delivered(String... more) throws Exception {
    try (RecordingTarget target = RecordingTarget.start()) {
      List<String> arguments =
          new ArrayList<>(
              List.of("listen", String.valueOf(target.port()), "--from", "1", "--once"));
      arguments.addAll(List.of(more));
      HookwellProcess.Ended ended = setting().run(arguments.toArray(String[]::new));
      assertEquals(0, ended.code(), ended.err());
      return target.received();
    }
  }

  private static String local(String head) {
    return head.replaceAll("localhost:\\d+", "localhost:PORT").replace("\r\n", "\n");
  }

  @Test
  void aRequestArrivesAsItWasSent() throws Exception {
    try (RawConnection connection = new RawConnection(RUNNING.system().address())) {
      connection.send(
          """
          POST /h/%s/a/b?x=%%20+&y&x=2 HTTP/1.1
          Host: hooks.test
          X-First: 1
          Accept: */*
          X-Value:  inner  spaces
          Cookie: a=1; b=2
          X-Forwarded-For: 203.0.113.9
          Connection: close
          Content-Length: 4

          """
              .formatted(hook.id()));
      connection.sendBytes(new byte[] {0, (byte) 0xff, '\r', '\n'});
      assertTrue(connection.receive().startsWith("HTTP/1.1 200"));
    }
    JsonNode capture = RUNNING.client().await(hook, 1).getFirst();

    Received received = delivered().getFirst();

    assertEquals(
        """
        POST /a/b?x=%%20+&y&x=2 HTTP/1.1
        host: localhost:PORT
        x-first: 1
        accept: */*
        x-value: inner  spaces
        content-length: 4
        cookie: a=1; b=2
        x-forwarded-host: hooks.test
        x-forwarded-proto: http
        hookwell-seq: 1
        hookwell-capture-id: %s
        hookwell-url: %s/a/b?x=%%20+&y&x=2

        """
            .formatted(capture.get("id").textValue(), hook.url()),
        local(received.head()));
    assertArrayEquals(new byte[] {0, (byte) 0xff, '\r', '\n'}, received.body().toArray());
  }

  @Test
  void largeAndCompressedBodiesKeepTheirBytes() throws Exception {
    byte[] large = new byte[700_000];
    new Random(3).nextBytes(large);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write("{\"a\":1}".getBytes(UTF_8));
    }
    RUNNING.client().postKept(hook, "application/octet-stream", large);
    RUNNING
        .client()
        .send(
            HttpRequest.newBuilder(hook.url())
                .header("content-encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(compressed.toByteArray())));
    RUNNING.client().postKept(hook, "text/plain", new byte[0]);
    RUNNING.client().await(hook, 3);

    List<Received> received = delivered();

    Map<String, String> digests = new HashMap<>();
    RUNNING
        .client()
        .await(hook, 3)
        .forEach(one -> digests.put(one.get("seq").asText(), one.get("bodySha256").textValue()));
    assertEquals(3, received.size());
    for (Received one : received) {
      assertEquals(digests.get(one.header("hookwell-seq")), one.body().sha256());
    }
    assertTrue(received.stream().anyMatch(one -> one.header("content-encoding").equals("gzip")));
  }

  @Test
  void theSendersOwnLibrariesTakeTheirSignatures() throws Exception {
    String body = "{\"type\":\"ping\",\n  \"text\":\"ä €\", \"n\":1.0}";
    long now = System.currentTimeMillis() / 1000;
    String id = "msg_1";
    com.standardwebhooks.Webhook standard = new com.standardwebhooks.Webhook(SECRET);
    send(
        body,
        Map.of(
            "stripe-signature",
            Webhook.Signature.generateSignatureHeader(body, SECRET),
            "x-slack-request-timestamp",
            String.valueOf(now),
            "x-slack-signature",
            new SlackSignature.Generator(SECRET).generate(String.valueOf(now), body),
            "webhook-id",
            id,
            "webhook-timestamp",
            String.valueOf(now),
            "webhook-signature",
            standard.sign(id, now, body)));

    Received received = delivered().getFirst();

    String bytes = new String(received.body().toArray(), UTF_8);
    assertTrue(
        Webhook.Signature.verifyHeader(bytes, received.header("stripe-signature"), SECRET, 3600));
    assertTrue(
        new SlackSignature.Verifier(new SlackSignature.Generator(SECRET))
            .isValid(
                received.header("x-slack-request-timestamp"),
                bytes,
                received.header("x-slack-signature")));
    HashMap<String, List<String>> signed = new HashMap<>();
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      signed.put(name, List.of(received.header(name)));
    }
    standard.verify(bytes, HttpHeaders.of(signed, (_, _) -> true));
    assertThrows(
        com.standardwebhooks.exceptions.WebhookVerificationException.class,
        () -> standard.verify(bytes + " ", HttpHeaders.of(signed, (_, _) -> true)));
  }

  /** They have no such library for Java: this is GitHub's published example, and its like. */
  @Test
  void whatGitHubAndShopifySignArrivesAsTheySignedIt() throws Exception {
    String body = "Hello, World!";
    String github = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    String shopify = Base64.getEncoder().encodeToString(hmac("HmacSHA256", SECRET, body));
    send(body, Map.of("x-hub-signature-256", github, "x-shopify-hmac-sha256", shopify));

    Received received = delivered().getFirst();

    String bytes = new String(received.body().toArray(), UTF_8);
    assertEquals(
        received.header("x-hub-signature-256"),
        "sha256="
            + HexFormat.of().formatHex(hmac("HmacSHA256", "It's a Secret to Everybody", bytes)));
    assertEquals(
        received.header("x-shopify-hmac-sha256"),
        Base64.getEncoder().encodeToString(hmac("HmacSHA256", SECRET, bytes)));
  }

  /** Twilio signs the URL that it sent to, and the form's fields. */
  @Test
  void twiliosLibraryTakesItsSignatureWithTheUrlThatWasSentTo() throws Exception {
    Map<String, String> fields = Map.of("From", "+491", "Body", "a b");
    String form = "From=%2B491&Body=a+b";
    String url = hook.url() + "/sms?x=1";
    String signature =
        Base64.getEncoder().encodeToString(hmac("HmacSHA1", SECRET, url + "Bodya b" + "From+491"));
    RUNNING
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/x-www-form-urlencoded")
                .header("x-twilio-signature", signature)
                .POST(BodyPublishers.ofString(form)));
    RUNNING.client().await(hook, 1);

    Received received = delivered().getFirst();

    assertEquals(form, new String(received.body().toArray(), UTF_8));
    RequestValidator validator = new RequestValidator(SECRET);
    assertTrue(
        validator.validate(
            received.header("hookwell-url"), fields, received.header("x-twilio-signature")));
    assertFalse(
        validator.validate(
            received.header("hookwell-url") + "2", fields, received.header("x-twilio-signature")));
  }

  private void send(String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(hook.url())
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofByteArray(body.getBytes(UTF_8)));
    headers.forEach(request::header);
    assertEquals(200, RUNNING.client().send(request).statusCode());
    RUNNING.client().await(hook, 1);
  }

  private static byte[] hmac(String algorithm, String secret, String text)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  @Test
  void deliveriesAreInOrderAndTheNextRunGoesOnAfterThem() throws Exception {
    for (int i = 0; i < 30; i++) {
      RUNNING.client().postKept(hook, "text/plain", ("n" + i).getBytes(UTF_8));
    }
    RUNNING.client().await(hook, 30);
    try (RecordingTarget target = RecordingTarget.start()) {
      String port = String.valueOf(target.port());
      HookwellProcess.Ended first = setting().run("listen", port, "--from", "3", "--count", "10");
      HookwellProcess.Ended second = setting().run("listen", port, "--once");
      HookwellProcess.Ended third = setting().run("listen", port, "--once");

      assertEquals(0, first.code() + second.code() + third.code(), first.err() + second.err());
      assertEquals(LongStream.rangeClosed(3, 30).boxed().toList(), target.seqs());
      assertEquals(10, first.out().lines().count());
      assertEquals("", third.out());
      assertFalse(second.err().contains("maybe delivered again"), second.err());
    }
  }

  /** The first time it delivers the captures that come, and says how many came before. */
  @Test
  void withoutAStartItBeginsNowAndSaysWhatCameBefore() throws Exception {
    RUNNING.client().postKept(hook, "text/plain", "before".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);
    try (RecordingTarget target = RecordingTarget.start();
        HookwellProcess listen =
            setting().start("listen", String.valueOf(target.port()), "--count", "1")) {
      listen.awaitSaid("1 came before: --from 1 delivers them too");
      RUNNING.client().postKept(hook, "text/plain", "after".getBytes(UTF_8));

      assertEquals(0, listen.ended().code());
      assertEquals("after", new String(target.received().getFirst().body().toArray(), UTF_8));
    }
  }

  @Test
  void onlyWhatMatchesIsDelivered() throws Exception {
    for (String path : List.of("/pay/1", "/other", "/pay/2")) {
      RUNNING
          .client()
          .send(
              HttpRequest.newBuilder(URI.create(hook.url() + path))
                  .header("x-github-event", "push")
                  .PUT(BodyPublishers.ofString("x")));
    }
    RUNNING.client().postKept(hook, "text/plain", "x".getBytes(UTF_8));
    RUNNING.client().await(hook, 4);

    assertEquals(
        List.of("/pay/1", "/pay/2"),
        delivered("--match", "path=/pay*", "--match", "method=PUT", "--match", "sender=github")
            .stream()
            .map(one -> one.requestLine().split(" ", -1)[1])
            .sorted()
            .toList());
  }

  @Test
  void whatWasReceivedBeforeIsLeftOut() throws Exception {
    RUNNING.client().postKept(hook, "text/plain", "old".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);
    Thread.sleep(Duration.ofSeconds(4));
    RUNNING.client().postKept(hook, "text/plain", "new".getBytes(UTF_8));
    JsonNode capture = RUNNING.client().await(hook, 2).get(1);
    try (RecordingTarget target = RecordingTarget.start()) {
      Instant received = Instant.parse(capture.get("receivedAt").textValue()).minusSeconds(2);
      long age = Duration.between(received, Instant.now()).toMillis();
      // The client has to start within the two seconds of tolerance, or it finds none.
      setting().run("listen", String.valueOf(target.port()), "--since", age + "ms", "--once");

      assertFalse(target.seqs().contains(1L), target.seqs().toString());
      int before = target.received().size();
      setting().run("listen", String.valueOf(target.port()), "--since", "1h", "--once");
      assertEquals(List.of(1L, 2L), target.seqs().subList(before, before + 2));
    }
  }

  @Test
  void theOutputForAProgramHasALineAnEvent() throws Exception {
    RUNNING.client().postKept(hook, "text/plain", "a\u001b[31m".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);
    try (RecordingTarget target = RecordingTarget.start()) {
      target.respond("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\n\r\n");
      HookwellProcess.Ended ended =
          setting()
              .run(
                  "listen",
                  "localhost:" + target.port() + "/base",
                  "--from",
                  "1",
                  "--once",
                  "--json",
                  "--print",
                  "--header",
                  "X-Mine: 1");

      List<JsonNode> lines = ended.out().lines().map(Client::json).toList();
      assertEquals(
          List.of("ready", "capture", "event"),
          lines.stream().map(line -> line.get("type").textValue()).toList());
      assertEquals(302, lines.get(2).get("status").intValue());
      assertEquals("/elsewhere", lines.get(2).get("location").textValue());
      assertTrue(lines.get(2).get("url").textValue().endsWith("/base"));
      assertEquals("a\u001b[31m", lines.get(1).at("/capture/body/data").textValue());
      assertFalse(ended.out().contains("\u001b"));
      assertEquals("1", target.received().getFirst().header("x-mine"));
      assertEquals(1, target.received().size());
    }
  }

  @Test
  void withoutATargetItPrintsAndATerminalIsSafe() throws Exception {
    RUNNING.client().postKept(hook, "text/plain", "a\u001b[31mb".getBytes(UTF_8));
    RUNNING.client().await(hook, 1);

    HookwellProcess.Ended ended = setting().run("listen", "--from", "1", "--once");

    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().contains("\n\na\\x1b[31mb\n"), ended.out());
    assertTrue(ended.out().contains("\ncontent-type: text/plain\n"), ended.out());
  }

  @Test
  void aBodyThatWasNotKeptIsSaidAndNotMadeUp() throws Exception {
    byte[] tooLarge = "a".repeat(4 * 1024 * 1024 + 1).getBytes(UTF_8);
    assertEquals(413, RUNNING.client().post(hook, "text/plain", tooLarge).statusCode());
    RUNNING.client().await(hook, 1);
    try (RecordingTarget target = RecordingTarget.start()) {
      HookwellProcess.Ended ended =
          setting().run("listen", String.valueOf(target.port()), "--from", "1", "--once");

      assertEquals(0, ended.code(), ended.err());
      assertTrue(
          ended.err().contains("#1 is not delivered: its body of 4194305 bytes"), ended.err());
      assertEquals(List.of(), target.received());
    }
  }

  @Test
  void keysAreInNoProcessListAndInNoOutput() throws IOException, InterruptedException {
    try (HookwellProcess listen = setting().start("listen", "9", "--json")) {
      listen.awaitSaid("\"ready\"");
      String seen = listen.out() + listen.err() + new String(commandLine(listen), ISO_8859_1);
      assertFalse(seen.contains(hook.viewKey()), seen);
    }
  }

  private static byte[] commandLine(HookwellProcess process) throws IOException {
    return Files.readAllBytes(process.procFile("cmdline"));
  }
}
