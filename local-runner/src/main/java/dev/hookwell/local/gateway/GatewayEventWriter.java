package dev.hookwell.local.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hookwell.capture.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Writes a request as the event of an API Gateway HTTP API, payload format 2.0. Thread-safe when
 * its random generator is.
 */
final class GatewayEventWriter {
  static final String HOOK_ROUTE = "ANY /h/{proxy+}";
  static final String SCRIPT_ROUTE = "ANY /s/{proxy+}";
  static final String DEFAULT_ROUTE = "$default";

  private static final Set<String> TEXT_TYPES =
      Set.of("application/json", "application/xml", "application/javascript");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final String ACCOUNT = "000000000000";
  private static final String API = "local";
  private static final String DOMAIN = "localhost";

  /** Bytes that an event has besides its body, roughly. */
  private static final int HEAD_BYTES = 2048;

  private final JsonFactory json = new JsonFactory();
  private final GatewaySettings settings;
  private final Clock clock;
  private final RandomGenerator random;

  GatewayEventWriter(GatewaySettings settings, Clock clock, RandomGenerator random) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /** The event in UTF-8; empty when it is larger than Lambda takes. */
  Optional<BoundedOutput> write(IncomingRequest request, String requestId) {
    long body = bodyBytes(request);
    if (body > settings.maxEventBytes()) {
      return Optional.empty();
    }
    BoundedOutput out = new BoundedOutput(settings.maxEventBytes(), HEAD_BYTES + body);
    try (JsonGenerator event = json.createGenerator(out)) {
      Instant now = clock.instant();
      TrustedProxies.Origin origin = settings.proxies().of(request);
      EdgeHeaders edge = EdgeHeaders.of(request, origin, traceId(now), settings.originSecret());
      event.writeStartObject();
      event.writeStringField("version", "2.0");
      event.writeStringField("routeKey", routeKey(request));
      event.writeStringField("rawPath", request.target().path());
      event.writeStringField("rawQueryString", request.target().query());
      if (!edge.cookies().isEmpty()) {
        event.writeArrayFieldStart("cookies");
        for (String cookie : edge.cookies()) {
          event.writeString(cookie);
        }
        event.writeEndArray();
      }
      writeMap(event, "headers", edge.headers());
      if (!request.target().query().isEmpty()) {
        writeMap(event, "queryStringParameters", request.target().parameters());
      }
      writeContext(event, request, origin.client(), edge, requestId, now);
      if (request.target().isHook()) {
        writeMap(
            event,
            "pathParameters",
            Map.of("proxy", request.target().path().substring("/h/".length())));
      }
      writeBody(event, request);
      event.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.exceeded() ? Optional.empty() : Optional.of(out);
  }

  /** The bytes that the body takes in the event, at least. */
  static long bodyBytes(IncomingRequest request) {
    return isText(request) ? request.body().jsonLength() : (request.body().size() + 2L) / 3 * 4;
  }

  private static boolean isText(IncomingRequest request) {
    return isText(header(request, "content-type")) && !isEncoded(request);
  }

  /** All its values, joined as the gateway joins them. */
  private static String header(IncomingRequest request, String name) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .collect(Collectors.joining(","));
  }

  private static String routeKey(IncomingRequest request) {
    if (request.target().isScripted()) {
      return SCRIPT_ROUTE;
    }
    return request.target().isHook() ? HOOK_ROUTE : DEFAULT_ROUTE;
  }

  private static void writeContext(
      JsonGenerator event,
      IncomingRequest request,
      String client,
      EdgeHeaders edge,
      String requestId,
      Instant now)
      throws IOException {
    event.writeObjectFieldStart("requestContext");
    event.writeStringField("accountId", ACCOUNT);
    event.writeStringField("apiId", API);
    event.writeStringField("domainName", DOMAIN);
    event.writeStringField("domainPrefix", DOMAIN);
    event.writeObjectFieldStart("http");
    event.writeStringField("method", request.method());
    event.writeStringField("path", request.target().path());
    event.writeStringField("protocol", request.protocol());
    event.writeStringField("sourceIp", client);
    event.writeStringField("userAgent", edge.headers().getOrDefault("user-agent", ""));
    event.writeEndObject();
    event.writeStringField("requestId", requestId);
    event.writeStringField("routeKey", routeKey(request));
    event.writeStringField("stage", "$default");
    event.writeStringField("time", TIME.format(now));
    event.writeNumberField("timeEpoch", now.toEpochMilli());
    event.writeEndObject();
  }

  private static void writeBody(JsonGenerator event, IncomingRequest request) throws IOException {
    RequestBody body = request.body();
    if (body.isEmpty()) {
      event.writeBooleanField("isBase64Encoded", false);
    } else if (isText(request)) {
      // Invalid UTF-8 becomes U+FFFD here, as it is assumed to do in the cloud.
      event.writeStringField("body", body.text());
      event.writeBooleanField("isBase64Encoded", false);
    } else {
      event.writeFieldName("body");
      event.writeBinary(body.open(), body.size());
      event.writeBooleanField("isBase64Encoded", true);
    }
  }

  /**
   * Whether the sender compressed the body. It is binary then, regardless of its type: AWS
   * documents that of its load balancers, and it is assumed here of its gateway.
   */
  private static boolean isEncoded(IncomingRequest request) {
    String coding = header(request, "content-encoding").strip();
    return !coding.isEmpty() && !coding.equalsIgnoreCase("identity");
  }

  /** Whether the gateway hands a body of this type on as text; everything else is base64. */
  static boolean isText(String contentType) {
    String[] parts = contentType.split(";", -1);
    String type = parts[0].strip().toLowerCase(Locale.ROOT);
    if (!type.startsWith("text/") && !TEXT_TYPES.contains(type)) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      if (parameter.length == 2
          && parameter[0].strip().equalsIgnoreCase("charset")
          && !parameter[1].strip().replace("\"", "").equalsIgnoreCase("utf-8")) {
        return false;
      }
    }
    return true;
  }

  private static void writeMap(JsonGenerator event, String name, Map<String, String> map)
      throws IOException {
    event.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      event.writeStringField(entry.getKey(), entry.getValue());
    }
    event.writeEndObject();
  }

  private String traceId(Instant now) {
    byte[] unique = new byte[12];
    random.nextBytes(unique);
    return "Root=1-%08x-%s".formatted((int) now.getEpochSecond(), HexFormat.of().formatHex(unique));
  }
}
