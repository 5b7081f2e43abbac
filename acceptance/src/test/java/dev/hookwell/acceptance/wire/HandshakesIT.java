package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.capture.Shows;
import dev.hookwell.local.Client;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every handshake of docs/handshakes.md, as its sender writes it on the wire. */
final class HandshakesIT {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String XML = "text/xml; charset=utf-8";
  private static final String NO_HEADER = "";

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

  /**
   * A handshake and the response that passes it.
   *
   * @param head request line and headers; {@code {hook}} is the hook's path
   * @param header lines of the response's head that others do not have
   */
  record Row(String name, String head, String body, String type, String response, String header) {
    /** All that stands before the body of the response, but its date. */
    Set<String> wholeHead(String captureId) {
      Set<String> lines = new TreeSet<>(header.lines().toList());
      lines.addAll(
          List.of(
              "HTTP/1.1 200 OK",
              "content-type: " + type,
              "content-length: " + response.length(),
              "content-security-policy: sandbox; default-src 'none'",
              "x-content-type-options: nosniff",
              "cache-control: no-store",
              "vary: origin",
              "access-control-allow-origin: *",
              "access-control-expose-headers: x-hookwell-capture"));
      if (head.startsWith("OPTIONS")) {
        lines.add("access-control-max-age: 0");
        lines.add("access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      }
      if (!name.equals("ringcentral")) {
        lines.add("x-hookwell-capture: " + captureId);
      }
      return lines;
    }

    @Override
    public String toString() {
      return name + ": " + head.lines().findFirst().orElse("");
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        post(
            "slack",
            "Content-Type: application/json",
            "{\"token\":\"t\",\"challenge\":\"c1\",\"type\":\"url_verification\"}",
            JSON,
            "{\"challenge\":\"c1\"}"),
        get("meta", "?hub.mode=subscribe&hub.verify_token=vt&hub.challenge=907134455", "907134455"),
        get(
            "websub",
            "?hub.mode=subscribe&hub.topic=https%3A%2F%2Fex.test%2Ff"
                + "&hub.challenge=a%2Bb%2Fc&hub.lease_seconds=864000",
            "a+b/c"),
        new Row(
            "microsoft",
            "POST {hook}?validationToken=Validation%3a+Testing+client+application+reachability+for"
                + "+subscription+Request-Id%3a+6f2c HTTP/1.1\nHost: a\n"
                + "Content-Type: text/plain; charset=utf-8\nContent-Length: 0\n",
            "",
            TEXT,
            "Validation: Testing client application reachability for subscription"
                + " Request-Id: 6f2c",
            NO_HEADER),
        new Row(
            "microsoft",
            "POST {hook}?validationtoken=abc HTTP/1.1\nHost: a\nContent-Length: 0\n",
            "",
            TEXT,
            "abc",
            NO_HEADER),
        post(
            "event-grid",
            "aeg-event-type: SubscriptionValidation\nContent-Type: application/json",
            "[{\"id\":\"1\",\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\","
                + "\"data\":{\"validationCode\":\"vc-77a0\",\"validationUrl\":\"https://e.test\"}}]",
            JSON,
            "{\"validationResponse\":\"vc-77a0\"}"),
        new Row(
            "cloudevents",
            """
            OPTIONS {hook} HTTP/1.1
            Host: a
            WebHook-Request-Origin: eventgrid.azure.net
            WebHook-Request-Rate: 120
            """,
            "",
            TEXT,
            "",
            "webhook-allowed-origin: *\nwebhook-allowed-rate: *\nallow: POST"),
        get("challenge", "?challenge=abc123", "abc123"),
        get("challenge", "?challenge=ad-1", "ad-1"),
        post(
            "challenge",
            "Content-Type: application/json",
            "{\"challenge\":\"m1\"}",
            JSON,
            "{\"challenge\":\"m1\"}"),
        post(
            "slack",
            "Content-Type: application/json; charset=utf-8",
            "{\"challenge\":\"fs-1\",\"token\":\"v\",\"type\":\"url_verification\"}",
            JSON,
            "{\"challenge\":\"fs-1\"}"),
        post(
            "twitch",
            "Twitch-Eventsub-Message-Type: webhook_callback_verification\n"
                + "Content-Type: application/json",
            "{\"challenge\":\"tw-1\",\"subscription\":{\"id\":\"s\"}}",
            TEXT,
            "tw-1"),
        new Row(
            "smartsheet",
            head("Smartsheet-Hook-Challenge: u1\nContent-Type: application/json"),
            "{\"challenge\":\"u1\",\"webhookId\":4}",
            JSON,
            "{\"smartsheetHookResponse\":\"u1\"}",
            "smartsheet-hook-response: u1"),
        new Row("asana", head("X-Hook-Secret: as-1"), "", TEXT, "", "x-hook-secret: as-1"),
        new Row(
            "asana",
            head("X-Hook-Secret: as-1\nContent-Type: application/json"),
            "{}",
            TEXT,
            "",
            "x-hook-secret: as-1"),
        new Row(
            "ringcentral",
            head("Validation-Token: v1\nContent-Type: application/json"),
            "",
            TEXT,
            "",
            "validation-token: v1"),
        new Row(
            "okta",
            "GET {hook} HTTP/1.1\nHost: a\nX-Okta-Verification-Challenge: v1\n",
            "",
            JSON,
            "{\"verification\":\"v1\"}",
            NO_HEADER),
        post(
            "front",
            "X-Front-Challenge: f1\nContent-Type: application/json",
            "{\"type\":\"sync\",\"authorization\":{}}",
            JSON,
            "{\"challenge\":\"f1\"}"),
        get("wechat", "?signature=f00&timestamp=1&nonce=2&echostr=echo-5981", "echo-5981"),
        get("onfleet", "?check=abc", "abc"),
        new Row(
            "prelude",
            """
            GET {hook}?event=activate&verification_token=t&challenge=4071&app_id=a HTTP/1.1
            Host: a
            """,
            "",
            JSON,
            "4071",
            NO_HEADER),
        post(
            "salesforce",
            "Content-Type: text/xml; charset=utf-8",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\""
                + "http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><notifications xmlns="
                + "\"http://soap.sforce.com/2005/09/outbound\"/></soapenv:Body></soapenv:Envelope>",
            XML,
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                + "<soapenv:Body><notificationsResponse xmlns="
                + "\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack>"
                + "</notificationsResponse></soapenv:Body></soapenv:Envelope>"),
        post(
            "twilio",
            "X-Twilio-Signature: c2ln\n"
                + "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
            "CallSid=CA1&From=%2B15550100",
            XML,
            "<Response/>"));
  }

  private static String head(String headers) {
    return "POST {hook} HTTP/1.1\nHost: a\nContent-Length: {size}\n" + headers + "\n";
  }

  private static Row post(String name, String headers, String body, String type, String response) {
    return new Row(name, head(headers), body, type, response, NO_HEADER);
  }

  private static Row get(String name, String query, String response) {
    return new Row(
        name, "GET {hook}" + query + " HTTP/1.1\nHost: a\n", "", TEXT, response, NO_HEADER);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aHandshakeIsPassedAndCapturedOnBothUrls(Row row) {
    for (String path : List.of("/h/", "/s/")) {
      Client.Hook hook = witness.hook();
      byte[] body = row.body().getBytes(ISO_8859_1);
      Answer response = send(hook, path, row.head() + "\n", body);

      Recorded recorded = witness.recorded(hook, 1).getFirst();
      assertEquals(
          Client.json("{\"status\":200,\"handshake\":\"" + row.name() + "\"}"),
          recorded.capture().get("response"));
      assertEquals(row.body(), new String(recorded.body().toByteArray(), ISO_8859_1));
      assertEquals(row.wholeHead(recorded.text("id")), lines(response.head()));
      assertEquals(row.response(), response.text());
    }
  }

  private static Answer send(Client.Hook hook, String path, String head, byte[] body) {
    return witness.send(hook, head.replace("{hook}", path + hook.id()), body);
  }

  /** Of a response's head, in an order of their own: that of headers means nothing. */
  private static Set<String> lines(String head) {
    return new TreeSet<>(head.lines().toList());
  }

  @Test
  void ringCentralsWholeResponseHasAtMost1024Bytes() {
    Answer response =
        witness.send(
            witness.hook(), head("Validation-Token: " + "v".repeat(256)) + "\n", new byte[0]);
    String wire = response.head().replace("\n", "\r\n") + "\r\n" + response.text();
    assertTrue(response.head().contains("validation-token: vvv"), response.head());
    assertTrue(wire.getBytes(US_ASCII).length <= 1024, wire);
  }

  /** Requests that are nearly handshakes: ordinary ones of the same sender, or of another. */
  static Stream<Row> nearMisses() {
    return Stream.of(
        json(
            "slack",
            "{\"type\":\"event_callback\",\"token\":\"t\",\"challenge\":\"c1\",\"event\":{}}"),
        json("challenge", "{\"challenge\":\"of the week\",\"team\":\"red\"}"),
        json("challenge", "{\"challenge\":{\"id\":1}}"),
        query("challenge", "?challenge=what+is+this"),
        query("challenge", "?challenge=a&challenge=b"),
        ordinary("challenge", "GET {hook}?challenge=abc", "Sec-Fetch-Mode: navigate", ""),
        ordinary("challenge", "POST {hook}?challenge=abc", "", ""),
        json("meta", "{\"object\":\"whatsapp_business_account\",\"entry\":[]}"),
        query("meta", "?hub.mode=subscribe&hub.challenge=what+is+this"),
        query("meta", "?hub.challenge=907134455"),
        query("websub", "?hub.mode=subscribe&hub.topic=t&hub.challenge=a%2Bb%20c"),
        query("websub", "?hub.mode=unsubscribe&hub.topic=t&hub.challenge=1"),
        query("websub", "?hub.mode=denied&hub.topic=t&hub.reason=no"),
        ordinary(
            "microsoft",
            "POST {hook}?validationToken=abc",
            "Content-Type: application/json",
            "{\"value\":[]}"),
        query("microsoft", "?validationToken=what+is+this"),
        ordinary(
            "event-grid",
            "POST {hook}",
            "aeg-event-type: Notification\nContent-Type: application/json",
            "[{\"id\":\"1\",\"data\":{\"validationCode\":\"vc-77a0\"}}]"),
        ordinary(
            "cloudevents",
            "OPTIONS {hook}",
            "Origin: https://example.test\nAccess-Control-Request-Method: POST",
            ""),
        ordinary(
            "cloudevents",
            "POST {hook}",
            "WebHook-Request-Origin: eventgrid.azure.net\nContent-Type: application/json",
            "{}"),
        json("prelude", "{\"event\":\"activate\",\"challenge\":4071}"),
        query("onfleet", "?check=is+it+up"),
        json("onfleet", "{\"check\":\"abc\"}"),
        query("wechat", "?echostr=echo-5981"),
        ordinary(
            "wechat",
            "POST {hook}?signature=f00&timestamp=1&nonce=2&echostr=e",
            "Content-Type: text/xml",
            "<xml><MsgType>text</MsgType></xml>"),
        ordinary(
            "twitch",
            "POST {hook}",
            "Twitch-Eventsub-Message-Type: notification\nContent-Type: application/json",
            "{\"challenge\":\"tw-1\",\"subscription\":{\"id\":\"s\"}}"),
        json("smartsheet", "{\"nonce\":\"n\",\"challenge\":\"u1\",\"webhookId\":4,\"events\":[]}"),
        ordinary("smartsheet", "GET {hook}", "Smartsheet-Hook-Challenge: u1", ""),
        ordinary(
            "asana",
            "POST {hook}",
            "X-Hook-Secret: as-1\nContent-Type: application/json",
            "{\"events\":[]}"),
        ordinary("ringcentral", "GET {hook}", "Validation-Token: v1", ""),
        ordinary("ringcentral", "POST {hook}", "Validation-Token: " + "v".repeat(257), ""),
        ordinary(
            "okta",
            "POST {hook}",
            "X-Okta-Verification-Challenge: v1\nContent-Type: application/json",
            "{}"),
        ordinary("front", "GET {hook}", "X-Front-Challenge: f1", ""),
        ordinary(
            "salesforce",
            "POST {hook}",
            "Content-Type: text/xml",
            "<note>notifications of http://soap.sforce.com/2005/09/outbound</note>"),
        ordinary(
            "twilio",
            "POST {hook}",
            "Content-Type: application/x-www-form-urlencoded",
            "CallSid=CA1"),
        ordinary(
            "twilio",
            "POST {hook}",
            "X-Twilio-Signature: c2ln\nContent-Type: application/json",
            "{}"));
  }

  @ParameterizedTest
  @MethodSource("nearMisses")
  @Shows("S18")
  void aNearMissGetsThePlain200(Row row) {
    assertPlain(row);
  }

  @Test
  void eachHandshakeHasItsNearMiss() {
    assertEquals(names(rows()), names(nearMisses()));
  }

  private static Set<String> names(Stream<Row> rows) {
    return new TreeSet<>(rows.map(Row::name).toList());
  }

  /** Senders that want a 200 alone, and those that a request's shape cannot pass. */
  static Stream<Row> others() {
    return Stream.of(
        ordinary("Trello", "HEAD {hook}", "", ""),
        ordinary("any", "HEAD {hook}?challenge=abc", "", ""),
        ordinary("Mailchimp", "GET {hook}", "User-Agent: MailChimp", ""),
        json("Google Health", "{\"type\":\"verification\"}"),
        ordinary(
            "Google Health",
            "POST {hook}",
            "Authorization: x\nContent-Type: application/json",
            "{\"type\":\"verification\"}"),
        query("X", "?crc_token=crc-7f31&nonce=n"),
        query("eBay", "?challenge_code=cc-5d2f"),
        json("Zoom", "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"p\"}}"),
        ordinary(
            "Xero",
            "POST {hook}",
            "X-Xero-Signature: AA==\nContent-Type: application/json",
            "{\"events\":[],\"entropy\":\"r7Qk\"}"),
        ordinary(
            "Discord",
            "POST {hook}",
            "X-Signature-Ed25519: 00\nContent-Type: application/json",
            "{\"type\":1}"),
        json("Notion", "{\"verification_token\":\"secret_1\"}"),
        ordinary(
            "Amazon SNS",
            "POST {hook}",
            "x-amz-sns-message-type: SubscriptionConfirmation\nContent-Type: text/plain",
            "{\"SubscribeURL\":\"https://sns.example.test/\"}"),
        json("Podio", "{\"type\":\"hook.verify\",\"code\":\"c\"}"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatAnotherSenderWantsIsThePlain200OrNotToBeHad(Row row) {
    assertPlain(row);
  }

  private static void assertPlain(Row row) {
    Client.Hook hook = witness.hook();
    Answer response = send(hook, "/h/", row.head() + "\n", row.body().getBytes(ISO_8859_1));

    Recorded recorded = witness.recorded(hook, 1).getFirst();
    assertEquals(200, response.status());
    assertFalse(recorded.capture().has("response"), row.head());
    assertEquals(
        row.head().startsWith("HEAD") ? "" : "{\"id\":\"" + recorded.text("id") + "\"}",
        response.text());
  }

  private static Row ordinary(String name, String start, String headers, String body) {
    return new Row(
        name,
        start
            + " HTTP/1.1\nHost: a\n"
            + (body.isEmpty() ? "" : "Content-Length: {size}\n")
            + (headers.isEmpty() ? "" : headers + "\n"),
        body,
        "",
        "",
        NO_HEADER);
  }

  private static Row json(String name, String body) {
    return ordinary(name, "POST {hook}", "Content-Type: application/json", body);
  }

  private static Row query(String name, String query) {
    return ordinary(name, "GET {hook}" + query, "", "");
  }
}
