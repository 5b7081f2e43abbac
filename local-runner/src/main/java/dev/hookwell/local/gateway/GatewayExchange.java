package dev.hookwell.local.gateway;

import dev.hookwell.capture.Header;
import dev.hookwell.local.machine.ListenAddresses;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Receives one request, and sends its response. All of it runs on the connection's event loop, but
 * for {@link #bodyIsDone}. A request that breaks off makes no event.
 */
final class GatewayExchange {
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  /** In the order of HTTP's own list; it must come with a 405 (RFC 9110, 15.5.6). */
  private static final String ALLOW = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

  /** The characters of a name or an address and a port (RFC 9110, 7.2), in any order. */
  private static final Predicate<String> IS_HOST =
      Pattern.compile("[A-Za-z0-9\\[\\]:%._~!$&'()*+,;=-]*").asMatchPredicate();

  /**
   * Bytes that are kept of a body that is sent to no hook. Calls of the API take 4 KiB, and see by
   * the rest that the body was longer.
   */
  private static final int CALL_BODY = 8 * 1024;

  /**
   * A response of up to so many bytes takes nothing of the share of responses: it is counted with
   * its connection.
   */
  private static final int SMALL_RESPONSE = 4 * 1024;

  private final HttpServerRequest request;
  private final GatewaySettings settings;
  private final GatewayConnection connection;
  private final GatewayConnections connections;
  private final GatewayConnections.BodyRoom room;
  private final RequestBody body = new RequestBody();
  private int kept;
  private long received;
  private boolean answered;

  GatewayExchange(
      HttpServerRequest request,
      GatewaySettings settings,
      GatewayConnection connection,
      GatewayConnections connections) {
    this.request = request;
    this.settings = settings;
    this.connection = connection;
    this.connections = connections;
    this.room = connections.bodyRoom();
  }

  /**
   * Reads the request, or refuses it.
   *
   * @param whole takes the request once all of it has arrived; must not block
   */
  void receive(Consumer<IncomingRequest> whole) {
    connection.begins(this);
    request.exceptionHandler(this::fail);
    Optional<RequestTarget> target = RequestTarget.parse(request.uri());
    if (target.isEmpty() || isAmbiguous()) {
      respond(WireResponse.refusal(400, "Bad Request"));
    } else if (!METHODS.contains(request.method())) {
      request.response().putHeader("allow", ALLOW);
      respond(WireResponse.refusal(405, "Method Not Allowed"));
    } else if (headBytes() > settings.maxHeadBytes()) {
      respond(WireResponse.refusal(431, "Request Header Fields Too Large"));
    } else if (declaredBytes() > settings.maxPayloadBytes()) {
      respond(WireResponse.refusal(413, "Request Entity Too Large"));
    } else {
      // A longer body would alone make a larger event than Lambda takes, so it is not kept.
      kept = target.get().isHook() ? settings.maxEventBytes() : CALL_BODY;
      if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
        request.response().writeContinue();
      }
      request.handler(chunk -> append(chunk, target.get().isHook()));
      request.endHandler(_ -> complete(target.get(), whole));
    }
  }

  /** Refuses a request that the HTTP decoder could not read. */
  void refuse(WireResponse refusal) {
    connection.begins(this);
    request.exceptionHandler(_ -> {});
    respond(refusal);
  }

  private void append(Buffer chunk, boolean isHook) {
    received += chunk.length();
    if (answered) {
      return;
    }
    if (received > settings.maxPayloadBytes() || (isHook && received > kept)) {
      respond(WireResponse.refusal(413, "Request Entity Too Large"));
      return;
    }
    int fits = Math.min(chunk.length(), kept - body.size());
    if (!body.append(fits == chunk.length() ? chunk : chunk.getBuffer(0, fits), room)) {
      respond(WireResponse.busy());
    }
  }

  /** Bytes of the body that have come. */
  long received() {
    return received;
  }

  /** Whether its body has taken bytes of the share of small, or of large, bodies. */
  boolean hasBody(boolean small) {
    return room.has(small);
  }

  private void complete(RequestTarget target, Consumer<IncomingRequest> whole) {
    if (answered) {
      return;
    }
    if (target.isHook() && body.size() != received) {
      // A piece found no room in memory, and no capture may have a gap.
      respond(WireResponse.busy());
      return;
    }
    connection.isWhole();
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : request.headers()) {
      headers.add(new Header(header.getKey(), header.getValue()));
    }
    whole.accept(
        new IncomingRequest(
            request.method().name(),
            target,
            request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1",
            headers,
            body,
            ListenAddresses.canonical(request.remoteAddress().hostAddress()),
            request.localAddress().port()));
  }

  /** The body is not needed any more. */
  void bodyIsDone() {
    body.clear();
    room.give();
  }

  /**
   * The request broke off, or its chunks are malformed. A sender that is gone needs no response.
   */
  private void fail(Throwable cause) {
    if (connection.phase() == GatewayConnection.Phase.BODY) {
      if (cause instanceof IOException) {
        bodyIsDone();
      } else {
        respond(WireResponse.refusal(400, "Bad Request"));
      }
    }
  }

  /** Refuses an upload that is too slow. */
  void timeOut() {
    respond(WireResponse.timeout());
  }

  /** Whether another server could read the same bytes as another request. */
  private boolean isAmbiguous() {
    List<String> hosts = request.headers().getAll("host");
    List<String> encodings = request.headers().getAll("transfer-encoding");
    if (request.version() == HttpVersion.HTTP_1_0) {
      return hosts.size() > 1 || !encodings.isEmpty() || !hosts.stream().allMatch(IS_HOST);
    }
    boolean chunkedOrNone = encodings.stream().allMatch("chunked"::equalsIgnoreCase);
    return hosts.size() != 1
        || !IS_HOST.test(hosts.getFirst())
        || encodings.size() > 1
        || !chunkedOrNone
        || hasUnsaidBody();
  }

  /**
   * Whether Netty reads eight bytes as a body that no header declares. It does so for a WebSocket's
   * handshake as drafted in 2010.
   */
  private boolean hasUnsaidBody() {
    return request.headers().contains("sec-websocket-key1")
        && request.headers().contains("sec-websocket-key2")
        && !request.headers().contains("content-length");
  }

  /** Sends the response. The sender may be gone by then; that is nobody's failure. */
  void respond(WireResponse response) {
    if (answered) {
      return;
    }
    answered = true;
    boolean refused = connection.phase() == GatewayConnection.Phase.BODY;
    if (refused) {
      bodyIsDone();
    }
    HttpServerResponse out = request.response();
    if (out.closed() || connection.isRefused()) {
      return;
    }
    int size = response.body().size();
    boolean counted = size > SMALL_RESPONSE;
    WireResponse sent = counted && !connections.takeResponse(size) ? WireResponse.busy() : response;
    if (sent.last()) {
      connection.refuse();
      out.putHeader("connection", "close");
    } else {
      connection.responds(size, counted ? size : 0);
    }
    write(out, sent).onComplete(_ -> connection.responded());
  }

  private Future<Void> write(HttpServerResponse out, WireResponse response) {
    out.setStatusCode(response.status());
    for (Header header : response.headers()) {
      out.headers().add(header.name(), header.value());
    }
    boolean head = request.method().equals(HttpMethod.HEAD);
    // Our functions leave the body out for HEAD themselves, and then its length is not known.
    if (response.mayHaveBody() && !(head && response.body().isEmpty())) {
      out.putHeader("content-length", Integer.toString(response.body().size()));
    }
    return head || !response.mayHaveBody()
        ? out.end()
        : out.end(Buffer.buffer(response.body().toByteArray()));
  }

  /** Bytes of the request line and the headers on the wire. */
  private long headBytes() {
    long bytes = length(request.method().name(), request.uri(), "  HTTP/1.1\r\n");
    for (Map.Entry<String, String> header : request.headers()) {
      bytes += length(header.getKey(), ": ", header.getValue(), "\r\n");
    }
    return bytes;
  }

  private static long length(String... parts) {
    long length = 0;
    for (String part : parts) {
      length += part.length();
    }
    return length;
  }

  private long declaredBytes() {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
