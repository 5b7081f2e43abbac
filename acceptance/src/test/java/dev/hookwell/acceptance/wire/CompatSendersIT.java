package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.ConcurrentTest;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that must be recorded faithfully, by the numbers of their rows: requests of known
 * services (60–71), and active content (77). Signatures are made over the bytes that are sent, and
 * hold over the bytes that are read back.
 */
final class CompatSendersIT {
  private static final String SECRET = "a secret of the sender and of its receiver";

  @TempDir static Path data;

  private static Witness witness;

  @BeforeAll
  static void start() {
    witness = Witness.start(data);
  }

  @AfterAll
  static void stop() {
    witness.close();
  }

  @ConcurrentTest
  void row60GitHubPushVerifiesAsJsonAndAsForm() {
    String json = "{\"ref\":\"refs/heads/main\",\"pusher\":{\"name\":\"caf\u00e9\"}}\n";
    Map<String, byte[]> bodies =
        Map.of(
            "application/json", utf8(json),
            "application/x-www-form-urlencoded", utf8("payload=" + URLEncoder.encode(json, UTF_8)));
    bodies.forEach((type, body) -> {
      Recorded recorded =
          witness.post(
              """
              User-Agent: GitHub-Hookshot/044aadd
              Content-Type: %s
              X-GitHub-Event: push
              X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958
              X-GitHub-Hook-ID: 292430182
              X-Hub-Signature: sha1=%s
              X-Hub-Signature-256: sha256=%s
              """
                  .formatted(type, hex("HmacSHA1", body), hex("HmacSHA256", body)),
              "",
              body);
      byte[] kept = recorded.body().toByteArray();
      assertEquals("sha1=" + hex("HmacSHA1", kept), recorded.header("x-hub-signature"));
      assertEquals("sha256=" + hex("HmacSHA256", kept), recorded.header("x-hub-signature-256"));
      assertEquals("292430182", recorded.header("x-github-hook-id"));
      assertSender(recorded, "GitHub", "push", "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    });
  }

  @ConcurrentTest
  void row61LargeGitHubPushesAreRecorded() {
    for (int size : List.of(156_000, 3_500_000)) {
      String commit = "{\"message\":\"caf\u00e9\",\"author\":{\"name\":\"a\"},\"added\":[]},";
      byte[] body = utf8("{\"commits\":[" + commit.repeat(size / commit.length()) + "{}]}");
      Recorded recorded =
          witness.post(
              "Content-Type: application/json\nX-GitHub-Event: push\nX-Hub-Signature-256: sha256="
                  + hex("HmacSHA256", body)
                  + "\n",
              "",
              body);
      assertEquals(
          "sha256=" + hex("HmacSHA256", recorded.body().toByteArray()),
          recorded.header("x-hub-signature-256"));
    }
  }

  @ConcurrentTest
  void row62StripeSignatureIsNotSplitAndVerifies() {
    byte[] body = utf8("{\n  \"id\": \"evt_1\",\n  \"object\": \"event\"\n}");
    String signature =
        "t=1795507974,v1=%s,v1=%s,v0=%s"
            .formatted(
                hex("HmacSHA256", utf8("1795507974."), body), "0".repeat(64), "f".repeat(64));
    Recorded recorded =
        witness.post(
            "Content-Type: application/json; charset=utf-8\nStripe-Signature: " + signature + "\n",
            "/stripe",
            body);
    assertEquals(signature, recorded.header("stripe-signature"));
    assertTrue(
        signature.contains(
            "v1=" + hex("HmacSHA256", utf8("1795507974."), recorded.body().toByteArray())));
    assertSender(recorded, "Stripe", "", "evt_1");
  }

  @ConcurrentTest
  void row63SlackVerifiesAsJsonAsFormAndAsRetry() {
    Map<String, String> bodies =
        Map.of(
            "application/json", "{\"type\":\"event_callback\",\"event\":{\"type\":\"message\"}}",
            "application/x-www-form-urlencoded",
                "token=x&command=%2Fdeploy&text=to+prod%21&response_url=https%3A%2F%2Fa%2Fb");
    bodies.forEach((type, text) -> {
      String signature = "v0=" + hex("HmacSHA256", utf8("v0:1795507974:"), utf8(text));
      Client.Hook hook = witness.hook();
      Answer answer =
          witness.send(
              hook,
              """
              POST {hook} HTTP/1.1
              Host: a
              Content-Length: {size}
              Content-Type: %s
              X-Slack-Request-Timestamp: 1795507974
              X-Slack-Signature: %s
              X-Slack-Retry-Num: 1
              X-Slack-Retry-Reason: http_timeout

              """
                  .formatted(type, signature),
              utf8(text));
      assertEquals(200, answer.status());
      Recorded recorded = witness.recorded(hook, 1).getFirst();
      assertEquals(
          recorded.header("x-slack-signature"),
          "v0="
              + hex(
                  "HmacSHA256",
                  utf8("v0:" + recorded.header("x-slack-request-timestamp") + ":"),
                  recorded.body().toByteArray()));
      assertEquals("1", recorded.header("x-slack-retry-num"));
      assertEquals("Slack", recorded.text("sender"));
    });
  }

  @ConcurrentTest
  void row64SlackUrlVerificationIsRecorded() {
    Recorded recorded =
        witness.post(
            "application/json",
            utf8("{\"token\":\"t\",\"challenge\":\"3eZbrw1aB\",\"type\":\"url_verification\"}"));
    assertTrue(recorded.capture().at("/body/data").textValue().contains("3eZbrw1aB"));
  }

  @ConcurrentTest
  void row65ShopifyVerifies() {
    byte[] body = utf8("{\"id\":820982911946154508,\"total_price\":\"10.00\"}");
    Recorded recorded =
        witness.post(
            """
            Content-Type: application/json
            X-Shopify-Topic: orders/create
            X-Shopify-Hmac-SHA256: %s
            X-Shopify-Shop-Domain: shop.example
            X-Shopify-Webhook-Id: b54557e4-bdd9-4b37-8a5f-bf7d70bcd043
            """
                .formatted(base64(body)),
            "",
            body);
    assertEquals(base64(recorded.body().toByteArray()), recorded.header("x-shopify-hmac-sha256"));
    assertSender(recorded, "Shopify", "orders/create", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043");
  }

  @ConcurrentTest
  void row67AmazonSnsMessagesAreRecorded() {
    for (String type : List.of("SubscriptionConfirmation", "Notification")) {
      Recorded recorded =
          witness.post(
              """
              Content-Type: text/plain; charset=UTF-8
              User-Agent: Amazon Simple Notification Service Agent
              x-amz-sns-message-type: %s
              x-amz-sns-message-id: da41e39f-ea4d-435a-b922-c6aae3915ebe
              x-amz-sns-topic-arn: arn:aws:sns:us-west-2:123456789012:MyTopic
              x-amz-sns-rawdelivery: true
              """
                  .formatted(type),
              "",
              utf8("{\n  \"Type\" : \"%s\"\n}".formatted(type)));
      assertEquals("true", recorded.header("x-amz-sns-rawdelivery"));
      assertSender(recorded, "Amazon SNS", type, "da41e39f-ea4d-435a-b922-c6aae3915ebe");
    }
  }

  @ConcurrentTest
  void row68MetaVerificationIsRecordedAndItsPostVerifies() {
    Recorded verification =
        witness.record(
            """
            GET {hook}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=me%20at HTTP/1.1
            Host: a

            """);
    assertEquals(
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=me%20at",
        verification.text("query"));
    byte[] body = utf8("{\"object\":\"whatsapp_business_account\",\"text\":\"\\u00e9 \u00e9\"}");
    Recorded recorded =
        witness.post(
            "Content-Type: application/json\nX-Hub-Signature-256: sha256="
                + hex("HmacSHA256", body)
                + "\n",
            "",
            body);
    assertEquals(
        "sha256=" + hex("HmacSHA256", recorded.body().toByteArray()),
        recorded.header("x-hub-signature-256"));
  }

  @ConcurrentTest
  void row70InboundMailInSeveralCharsetsIsKept() {
    byte[] body =
        """
        --xYzZY
        Content-Disposition: form-data; name="subject"

        =?iso-8859-1?q?caf=E9?=
        --xYzZY
        Content-Disposition: form-data; name="text"
        Content-Type: text/plain; charset=iso-8859-1

        caf\u00e9 in Latin-1
        --xYzZY
        Content-Disposition: form-data; name="attachment1"; filename="a.bin"
        Content-Type: application/octet-stream

        \u0000\u0001\u00fe\u00ff
        --xYzZY--
        """
            .replace("\n", "\r\n")
            .getBytes(ISO_8859_1);
    Recorded recorded =
        witness.post(
            "Content-Type: multipart/form-data; boundary=xYzZY\nUser-Agent: mailgun/treq-20.9.0\n",
            "/inbound",
            body);
    assertEquals(List.of(), recorded.notes());
    assertSender(recorded, "Mailgun", "", "");
  }

  @ConcurrentTest
  @Shows("H50")
  void row71RedeliveryIsASecondRecordWithTheSameDeliveryId() {
    Client.Hook hook = witness.hook();
    byte[] body = utf8("{\"type\":\"invoice.paid\"}");
    String id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    byte[] signed = utf8(id + ".1614265330.");
    String signature = "v1," + base64(signed, body);
    String head =
        """
        POST {hook} HTTP/1.1
        Host: a
        Content-Type: application/json
        Content-Length: {size}
        webhook-id: %s
        webhook-timestamp: 1614265330
        webhook-signature: %s

        """
            .formatted(id, signature);
    assertEquals(200, witness.send(hook, head, body).status());
    assertEquals(200, witness.send(hook, head, body).status());
    List<Recorded> recorded = witness.recorded(hook, 2);
    for (Recorded attempt : recorded) {
      assertEquals(
          attempt.header("webhook-signature"),
          "v1," + base64(signed, attempt.body().toByteArray()));
      assertSender(attempt, "Standard Webhooks", "invoice.paid", id);
    }
    assertNotEquals(recorded.getFirst().text("id"), recorded.getLast().text("id"));
  }

  @ConcurrentTest
  void sendersOfOtherServicesAreNamed() {
    List<Recorded> recorded =
        witness.record(
            List.of(
                post("X-GitLab-Event: Push Hook\nX-Gitlab-Event-UUID: u-1\n"),
                post("X-Twilio-Signature: s\nI-Twilio-Idempotency-Token: t-2\n"),
                post("X-Twilio-Email-Event-Webhook-Signature: s\n"),
                post("Svix-Id: msg_3\nSvix-Signature: v1,x\n"),
                post("Ce-Id: 4\nCe-Type: com.example.made\nCe-Specversion: 1.0\n"),
                post("X-Event: other\n")));
    assertSender(recorded.get(0), "GitLab", "Push Hook", "u-1");
    assertSender(recorded.get(1), "Twilio", "", "t-2");
    assertSender(recorded.get(2), "SendGrid", "", "");
    assertSender(recorded.get(3), "Svix", "", "msg_3");
    assertSender(recorded.get(4), "CloudEvents", "com.example.made", "4");
    assertSender(recorded.get(5), "", "", "");
  }

  @ConcurrentTest
  @Shows("H21")
  void row77MarkupEverywhereIsKeptAndNeverServedAsAPage() {
    String markup = "<script>alert(document.domain)</script>";
    Recorded recorded =
        witness.post(
            "Content-Type: text/html; charset=utf-8\nX-Markup: %s\nCookie: c=%s\nReferer: %s\n"
                .formatted(markup, markup, markup),
            "/" + markup + ".html?q=" + markup,
            utf8("<!doctype html>" + markup));
    assertEquals("/" + markup + ".html", recorded.tail());
    assertEquals("q=" + markup, recorded.text("query"));
    assertEquals(markup, recorded.header("x-markup"));
    assertEquals(List.of("c=" + markup), recorded.cookies());

    String api = "/api/hooks/" + recorded.hook().id() + "/captures/" + recorded.text("id");
    Answer raw =
        witness.exchange(
            "GET %s/body HTTP/1.1\nHost: a\nAccept: text/html\nAuthorization: Bearer %s\n\n"
                .formatted(api, recorded.hook().viewKey()));
    assertEquals(200, raw.status());
    assertEquals("application/octet-stream", raw.header("content-type"));
    assertEquals("nosniff", raw.header("x-content-type-options"));
    assertEquals("sandbox; default-src 'none'", raw.header("content-security-policy"));
    assertEquals(
        "attachment; filename=\"" + recorded.text("id") + ".bin\"",
        raw.header("content-disposition"));
    Answer refused = witness.exchange("GET /h/" + markup + " HTTP/1.1\nHost: a\n\n");
    assertEquals(404, refused.status());
    assertEquals("application/problem+json", refused.header("content-type"));
    assertFalse(refused.text().contains("<"), refused.text());
  }

  private static Witness.Request post(String headers) {
    return Witness.Request.post(headers, "", utf8("{}"));
  }

  private static void assertSender(
      Recorded recorded, String sender, String event, String deliveryId) {
    assertEquals(sender, recorded.text("sender"));
    assertEquals(event, recorded.text("event"));
    assertEquals(deliveryId, recorded.text("deliveryId"));
  }

  private static String hex(String algorithm, byte[]... parts) {
    return HexFormat.of().formatHex(mac(algorithm, parts));
  }

  private static String base64(byte[]... parts) {
    return Base64.getEncoder().encodeToString(mac("HmacSHA256", parts));
  }

  private static byte[] mac(String algorithm, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(utf8(SECRET), algorithm));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
