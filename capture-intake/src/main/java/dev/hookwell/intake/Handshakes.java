package dev.hookwell.intake;

import dev.hookwell.capture.Body;
import dev.hookwell.capture.GatewayRequest;
import dev.hookwell.capture.GatewayResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Recognises the handshakes that can be passed from the shape of the request alone: the sender
 * wants a value of its request back, or a fixed text. The search goes through marker headers, then
 * the query, then the body. The first that fits decides; a marker without the rest of its shape
 * does not end the search. The shapes are those of {@code docs/handshakes.md}.
 *
 * <p>A value is returned only where it is printable ASCII: for a GET at most 256 characters without
 * a space, for any other request at most 1,024 characters. A repeated parameter, a repeated header
 * (its values arrive joined by a comma) and a navigation of a browser are no handshake.
 */
final class Handshakes {
  private static final int LONGEST_VALUE = 1024;
  private static final int LONGEST_VALUE_OF_GET = 256;

  /** RingCentral refuses a response of over 1,024 bytes, headers included. */
  private static final int LONGEST_RINGCENTRAL_TOKEN = 256;

  /**
   * How many bytes of a body are searched for Salesforce's namespace, which stands at its start.
   */
  private static final int SALESFORCE_START = 4096;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String XML = "text/xml; charset=utf-8";

  private static final Pattern SALESFORCE =
      Pattern.compile(
          "<(?:\\w{1,64}:)?notifications\\s[^>]{0,1024}[\"']http://soap\\.sforce\\.com/2005/09/outbound[\"']");

  private static final String SALESFORCE_ACKNOWLEDGEMENT =
      "<soapenv:Envelope"
          + " xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><notificationsResponse"
          + " xmlns=\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack>"
          + "</notificationsResponse></soapenv:Body></soapenv:Envelope>";

  /**
   * A header that marks a sender's handshake.
   *
   * @param handshake gives the handshake for a value of the header, if the rest of the request fits
   */
  private record Marker(
      String header, BiFunction<Handshakes, String, Optional<Handshake>> handshake) {}

  private static final List<Marker> MARKERS =
      List.of(
          new Marker("twitch-eventsub-message-type", Handshakes::twitch),
          new Marker("aeg-event-type", Handshakes::eventGrid),
          new Marker("smartsheet-hook-challenge", Handshakes::smartsheet),
          new Marker("x-front-challenge", Handshakes::front),
          new Marker("x-hook-secret", Handshakes::asana),
          new Marker("validation-token", Handshakes::ringCentral),
          new Marker("x-okta-verification-challenge", Handshakes::okta),
          new Marker("webhook-request-origin", (handshakes, _) -> handshakes.cloudEvents()),
          new Marker("x-twilio-signature", (handshakes, _) -> handshakes.twilio()));

  private final GatewayRequest request;
  private final Body body;

  private Handshakes(GatewayRequest request, Body body) {
    this.request = request;
    this.body = body;
  }

  /**
   * The handshake that a request is, if it is one.
   *
   * @param body as delivered
   */
  static Optional<Handshake> find(GatewayRequest request, Body body) {
    if (request.header("sec-fetch-mode").filter("navigate"::equals).isPresent()) {
      return Optional.empty();
    }
    return new Handshakes(request, body).find();
  }

  private Optional<Handshake> find() {
    return fromHeaders().or(this::fromQuery).or(this::fromBody);
  }

  /** Tries the markers in their own order, not in that of the headers. */
  private Optional<Handshake> fromHeaders() {
    for (Marker marker : MARKERS) {
      Optional<Handshake> handshake =
          request.header(marker.header()).flatMap(value -> marker.handshake().apply(this, value));
      if (handshake.isPresent()) {
        return handshake;
      }
    }
    return Optional.empty();
  }

  private Optional<Handshake> twitch(String messageType) {
    return messageType.equals("webhook_callback_verification")
        ? post()
            .flatMap(_ -> JsonChallenge.of(body))
            .flatMap(challenge -> value(challenge.value()))
            .map(value -> text("twitch", value))
        : Optional.empty();
  }

  private Optional<Handshake> eventGrid(String eventType) {
    return eventType.equals("SubscriptionValidation")
        ? post()
            .flatMap(_ -> JsonChallenge.validationCode(body))
            .flatMap(this::value)
            .map(code -> json("event-grid", "validationResponse", code))
        : Optional.empty();
  }

  private Optional<Handshake> smartsheet(String challenge) {
    return post()
        .flatMap(_ -> single(challenge))
        .map(value -> {
          Handshake handshake = json("smartsheet", "smartsheetHookResponse", value);
          return new Handshake(
              handshake.name(),
              handshake.response().with(Map.of("smartsheet-hook-response", value)));
        });
  }

  private Optional<Handshake> front(String challenge) {
    return post().flatMap(_ -> single(challenge)).map(value -> json("front", "challenge", value));
  }

  private Optional<Handshake> okta(String challenge) {
    return get().flatMap(_ -> single(challenge)).map(value -> json("okta", "verification", value));
  }

  /** The value is the secret by which later deliveries are signed. */
  private Optional<Handshake> asana(String secret) {
    boolean bare = body.size() <= 2 && (body.isEmpty() || start().equals("{}"));
    return post()
        .filter(_ -> bare)
        .flatMap(_ -> single(secret))
        .map(value -> empty("asana", Map.of("x-hook-secret", value)));
  }

  private Optional<Handshake> ringCentral(String token) {
    return post()
        .flatMap(_ -> single(token))
        .filter(value -> value.length() <= LONGEST_RINGCENTRAL_TOKEN)
        .map(value -> empty(Handshake.RINGCENTRAL, Map.of("validation-token", value)));
  }

  /** Allows every origin and rate, so that nothing of the request is returned. */
  private Optional<Handshake> cloudEvents() {
    return request.method().equals("OPTIONS")
        ? Optional.of(
            empty(
                "cloudevents",
                Map.of(
                    "webhook-allowed-origin", "*", "webhook-allowed-rate", "*", "allow", "POST")))
        : Optional.empty();
  }

  /** Twilio expects TwiML in response to every delivery. */
  private Optional<Handshake> twilio() {
    return post()
        .filter(_ -> isContent("application/x-www-form-urlencoded"))
        .map(_ -> new Handshake("twilio", GatewayResponse.text(200, XML, "<Response/>")));
  }

  private Optional<Handshake> fromQuery() {
    boolean readsQuery = get().isPresent() || (post().isPresent() && body.isEmpty());
    if (request.query().isEmpty() || !readsQuery) {
      return Optional.empty();
    }
    QueryParameters parameters = QueryParameters.of(request.query());
    Optional<Handshake> microsoft = microsoft(parameters);
    return microsoft.isPresent() || get().isEmpty()
        ? microsoft
        : hub(parameters)
            .or(() -> weChat(parameters))
            .or(() -> echo(parameters, "check").map(value -> text("onfleet", value)))
            .or(() -> echo(parameters, "challenge").map(value -> challenge(parameters, value)));
  }

  private Optional<Handshake> microsoft(QueryParameters parameters) {
    return get()
        .or(this::post)
        .filter(_ -> body.isEmpty())
        .flatMap(_ -> parameters.onceInAnyCase("validationtoken"))
        .flatMap(this::value)
        .map(value -> text("microsoft", value));
  }

  private Optional<Handshake> hub(QueryParameters parameters) {
    return parameters
        .once("hub.mode")
        .filter("subscribe"::equals)
        .flatMap(_ -> echo(parameters, "hub.challenge"))
        .map(value -> text(parameters.has("hub.topic") ? "websub" : "meta", value));
  }

  private Optional<Handshake> weChat(QueryParameters parameters) {
    return parameters
        .once("signature")
        .flatMap(_ -> echo(parameters, "echostr"))
        .map(value -> text("wechat", value));
  }

  private Optional<String> echo(QueryParameters parameters, String name) {
    return parameters.once(name).flatMap(this::value);
  }

  private static Handshake challenge(QueryParameters parameters, String value) {
    boolean prelude =
        parameters.once("event").filter("activate"::equals).isPresent()
            && parameters.has("verification_token")
            && value.matches("0|[1-9][0-9]{0,17}");
    return prelude
        ? new Handshake(
            "prelude", GatewayResponse.text(200, GatewayResponse.APPLICATION_JSON, value))
        : text("challenge", value);
  }

  private Optional<Handshake> fromBody() {
    if (post().isEmpty() || body.isEmpty()) {
      return Optional.empty();
    }
    if (isContent("application/json")) {
      return JsonChallenge.of(body)
          .filter(JsonChallenge::bare)
          .flatMap(challenge ->
              value(challenge.value())
                  .map(value ->
                      json(
                          challenge.type().equals("url_verification") ? "slack" : "challenge",
                          "challenge",
                          value)));
    }
    return isContent("text/xml") && SALESFORCE.matcher(start()).find()
        ? Optional.of(
            new Handshake("salesforce", GatewayResponse.text(200, XML, SALESFORCE_ACKNOWLEDGEMENT)))
        : Optional.empty();
  }

  private Optional<String> get() {
    return Optional.of("GET").filter(request.method()::equals);
  }

  private Optional<String> post() {
    return Optional.of("POST").filter(request.method()::equals);
  }

  private boolean isContent(String type) {
    String given = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    return given.equals(type) || given.startsWith(type + ";") || given.startsWith(type + " ");
  }

  private String start() {
    byte[] bytes = new byte[Math.min(body.size(), SALESFORCE_START)];
    try (var in = body.open()) {
      int length = in.readNBytes(bytes, 0, bytes.length);
      return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /** The value if it may be returned. */
  private Optional<String> value(String value) {
    boolean get = request.method().equals("GET");
    int longest = get ? LONGEST_VALUE_OF_GET : LONGEST_VALUE;
    int first = get ? '!' : ' ';
    return value.isBlank()
            || value.length() > longest
            || value.chars().anyMatch(c -> c < first || c > '~')
        ? Optional.empty()
        : Optional.of(value);
  }

  /** The value of a header that was sent once. */
  private Optional<String> single(String header) {
    return header.indexOf(',') < 0 ? value(header) : Optional.empty();
  }

  private static Handshake text(String name, String value) {
    return new Handshake(name, GatewayResponse.text(200, TEXT, value));
  }

  private static Handshake empty(String name, Map<String, String> headers) {
    return new Handshake(name, GatewayResponse.text(200, TEXT, "").with(headers));
  }

  static Handshake json(String name, String field, String value) {
    return new Handshake(
        name, GatewayResponse.json(200, json -> json.writeStringField(field, value)));
  }
}
