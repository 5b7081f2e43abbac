package dev.hookwell.acceptance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.acceptance.support.Answer;
import dev.hookwell.acceptance.support.Recorded;
import dev.hookwell.acceptance.support.Witness;
import dev.hookwell.local.Client;
import java.nio.file.Path;
import java.util.List;
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
   * @param header a line that the response's head holds
   */
  record Row(String name, String head, String body, String type, String response, String header) {
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
            "webhook-allowed-origin: *"),
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
  void aHandshakeIsPassedAndCaptured(Row row) {
    Client.Hook hook = witness.hook();
    byte[] body = row.body().getBytes(ISO_8859_1);
    Answer response = witness.send(hook, row.head() + "\n", body);
    assertEquals(200, response.status());
    assertEquals(row.type(), response.header("content-type"));
    assertEquals(row.response(), response.text());
    assertTrue(
        row.header().isEmpty() || response.head().contains("\n" + row.header() + "\n"),
        response.head());
    assertEquals("sandbox; default-src 'none'", response.header("content-security-policy"));
    assertEquals("nosniff", response.header("x-content-type-options"));
    assertEquals("no-store", response.header("cache-control"));

    Recorded recorded = witness.recorded(hook, 1).getFirst();
    assertEquals(
        Client.json("{\"status\":200,\"handshake\":\"" + row.name() + "\"}"),
        recorded.capture().get("response"));
    assertEquals(row.body(), new String(recorded.body().toByteArray(), ISO_8859_1));
    assertEquals(
        row.name().equals("ringcentral") ? "" : recorded.text("id"),
        response.header("x-hookwell-capture"));
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

  @Test
  void consentForCloudEventsNamesRateAndMethod() {
    Answer response =
        witness.send(
            witness.hook(), "OPTIONS {hook} HTTP/1.1\nHost: a\nWebHook-Request-Origin: e.test\n\n");
    assertEquals("*", response.header("webhook-allowed-origin"));
    assertEquals("*", response.header("webhook-allowed-rate"));
    assertEquals("POST", response.header("allow"));
  }

  @Test
  void anOrdinaryDeliveryOfTheSameSendersGetsThePlain200() {
    List<String> heads =
        List.of(
            "GET {hook}?hub.mode=unsubscribe&hub.topic=t&hub.challenge=1 HTTP/1.1\nHost: a\n\n",
            "GET {hook}?challenge=what+is+this HTTP/1.1\nHost: a\n\n",
            "GET {hook}?challenge=abc HTTP/1.1\nHost: a\nSec-Fetch-Mode: navigate\n\n",
            "GET {hook}?challenge=a&challenge=b HTTP/1.1\nHost: a\n\n",
            """
            POST {hook} HTTP/1.1
            Host: a
            Twitch-Eventsub-Message-Type: notification
            Content-Length: 0

            """,
            "HEAD {hook}?challenge=abc HTTP/1.1\nHost: a\n\n");
    for (String head : heads) {
      Client.Hook hook = witness.hook();
      Answer response = witness.send(hook, head);
      Recorded recorded = witness.recorded(hook, 1).getFirst();
      assertEquals(200, response.status());
      assertFalse(recorded.capture().has("response"), head);
      assertEquals(
          head.startsWith("HEAD") ? "" : "{\"id\":\"" + recorded.text("id") + "\"}",
          response.text());
    }
  }
}
