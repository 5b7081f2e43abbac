package dev.hookwell.intake;

import static dev.hookwell.capture.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.CaptureIds;
import dev.hookwell.capture.CapturedBody;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.DecidedResponse;
import dev.hookwell.capture.EnvelopeReader;
import dev.hookwell.capture.EnvelopeReading;
import dev.hookwell.capture.Environment;
import dev.hookwell.capture.EventLog;
import dev.hookwell.capture.Events;
import dev.hookwell.capture.GatewayResponse;
import dev.hookwell.capture.HookPath;
import dev.hookwell.capture.Shows;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes by their shapes, and for each the near miss that is an ordinary request. */
final class HandshakesTest {
  private static final String PATH = "/h/" + Captures.hook(1).text();
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String XML = "text/xml; charset=utf-8";

  private final InMemoryCaptureQueue queue = new InMemoryCaptureQueue();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("HOOK_KEYS", Captures.HOOK_KEYS));

  @Test
  void slackAndFeishuGetTheirChallengeAsJson() {
    assertPasses(
        "slack",
        JSON,
        "{\"challenge\":\"c1\"}",
        json("{\"token\":\"t\",\"challenge\":\"c1\",\"type\":\"url_verification\"}"));
    assertPasses(
        "slack",
        JSON,
        "{\"challenge\":\"fs-1\"}",
        json("{\"challenge\":\"fs-1\",\"token\":\"v\",\"type\":\"url_verification\"}"));
  }

  @Test
  void aBareChallengeAsOfMondayAndMiroIsReturned() {
    assertPasses("challenge", JSON, "{\"challenge\":\"m1\"}", json("{\"challenge\":\"m1\"}"));
    assertPasses(
        "challenge",
        JSON,
        "{\"challenge\":\"a\\\"\\\\</b>\"}",
        json("{\"challenge\":\"a\\\"\\\\\\u003c/b>\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"challenge\":\"c1\",\"user\":\"ann\"}",
        "{\"type\":\"event_callback\",\"event\":{\"challenge\":\"c1\"}}",
        "{\"challenge\":{\"of\":\"the day\"}}",
        "{\"challenge\":7}",
        "{\"challenge\":\"\"}",
        "{\"challenge\":\"   \"}",
        "{\"challenge\":\"a\\r\\nSet-Cookie: b=c\"}",
        "{\"challenge\":\"caf\\u00e9\"}",
        "{\"challenge\":\"a\\u202eb\"}",
        "{\"challenge\":\"one\",\"challenge\":\"two\"}",
        "{\"challenge\":\"c1\",\"type\":7}",
        "{\"challenge\":\"c1\"} and more",
        "{\"challenge\":\"c1\"",
        "[{\"challenge\":\"c1\"}]",
        "\"challenge\"",
        "challenge=c1"
      })
  void aJsonBodyOfAnotherShapeIsAnOrdinaryRequest(String body) {
    assertOrdinary(json(body));
  }

  @Test
  void aChallengeInABodyOfAnotherTypeOrMethodIsAnOrdinaryRequest() {
    String body = "{\"challenge\":\"c1\"}";
    assertOrdinary(post().header("content-type", "text/plain").text(body));
    assertOrdinary(post().text(body));
    assertOrdinary(event("PUT", PATH).header("content-type", JSON).text(body));
  }

  @Test
  void metaAndHubsGetTheirChallengeAsText() {
    assertPasses(
        "meta",
        TEXT,
        "907134455",
        get("hub.mode=subscribe&hub.verify_token=vt&hub.challenge=907134455"));
    assertPasses(
        "websub",
        TEXT,
        "a+b",
        get(
            "hub.mode=subscribe&hub.topic=https%3A%2F%2Fex.test%2Ff&hub.challenge=a%2Bb"
                + "&hub.lease_seconds=864000"));
    assertPasses("meta", TEXT, "1", get("mine=yes&hub.mode=subscribe&hub.challenge=1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hub.mode=unsubscribe&hub.topic=t&hub.challenge=1",
        "hub.mode=denied&hub.topic=t",
        "hub.mode=subscribe",
        "hub.challenge=1",
        "hub.mode=subscribe&hub.mode=unsubscribe&hub.challenge=1",
        "hub.mode=subscribe&hub.challenge=1&hub.challenge=2",
        "hub.mode=subscribe&hub.topic=t&hub.challenge=a%2Bb%20c",
        "hub.mode=subscribe&hub.challenge=a+b",
        "hub.mode=subscribe&hub.challenge=a%0d%0ab",
        "hub.mode=subscribe&hub.challenge=%zz",
        "hub.mode=subscribe&hub.challenge=%e2%80%ae1"
      })
  void aQueryOfAHubThatIsNoSubscriptionIsAnOrdinaryRequest(String query) {
    assertOrdinary(get(query));
  }

  @Test
  void microsoftsTokensAreDecodedOnceAndMayHoldSpaces() {
    assertPasses(
        "microsoft",
        TEXT,
        "Validation: Testing client application reachability for subscription Request-Id: 6f2c",
        post()
            .header("content-type", TEXT)
            .query(
                "validationToken=Validation%3a+Testing+client+application+reachability+for"
                    + "+subscription+Request-Id%3a+6f2c"));
    assertPasses("microsoft", TEXT, "abc", post().query("validationtoken=abc"));
    assertPasses("microsoft", TEXT, "a%20b", post().query("validationToken=a%2520b"));
    assertPasses("microsoft", TEXT, "abc", get("validationToken=abc"));
    assertOrdinary(get("validationToken=a+b"));
    assertOrdinary(post().query("validationToken=a&validationtoken=b"));
    assertOrdinary(
        post().query("validationToken=a").header("content-type", JSON).text("{\"value\":[]}"));
    assertOrdinary(event("PUT", PATH).query("validationToken=a"));
  }

  @Test
  void eventGridGetsItsCode() {
    String body =
        "[{\"id\":\"1\",\"topic\":\"t\",\"subject\":\"\",\"eventType\":"
            + "\"Microsoft.EventGrid.SubscriptionValidationEvent\",\"data\":{\"validationCode\":"
            + "\"vc-77a0\",\"validationUrl\":\"https://example.test/\"},\"dataVersion\":\"2\"}]";
    assertPasses(
        "event-grid",
        JSON,
        "{\"validationResponse\":\"vc-77a0\"}",
        json(body).header("aeg-event-type", "SubscriptionValidation"));
    assertOrdinary(json(body).header("aeg-event-type", "Notification"));
    assertOrdinary(json(body));
    assertOrdinary(json("[]").header("aeg-event-type", "SubscriptionValidation"));
    assertOrdinary(
        json("[{\"validationCode\":\"x\"}]").header("aeg-event-type", "SubscriptionValidation"));
    assertOrdinary(
        json("[{\"data\":{\"deep\":{\"validationCode\":\"x\"}}}]")
            .header("aeg-event-type", "SubscriptionValidation"));
    assertOrdinary(json(body.substring(1)).header("aeg-event-type", "SubscriptionValidation"));
  }

  @Test
  void cloudEventsGetConsentForEveryOrigin() {
    GatewayResponse response =
        assertHandshake(
            "cloudevents",
            event("OPTIONS", PATH)
                .header("webhook-request-origin", "eventgrid.azure.net")
                .header("webhook-request-rate", "120"));
    assertEquals("*", response.headers().get("webhook-allowed-origin"));
    assertEquals("*", response.headers().get("webhook-allowed-rate"));
    assertEquals("POST", response.headers().get("allow"));
    assertOrdinary(post().header("webhook-request-origin", "eventgrid.azure.net"));
    assertOrdinary(event("OPTIONS", PATH).header("origin", "https://example.test"));
  }

  @Test
  void challengesAndChecksOfAQueryAreReturnedAsText() {
    assertPasses("challenge", TEXT, "abc123", get("challenge=abc123"));
    assertPasses("onfleet", TEXT, "abc", get("check=abc"));
    assertPasses(
        "wechat", TEXT, "echo-5981", get("signature=f&timestamp=1&nonce=2&echostr=echo-5981"));
    assertOrdinary(get("challenge=what+is+this"));
    assertOrdinary(get("challenge=a&challenge=b"));
    assertOrdinary(get("challenge="));
    assertOrdinary(get("challenge"));
    assertOrdinary(get("echostr=echo-5981"));
    assertOrdinary(post().query("challenge=abc123"));
    assertOrdinary(event("HEAD", PATH).query("challenge=abc123"));
  }

  @Test
  void preludeGetsItsNumberAsJson() {
    assertPasses(
        "prelude",
        JSON,
        "4071",
        get("event=activate&verification_token=t&challenge=4071&app_id=a"));
    assertPasses(
        "challenge",
        TEXT,
        "x4071",
        get("event=activate&verification_token=t&challenge=x4071&app_id=a"));
    assertPasses(
        "challenge", TEXT, "007", get("event=activate&verification_token=t&challenge=007"));
  }

  @Test
  void twitchGetsItsChallengeRaw() {
    String body = "{\"challenge\":\"tw-1\",\"subscription\":{\"id\":\"s\"}}";
    String header = "twitch-eventsub-message-type";
    assertPasses(
        "twitch", TEXT, "tw-1", json(body).header(header, "webhook_callback_verification"));
    assertOrdinary(json(body).header(header, "notification"));
    assertOrdinary(json("{\"subscription\":{}}").header(header, "webhook_callback_verification"));
  }

  @Test
  void smartsheetGetsItsChallengeInAHeaderAndAsJson() {
    GatewayResponse response =
        assertPasses(
            "smartsheet",
            JSON,
            "{\"smartsheetHookResponse\":\"u1\"}",
            json("{\"challenge\":\"u1\",\"webhookId\":4}")
                .header("smartsheet-hook-challenge", "u1"));
    assertEquals("u1", response.headers().get("smartsheet-hook-response"));
    assertOrdinary(json("{}").header("smartsheet-hook-challenge", "u1,u2"));
    assertOrdinary(get("").header("smartsheet-hook-challenge", "u1"));
  }

  @Test
  void asanaGetsItsSecretInAHeader() {
    for (Events event : List.of(post(), json("{}"))) {
      GatewayResponse response = assertHandshake("asana", event.header("x-hook-secret", "as-1"));
      assertEquals("as-1", response.headers().get("x-hook-secret"));
    }
    assertOrdinary(json("{\"events\":[]}").header("x-hook-secret", "as-1"));
    assertOrdinary(get("").header("x-hook-secret", "as-1"));
  }

  @Test
  void ringCentralGetsItsTokenInAHeaderAndNothingElseOfLength() {
    String longest = "v".repeat(256);
    GatewayResponse response =
        assertPasses("ringcentral", TEXT, "", json("{}").header("validation-token", longest));
    assertEquals(longest, response.headers().get("validation-token"));
    assertOrdinary(json("{}").header("validation-token", longest + "v"));
    assertOrdinary(get("").header("validation-token", "v1"));
  }

  @Test
  void oktaAndFrontGetTheirsAsJson() {
    assertPasses(
        "okta",
        JSON,
        "{\"verification\":\"v1\"}",
        get("").header("x-okta-verification-challenge", "v1"));
    assertOrdinary(post().header("x-okta-verification-challenge", "v1"));
    assertPasses(
        "front",
        JSON,
        "{\"challenge\":\"f1\"}",
        json("{\"type\":\"sync\",\"more\":{}}").header("x-front-challenge", "f1"));
    assertOrdinary(get("").header("x-front-challenge", "f1"));
  }

  @Test
  void salesforceGetsItsAcknowledgement() {
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv="
            + "\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><notifications xmlns="
            + "\"http://soap.sforce.com/2005/09/outbound\"><OrganizationId>0</OrganizationId>"
            + "</notifications></soapenv:Body></soapenv:Envelope>";
    assertPasses(
        "salesforce",
        XML,
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
            + "<soapenv:Body><notificationsResponse"
            + " xmlns=\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack>"
            + "</notificationsResponse></soapenv:Body></soapenv:Envelope>",
        post().header("content-type", "text/xml; charset=utf-8").text(body));
    assertOrdinary(
        post()
            .header("content-type", "text/xml")
            .text("<note>http://soap.sforce.com/2005/09/outbound notifications</note>"));
    assertOrdinary(json("\"" + body.replace("\"", "'") + "\""));
  }

  @Test
  void twilioGetsTwiml() {
    String form = "application/x-www-form-urlencoded";
    assertPasses(
        "twilio",
        XML,
        "<Response/>",
        post()
            .header("content-type", form + "; charset=UTF-8")
            .header("x-twilio-signature", "s")
            .bytes("CallSid=1".getBytes(StandardCharsets.US_ASCII)));
    assertOrdinary(
        post().header("content-type", form).bytes("CallSid=1".getBytes(StandardCharsets.US_ASCII)));
    assertOrdinary(json("{}").header("x-twilio-signature", "s"));
  }

  /** Every marker, in the order in which they decide, with a request that all of them fit. */
  private static final List<String> MARKERS_OF_A_POST =
      List.of(
          "twitch-eventsub-message-type: webhook_callback_verification",
          "smartsheet-hook-challenge: u1",
          "x-front-challenge: f1",
          "validation-token: v1");

  private static final List<String> SENDERS_OF_A_POST =
      List.of("twitch", "smartsheet", "front", "ringcentral");

  @Test
  void markersDecideInTheirOwnOrderWhateverThatOfTheHeadersIs() {
    for (int first = 0; first < MARKERS_OF_A_POST.size(); first++) {
      List<String> markers = MARKERS_OF_A_POST.subList(first, MARKERS_OF_A_POST.size());
      for (List<String> order : List.of(markers, markers.reversed())) {
        assertHandshake(SENDERS_OF_A_POST.get(first), marked(json("{\"challenge\":\"c\"}"), order));
      }
    }
    List<String> bodiless = List.of("x-hook-secret: as-1", "validation-token: v1");
    for (List<String> order : List.of(bodiless, bodiless.reversed())) {
      assertHandshake("asana", marked(post(), order));
    }
  }

  private static Events marked(Events request, List<String> headers) {
    Events marked = request;
    for (String header : headers) {
      String[] parts = header.split(": ", 2);
      marked = marked.header(parts[0], parts[1]);
    }
    return marked;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "twitch-eventsub-message-type: notification",
        "aeg-event-type: Notification",
        "smartsheet-hook-challenge: u1,u2",
        "x-front-challenge: caf\u00e9",
        "x-okta-verification-challenge: v1",
        "webhook-request-origin: eventgrid.azure.net",
        "x-twilio-signature: s"
      })
  void aMarkerThatDoesNotFitKeepsNoOtherFromBeingFound(String misfit) {
    for (List<String> order :
        List.of(List.of(misfit, "validation-token: v1"), List.of("validation-token: v1", misfit))) {
      assertHandshake("ringcentral", marked(json("{}"), order));
    }
    assertHandshake("microsoft", marked(post().query("validationToken=abc"), List.of(misfit)));
    assertHandshake("challenge", marked(json("{\"challenge\":\"m1\"}"), List.of(misfit)));
  }

  @ParameterizedTest
  @CsvSource({
    "microsoft, validationToken=1&hub.mode=subscribe&hub.challenge=2",
    "meta, hub.mode=subscribe&hub.challenge=1&signature=s&echostr=2",
    "wechat, signature=s&echostr=1&check=2",
    "onfleet, check=1&challenge=2",
    "meta, validationToken=a+b&hub.mode=subscribe&hub.challenge=2",
    "wechat, hub.mode=subscribe&hub.challenge=a+b&signature=s&echostr=2",
    "onfleet, echostr=1&check=2",
    "challenge, check=a+b&challenge=2"
  })
  void aQueryIsLookedThroughInTheOrderOfSendersUntilOneFits(String name, String query) {
    assertHandshake(name, get(query));
    List<String> pairs = new ArrayList<>(List.of(query.split("&", -1)));
    assertHandshake(name, get(String.join("&", pairs.reversed())));
  }

  @Test
  void headersDecideBeforeTheQueryAndTheQueryBeforeTheBody() {
    assertHandshake("okta", get("challenge=q").header("x-okta-verification-challenge", "v1"));
    assertHandshake(
        "front",
        json("{\"challenge\":\"m1\"}")
            .query("validationToken=abc")
            .header("x-front-challenge", "f1"));
    assertHandshake("challenge", json("{\"challenge\":\"m1\"}").query("validationToken=abc"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"verification\"}",
        "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"plain-91ab\"}}",
        "{\"type\":1}",
        "{\"verification_token\":\"secret_1\"}"
      })
  void whatNeedsASecretOrAnotherStatusGetsThePlain200(String body) {
    assertOrdinary(json(body));
  }

  @Test
  @Shows("S18")
  void aNavigationOfABrowserIsAnOrdinaryRequest() {
    assertOrdinary(get("challenge=abc123").header("sec-fetch-mode", "navigate"));
    assertPasses(
        "challenge", TEXT, "abc123", get("challenge=abc123").header("sec-fetch-mode", "cors"));
  }

  @ParameterizedTest
  @CsvSource({"GET,256", "POST,1024"})
  void aValueIsReturnedUpToItsLimit(String method, int limit) {
    String longest = "v".repeat(limit);
    assertPasses(
        "microsoft", TEXT, longest, event(method, PATH).query("validationToken=" + longest));
    assertOrdinary(event(method, PATH).query("validationToken=" + longest + "v"));
  }

  @Test
  void aJsonChallengeIsLookedForInBodiesOfUpTo4096Bytes() {
    String body = "{\"challenge\":\"c1\",\"token\":\"%s\"}";
    int rest = 4096 - body.length() + 2;
    assertPasses(
        "challenge", JSON, "{\"challenge\":\"c1\"}", json(body.formatted("t".repeat(rest))));
    assertOrdinary(json(body.formatted("t".repeat(rest + 1))));
  }

  @Test
  void eventGridsCodeIsLookedForInBodiesOfUpTo4096Bytes() {
    String body = "[{\"data\":{\"validationCode\":\"vc\"},\"topic\":\"%s\"}]";
    int rest = 4096 - body.length() + 2;
    assertPasses(
        "event-grid",
        JSON,
        "{\"validationResponse\":\"vc\"}",
        json(body.formatted("t".repeat(rest))).header("aeg-event-type", "SubscriptionValidation"));
    assertOrdinary(
        json(body.formatted("t".repeat(rest + 1)))
            .header("aeg-event-type", "SubscriptionValidation"));
  }

  @Test
  void salesforcesNamespaceStandsInTheFirst4096Bytes() {
    String start = "<notifications xmlns='http://soap.sforce.com/2005/09/outbound'";
    String at = " ".repeat(4096 - start.length()) + start + ">";
    assertHandshake("salesforce", post().header("content-type", "text/xml").text(at));
    assertOrdinary(post().header("content-type", "text/xml").text(" " + at));
  }

  @Test
  void preludesNumberHas18Digits() {
    String query = "event=activate&verification_token=t&challenge=";
    String longest = "9".repeat(18);
    assertPasses("prelude", JSON, longest, get(query + longest));
    assertPasses("challenge", TEXT, longest + "9", get(query + longest + "9"));
  }

  @Test
  void aBodyThatIsTooLargeIsNoHandshake() {
    GatewayResponse response =
        send(
            post()
                .header("content-type", "application/x-www-form-urlencoded")
                .header("x-twilio-signature", "s")
                .bytes(new byte[CapturedBody.MAX_BYTES + 1]));
    assertEquals(413, response.status());
    assertEquals(Optional.empty(), lastCapture().response());
  }

  @Test
  void anOperatorTurnsHandshakesOff() {
    environment.put("HANDSHAKES", "off");
    assertOrdinary(json("{\"challenge\":\"m1\"}"));
  }

  @Test
  @Shows("S18")
  void nothingThatIsReturnedLeavesPrintableAscii() {
    Random random = new Random(18);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder query = new StringBuilder();
      while (random.nextInt(5) != 0) {
        query.append(
            List.of(
                    "challenge=",
                    "check=",
                    "hub.mode=subscribe&hub.challenge=",
                    "&",
                    "%0",
                    "d",
                    "%0a",
                    "validationToken=",
                    "a",
                    "+",
                    "%",
                    "\u00e9",
                    "%c2%a0")
                .get(random.nextInt(13)));
      }
      GatewayResponse response = send(get(query.toString()));
      assertTrue(body(response).chars().allMatch(c -> c >= ' ' && c <= '~'), query.toString());
      response
          .headers()
          .forEach(
              (name, value) -> assertTrue(value.chars().allMatch(c -> c >= ' ' && c <= '~'), name));
    }
  }

  private GatewayResponse assertPasses(
      String name, String contentType, String body, Events request) {
    GatewayResponse response = assertHandshake(name, request);
    assertEquals(contentType, response.headers().get("content-type"));
    assertEquals(body, body(response));
    return response;
  }

  private GatewayResponse assertHandshake(String name, Events request) {
    GatewayResponse response = send(request);
    assertEquals(200, response.status());
    assertEquals(Optional.of(new DecidedResponse.OfHandshake(200, name)), lastCapture().response());
    assertEquals("sandbox; default-src 'none'", response.headers().get("content-security-policy"));
    assertEquals("nosniff", response.headers().get("x-content-type-options"));
    assertEquals("no-store", response.headers().get("cache-control"));
    return response;
  }

  /** The plain 200, and nothing of a handshake in the capture. */
  private void assertOrdinary(Events request) {
    GatewayResponse response = send(request);
    assertEquals(200, response.status());
    assertEquals(Optional.empty(), lastCapture().response());
    if (!request.method().equals("HEAD")) {
      assertEquals("{\"id\":\"" + lastCapture().id() + "\"}", body(response));
    }
  }

  private Capture lastCapture() {
    EnvelopeReading reading = EnvelopeReader.read(queue.messages().getLast());
    return ((EnvelopeReading.Read) reading).capture();
  }

  private GatewayResponse send(Events request) {
    Clock clock = Clock.fixed(Captures.RECEIVED_AT, ZoneOffset.UTC);
    return new Intake(
            HookPath.PLAIN,
            IntakeSettings.from(new Environment(environment)),
            queue,
            Optional.empty(),
            new CaptureIds(clock, new Random(1)),
            clock,
            new EventLog(_ -> {}, clock),
            Responder.BY_SHAPE)
        .respond(request.open())
        .response();
  }

  private static String body(GatewayResponse response) {
    return new String(response.body().toByteArray(), StandardCharsets.UTF_8);
  }

  private static Events get(String query) {
    return event("GET", PATH).query(query);
  }

  private static Events post() {
    return event("POST", PATH);
  }

  private static Events json(String body) {
    return post().header("content-type", JSON).text(body);
  }
}
